// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import io.mows.channel.security.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes certificates with the JDK's keytool. */
public final class TestCertificates {
  private static final char[] PASSWORD = "password".toCharArray();

  private TestCertificates() {}

  /**
   * A new certificate that is its own CA, as PEM files in {@code dir}.
   *
   * @param addresses the IP addresses that it names
   */
  public static TlsFiles create(Path dir, String... addresses) throws Exception {
    String names = Stream.of(addresses).map(a -> ",ip:" + a).collect(Collectors.joining());
    Path store = dir.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "worker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=worker",
                "-ext",
                "SAN=dns:worker" + names,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("keytool.log").toFile())
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException("keytool: " + Files.readString(dir.resolve("keytool.log")));
    }
    return exportPem(dir, KeyStore.getInstance(store.toFile(), PASSWORD));
  }

  private static TlsFiles exportPem(Path dir, KeyStore keys)
      throws IOException, GeneralSecurityException {
    Path certificate = dir.resolve("cert.pem");
    Path key = dir.resolve("key.pem");
    writePem(certificate, "CERTIFICATE", keys.getCertificate("worker").getEncoded());
    writePem(key, "PRIVATE KEY", keys.getKey("worker", PASSWORD).getEncoded());
    return new TlsFiles(certificate, key, certificate);
  }

  private static void writePem(Path file, String label, byte[] bytes) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
  }
}
