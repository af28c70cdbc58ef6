// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import static io.mows.alluxio.conf.Refusals.assertRefused;
import static io.mows.alluxio.conf.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.security.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecurityConfTest {
  private static final String SECRET = "alluxio.mows.security.secret.file";
  private static final String TLS = "alluxio.mows.security.tls.enabled";
  private static final String CERTIFICATE = "alluxio.mows.security.tls.certificate.file";
  private static final String KEY = "alluxio.mows.security.tls.key.file";
  private static final String TRUST = "alluxio.mows.security.tls.trust.file";

  @TempDir Path dir;

  private static SecurityConf of(Map<String, String> values) {
    return MowsConf.of(values).security();
  }

  private Path secret(String text, String permissions) throws IOException {
    Path file = Files.writeString(dir.resolve("secret"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private String pem(String name) throws IOException {
    return Files.writeString(dir.resolve(name), "PEM").toString();
  }

  private Map<String, String> tls() throws IOException {
    return Map.of(
        TLS, "true", CERTIFICATE, pem("worker.pem"), KEY, pem("key.pem"), TRUST, pem("ca.pem"));
  }

  @Test
  void shouldNotTrustTheNetworkWhenNothingIsSet() {
    SecurityConf conf = of(Map.of());
    assertFalse(conf.insecure());
    assertEquals(Optional.empty(), conf.secretFile());
    assertTrue(conf.tls().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "rw-r-----", "r--rw----"})
  void shouldTakeASecretThatTheGroupMayRead(String permissions) throws IOException {
    Path file = secret("0123456789abcdef\n", permissions);
    assertEquals(Optional.of(file), of(Map.of(SECRET, file.toString())).secretFile());
  }

  @Test
  void shouldRefuseASecretFileThatIsNotOne() {
    assertRefused(SECRET, dir.resolve("missing").toString(), "create it with the same secret");
    assertRefused(SECRET, dir.toString(), "name the file that holds the secret");
    assertRefused(SECRET, "secret", "an absolute path");
  }

  @Test
  void shouldRefuseASecretThatIsNotOne() throws IOException {
    assertRefused(SECRET, secret("", "rw-------").toString(), "openssl rand -hex 32");
    assertRefused(
        SECRET,
        secret("0123456789abcde\n", "rw-------").toString(),
        "only 15 bytes in line 1; each line is a secret: use at least 16");
    assertRefused(SECRET, secret("0123456789abcdef", "rw-r--r--").toString(), "chmod 600");
  }

  @Test
  void shouldRefuseASecretThatNobodyLooksAt() throws IOException {
    String insecure = "alluxio.mows.security.insecure";
    assertTrue(of(Map.of(insecure, "true")).insecure());
    String file = secret("0123456789abcdef", "rw-------").toString();
    MowsConfException refused =
        assertThrows(MowsConfException.class, () -> of(Map.of(insecure, "true", SECRET, file)));
    assertTrue(refused.getMessage().contains(insecure), refused::getMessage);
  }

  @Test
  void shouldReadTheFilesOfTls() throws IOException {
    TlsFiles files = of(tls()).tls().orElseThrow();
    assertEquals(dir.resolve("worker.pem"), files.certificates());
    assertEquals(dir.resolve("key.pem"), files.key());
    assertEquals(dir.resolve("ca.pem"), files.trusted());
  }

  @Test
  void shouldNotMindTheFilesOfTlsWhenItIsOff() throws IOException {
    Map<String, String> values = new HashMap<>(tls());
    values.put(TLS, "false");
    values.put(KEY, "missing");
    assertTrue(of(values).tls().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {CERTIFICATE, KEY, TRUST})
  void shouldRefuseTlsWithoutAllItsFiles(String key) throws IOException {
    assertRefused(tls(), key, "", "or set alluxio.mows.security.tls.enabled=false");
    assertRefused(tls(), key, dir.resolve("missing").toString(), "it does not exist");
    assertRefused(tls(), key, dir.toString(), "it cannot be read as a file");
    assertRefused(tls(), key, "worker.pem", "an absolute path");
  }

  @Test
  void shouldRefuseOtherBooleans() {
    assertRefused(TLS, "yes", "true or false");
  }

  @Test
  void shouldReportAllFilesTogether() {
    assertEquals(4, refused(Map.of(TLS, "true", SECRET, "/missing")).mistakes().size());
  }
}
