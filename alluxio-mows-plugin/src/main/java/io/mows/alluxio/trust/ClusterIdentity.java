// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trust;

import io.mows.channel.security.ClusterTrust;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * What tells an Alluxio cluster from others, and what its workers know each other by. Immutable.
 *
 * <pre>
 *   0           1                  17                       49
 *   +-----------+------------------+------------------------+
 *   | version=1 | cluster id (16)  | secret (32)            |
 *   +-----------+------------------+------------------------+
 * </pre>
 */
final class ClusterIdentity {
  private static final byte VERSION = 1;
  private static final int SECRET_BYTES = 32;
  private static final int ID_OFFSET = 1;
  private static final int SECRET_OFFSET = ID_OFFSET + ClusterTrust.ID_BYTES;
  private static final int BYTES = SECRET_OFFSET + SECRET_BYTES;

  private final byte[] bytes;

  private ClusterIdentity(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A new one that no other cluster has. */
  static ClusterIdentity create(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    bytes[0] = VERSION;
    return new ClusterIdentity(bytes);
  }

  /**
   * @throws IOException if {@code bytes} is no identity that this release knows
   */
  static ClusterIdentity parse(byte[] bytes) throws IOException {
    if (bytes.length != BYTES || bytes[0] != VERSION) {
      throw new IOException(
          "The identity of the cluster, the attribute "
              + MasterIdentityStore.ATTRIBUTE
              + " of / at the Alluxio master, is not of this release of MoWS ("
              + bytes.length
              + " bytes, version "
              + (bytes.length == 0 ? "none" : bytes[0])
              + "): put the newest release that is in use on every worker");
    }
    return new ClusterIdentity(bytes.clone());
  }

  byte[] toBytes() {
    return bytes.clone();
  }

  byte[] clusterId() {
    return Arrays.copyOfRange(bytes, ID_OFFSET, SECRET_OFFSET);
  }

  byte[] secret() {
    return Arrays.copyOfRange(bytes, SECRET_OFFSET, BYTES);
  }

  @Override
  public String toString() {
    return "cluster " + ClusterTrust.name(clusterId());
  }
}
