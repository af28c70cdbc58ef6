// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import java.io.File;
import org.apache.ratis.grpc.GrpcTlsConfig;

/**
 * TLS between workers and members and among members, both sides with a certificate: nobody without
 * one gets as far as Raft. Immutable.
 */
public final class LocatorTls {
  private final GrpcTlsConfig config;

  /**
   * @param privateKey PEM, PKCS#8
   * @param certificateChain PEM; must name the host under which others reach it
   * @param trusted PEM, the authorities whose certificates are accepted
   */
  public LocatorTls(File privateKey, File certificateChain, File trusted) {
    this.config = new GrpcTlsConfig(privateKey, certificateChain, trusted, true);
  }

  GrpcTlsConfig config() {
    return config;
  }
}
