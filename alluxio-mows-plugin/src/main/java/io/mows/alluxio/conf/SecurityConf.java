// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import io.mows.channel.security.SecretFile;
import io.mows.channel.security.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How workers prove to each other who they are, checked. Immutable. */
public final class SecurityConf {
  private final boolean insecure;
  private final Optional<Path> secretFile;
  private final Optional<TlsFiles> tls;

  private SecurityConf(boolean insecure, Optional<Path> secretFile, Optional<TlsFiles> tls) {
    this.insecure = insecure;
    this.secretFile = secretFile;
    this.tls = tls;
  }

  static SecurityConf parse(ValueParser parser) {
    Optional<Path> secretFile = parser.path(MowsKey.SECRET_FILE);
    secretFile.ifPresent(file -> checkSecret(parser, file));
    boolean insecure = parser.bool(MowsKey.INSECURE);
    if (insecure && secretFile.isPresent()) {
      parser.mistake(
          MowsKey.INSECURE,
          "no secret is looked at then; set it to false, or remove " + MowsKey.SECRET_FILE.key());
    }
    Optional<TlsFiles> tls = Optional.empty();
    if (parser.bool(MowsKey.TLS_ENABLED)) {
      Path certificates =
          pemFile(parser, MowsKey.TLS_CERTIFICATE_FILE, "this worker's certificate");
      Path key = pemFile(parser, MowsKey.TLS_KEY_FILE, "its private key (PKCS#8)");
      Path trusted = pemFile(parser, MowsKey.TLS_TRUST_FILE, "the certificate of the workers' CA");
      tls = Optional.of(new TlsFiles(certificates, key, trusted));
    }
    return new SecurityConf(insecure, secretFile, tls);
  }

  private static void checkSecret(ValueParser parser, Path file) {
    try {
      SecretFile.read(file);
    } catch (IOException e) {
      parser.mistake(e.getMessage());
    }
  }

  /** A file that must be there; null after a mistake. */
  private static Path pemFile(ValueParser parser, MowsKey key, String holds) {
    if (parser.value(key).isEmpty()) {
      parser.mistake(
          key,
          "name the PEM file with " + holds + ", or set " + MowsKey.TLS_ENABLED.key() + "=false");
    }
    Path file = parser.path(key).orElse(null);
    if (file != null && !(Files.isRegularFile(file) && Files.isReadable(file))) {
      parser.mistake(
          key,
          (Files.exists(file) ? "it cannot be read as a file" : "it does not exist")
              + "; name the PEM file with "
              + holds
              + ", readable by the user of this process");
    }
    return file;
  }

  /** Whether everybody who can reach the ports is a peer. */
  public boolean insecure() {
    return insecure;
  }

  /**
   * The file with the secrets that all workers share; readable when it was checked. Empty: the
   * secret is the one that the Alluxio master keeps for the cluster.
   */
  public Optional<Path> secretFile() {
    return secretFile;
  }

  /** Empty: no TLS. */
  public Optional<TlsFiles> tls() {
    return tls;
  }
}
