// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Which cluster a worker belongs to, and the secrets by which its workers know each other. All keys
 * come from here, and each is made from a secret and the cluster's id: what one cluster signs means
 * nothing to another, even if both have the same secret. Immutable.
 *
 * <p>With several secrets the first signs and all are accepted. So a secret is changed without a
 * gap: first accept the new one everywhere, then sign with it, then forget the old one.
 */
public final class ClusterTrust {
  /** Length of a cluster's id. */
  public static final int ID_BYTES = 16;

  private static final String HMAC = "HmacSHA256";

  private final byte[] clusterId;
  private final List<byte[]> secrets;

  private ClusterTrust(byte[] clusterId, List<byte[]> secrets) {
    if (clusterId.length != ID_BYTES) {
      throw new IllegalArgumentException("A cluster id of " + clusterId.length + " bytes");
    }
    this.clusterId = clusterId.clone();
    this.secrets = new ArrayList<>(secrets);
  }

  /**
   * @param clusterId {@value #ID_BYTES} bytes
   * @param secrets at least one, none empty; the first signs, all are accepted
   */
  public static ClusterTrust of(byte[] clusterId, List<byte[]> secrets) {
    if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length == 0)) {
      throw new IllegalArgumentException("Trust takes a secret");
    }
    return new ClusterTrust(clusterId, secrets);
  }

  /** Whoever says that it belongs to this cluster is believed. */
  public static ClusterTrust insecure(byte[] clusterId) {
    return new ClusterTrust(clusterId, List.of());
  }

  /** Whoever does not say that it belongs to a cluster is believed. */
  public static ClusterTrust insecure() {
    return insecure(new byte[ID_BYTES]);
  }

  /** Nobody is let in, and nobody lets us in: as long as the cluster is not known. */
  public static ClusterTrust nobody() {
    SecureRandom random = new SecureRandom();
    byte[] clusterId = new byte[ID_BYTES];
    byte[] secret = new byte[32];
    random.nextBytes(clusterId);
    random.nextBytes(secret);
    return new ClusterTrust(clusterId, List.of(secret));
  }

  public byte[] clusterId() {
    return clusterId.clone();
  }

  /** For people: enough of the id to tell two clusters apart. */
  public String clusterName() {
    return name(clusterId);
  }

  /** As {@link #clusterName}, of any id. */
  public static String name(byte[] clusterId) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      text.append(String.format("%02x", clusterId[i]));
    }
    return text.toString();
  }

  /** Whether proofs are neither given nor wanted. */
  public boolean isInsecure() {
    return secrets.isEmpty();
  }

  /**
   * The keys for one purpose, in the order of the secrets; none if this is insecure.
   *
   * @param purpose what a key made for one purpose signs means nothing for another one
   */
  public List<byte[]> keys(String purpose) {
    byte[] label = purpose.getBytes(StandardCharsets.US_ASCII);
    byte[] text = Arrays.copyOf(label, label.length + ID_BYTES);
    System.arraycopy(clusterId, 0, text, label.length, ID_BYTES);
    List<byte[]> keys = new ArrayList<>();
    for (byte[] secret : secrets) {
      keys.add(hmac(secret, text));
    }
    return keys;
  }

  static byte[] hmac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + HMAC, e);
    }
  }

  @Override
  public String toString() {
    return "cluster " + clusterName() + (isInsecure() ? " (insecure)" : "");
  }
}
