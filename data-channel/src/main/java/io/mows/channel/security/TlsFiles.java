// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.security;

import java.nio.file.Path;

/**
 * The PEM files of TLS between workers. Both sides show a certificate, and both trust what the CA
 * signed; whoever dials also wants the host or address that it dials among the subject alternative
 * names. Use a CA that signs nothing but the workers of this cluster: who dials is known by that
 * alone. Immutable.
 */
public final class TlsFiles {
  private final Path certificates;
  private final Path key;
  private final Path trusted;

  /**
   * @param certificates this worker's certificate, which names the host or address by which others
   *     know it, then its intermediate ones
   * @param key its private key, PKCS#8, not encrypted
   * @param trusted the CA's certificate
   */
  public TlsFiles(Path certificates, Path key, Path trusted) {
    this.certificates = certificates;
    this.key = key;
    this.trusted = trusted;
  }

  public Path certificates() {
    return certificates;
  }

  public Path key() {
    return key;
  }

  public Path trusted() {
    return trusted;
  }
}
