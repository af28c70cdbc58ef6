// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.security;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

/**
 * Proofs that a worker belongs to the cluster, for the data channel. Immutable.
 *
 * <p>A proof is
 *
 * <pre>
 * key   = HMAC-SHA256(secret, "mows data channel key v2" cluster id)
 * proof = HMAC-SHA256(key, role | len(context) context | len(hello of the dialling side) ...
 *                                                      | len(hello of the accepting side) ...)
 * </pre>
 *
 * <p>Each hello holds 16 fresh random bytes of its side, so no proof is of use a second time. The
 * role (who proves) is part of it, so a proof cannot be sent back to the one who made it. The whole
 * hellos are part of it, so nobody on the way can change the names or options in them. The context
 * is the certificate of the accepting side where there is TLS, so a proof made for one TLS
 * connection is of no use on another. The key is derived, so a proof of the data channel means
 * nothing to other users of the same secret, nor in another cluster. Lengths in front keep fields
 * apart.
 *
 * <p>This proves who is there when the connection starts. It neither hides nor protects the bytes
 * afterwards: that takes TLS.
 */
public final class ChannelSecret {
  /** Length of a proof. */
  public static final int PROOF_BYTES = 32;

  private final List<byte[]> keys;

  private ChannelSecret(List<byte[]> keys) {
    this.keys = keys;
  }

  /**
   * @throws IllegalArgumentException if {@code trust} is insecure
   */
  public static ChannelSecret of(ClusterTrust trust) {
    if (trust.isInsecure()) {
      throw new IllegalArgumentException("No proofs without a secret");
    }
    return new ChannelSecret(trust.keys("mows data channel key v2"));
  }

  /**
   * What {@code role} sends to prove that it knows the secret.
   *
   * @param context what both sides know of the connection besides the hellos, may be empty
   */
  public byte[] proof(Role role, byte[] context, byte[] dialledHello, byte[] acceptedHello) {
    return ClusterTrust.hmac(keys.get(0), text(role, context, dialledHello, acceptedHello));
  }

  private static byte[] text(Role role, byte[] context, byte[] dialledHello, byte[] acceptedHello) {
    ByteBuffer text =
        ByteBuffer.allocate(13 + context.length + dialledHello.length + acceptedHello.length);
    text.put(role.label);
    for (byte[] field : new byte[][] {context, dialledHello, acceptedHello}) {
      text.putInt(field.length).put(field);
    }
    return text.array();
  }

  /**
   * Whether it was made with one of our secrets. Compares in a time that does not depend on where
   * the two differ.
   */
  public boolean isProof(
      byte[] claimed, Role role, byte[] context, byte[] dialledHello, byte[] acceptedHello) {
    byte[] text = text(role, context, dialledHello, acceptedHello);
    boolean proven = false;
    for (byte[] key : keys) {
      proven |= MessageDigest.isEqual(ClusterTrust.hmac(key, text), claimed);
    }
    return proven;
  }

  @Override
  public String toString() {
    return "ChannelSecret(hidden)";
  }

  /** Who proves. */
  public enum Role {
    DIALLED('D'),
    ACCEPTED('A');

    private final byte label;

    Role(char label) {
      this.label = (byte) label;
    }

    public Role other() {
      return this == DIALLED ? ACCEPTED : DIALLED;
    }
  }
}
