// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.security;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that all workers of a cluster share, and the proofs of knowing it. Immutable.
 *
 * <p>A proof is
 *
 * <pre>
 * key   = HMAC-SHA256(secret, "mows data channel key v1")
 * proof = HMAC-SHA256(key, role | len(context) context | len(hello of the dialling side) ...
 *                                                      | len(hello of the accepting side) ...)
 * </pre>
 *
 * <p>Each hello holds 32 fresh random bytes of its side, so no proof is of use a second time. The
 * role (who proves) is part of it, so a proof cannot be sent back to the one who made it. The whole
 * hellos are part of it, so nobody on the way can change the names or options in them. The context
 * is the certificate of the accepting side where there is TLS, so a proof made for one TLS
 * connection is of no use on another. The key is derived, so a proof of the data channel means
 * nothing to other users of the same secret. Lengths in front keep fields apart.
 *
 * <p>This proves who is there when the connection starts. It neither hides nor protects the bytes
 * afterwards: that takes TLS.
 */
public final class ChannelSecret {
  /** Length of a proof. */
  public static final int PROOF_BYTES = 32;

  private static final String HMAC = "HmacSHA256";

  private final SecretKeySpec key;

  private ChannelSecret(byte[] secret) {
    byte[] label = "mows data channel key v1".getBytes(StandardCharsets.US_ASCII);
    this.key = new SecretKeySpec(hmac(new SecretKeySpec(secret, HMAC), label), HMAC);
  }

  /**
   * Reads the secret, see {@link SecretFile#read}.
   *
   * @throws IOException if there is no usable secret; the message says what to do
   */
  public static ChannelSecret load(Path file) throws IOException {
    return new ChannelSecret(SecretFile.read(file));
  }

  /**
   * What {@code role} sends to prove that it knows the secret.
   *
   * @param context what both sides know of the connection besides the hellos, may be empty
   */
  public byte[] proof(Role role, byte[] context, byte[] dialledHello, byte[] acceptedHello) {
    ByteBuffer text =
        ByteBuffer.allocate(13 + context.length + dialledHello.length + acceptedHello.length);
    text.put(role.label);
    for (byte[] field : new byte[][] {context, dialledHello, acceptedHello}) {
      text.putInt(field.length).put(field);
    }
    return hmac(key, text.array());
  }

  /** Compares in a time that does not depend on where the two differ. */
  public boolean isProof(
      byte[] claimed, Role role, byte[] context, byte[] dialledHello, byte[] acceptedHello) {
    return MessageDigest.isEqual(proof(role, context, dialledHello, acceptedHello), claimed);
  }

  private static byte[] hmac(SecretKeySpec key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + HMAC, e);
    }
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
