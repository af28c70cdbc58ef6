// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.wire;

import io.mows.channel.security.ClusterTrust;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that a message of the locator comes from a worker of this cluster: HMAC-SHA256, with a key
 * made from the cluster's secret and its id, over what the message is for, the sender's clock, a
 * random number and the message. With several secrets the first seals and all open. Immutable and
 * thread-safe.
 *
 * <pre>
 *   0        1              9              17                49
 *   +--------+--------------+--------------+-----------------+----------
 *   | form=1 | time, ms (8) | nonce (8)    | MAC (32)        | message
 *   +--------+--------------+--------------+-----------------+----------
 *   | form=0 | message                                            (insecure)
 * </pre>
 *
 * <p>It keeps those without the secret from changing or asking the directory, and from answering in
 * its place. It does not hide anything, and it does not authenticate Raft's own messages between
 * members (votes, heartbeats, who leads): against somebody who can reach the members' port and
 * speaks Raft, or who reads the network, use TLS too. What such a one can do without TLS is to
 * disturb elections and replay old snapshots, not to invent entries: log records and snapshots are
 * sealed as well.
 */
public final class MessageSeal {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PURPOSE = "mows locator v2";
  private static final int PLAIN = 0;
  private static final int SEALED = 1;
  private static final int MAC_BYTES = 32;
  private static final int HEADER_BYTES = 1 + 8 + 8 + MAC_BYTES;

  private final ClusterTrust trust;

  /** Have the keys; never used themselves, but cloned for each message. */
  private final List<Mac> keyed = new ArrayList<>();

  private MessageSeal(ClusterTrust trust) {
    this.trust = trust;
    trust.keys(PURPOSE).forEach(key -> keyed.add(mac(key)));
  }

  /** If {@code trust} is insecure messages travel as they are, and sealed ones are refused. */
  public static MessageSeal of(ClusterTrust trust) {
    return new MessageSeal(trust);
  }

  /** For whom messages are sealed. */
  public ClusterTrust trust() {
    return trust;
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (InvalidKeyException e) {
      throw new IllegalArgumentException("The shared secret cannot be used as a key", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, e);
    }
  }

  public boolean hasSecret() {
    return !keyed.isEmpty();
  }

  /**
   * @param purpose what the message is for; it cannot be opened for another one
   * @param nonce random
   */
  public byte[] seal(String purpose, long timeMs, long nonce, byte[] message) {
    WireWriter out = new WireWriter();
    if (hasSecret()) {
      out.putByte(SEALED).putLong(timeMs).putLong(nonce);
      out.putBytes(authenticate(keyed.get(0), purpose, timeMs, nonce, message), MAC_BYTES);
    } else {
      out.putByte(PLAIN);
    }
    return out.putBytes(message, message.length).toBytes();
  }

  /**
   * Opens what {@link #seal} made. The caller judges time and nonce, see {@link ReplayGuard}.
   *
   * @throws SealException if it was made without the secret, or for another purpose, or changed
   */
  public Opened open(String purpose, byte[] sealed) throws SealException {
    int form = sealed.length == 0 ? -1 : sealed[0];
    if (form == PLAIN && !hasSecret()) {
      return new Opened(0, 0, Arrays.copyOfRange(sealed, 1, sealed.length), true);
    }
    if (form == PLAIN) {
      throw new SealException(
          "A message without the secret of this cluster. alluxio.mows.security.insecure is true at"
              + " its sender but not here: set it to the same on all workers, best to false. Or the"
              + " sender runs an older release of MoWS.");
    }
    if (form != SEALED || sealed.length < HEADER_BYTES) {
      throw new SealException("A message is not one of the locator's.");
    }
    if (!hasSecret()) {
      throw new SealException(
          "A message with a secret, and this worker looks at none: alluxio.mows.security.insecure"
              + " is true here but not at its sender. Set it to the same on all workers, best to"
              + " false.");
    }
    return openSealed(purpose, sealed);
  }

  private Opened openSealed(String purpose, byte[] sealed) throws SealException {
    try {
      WireReader in = new WireReader(sealed, 1, sealed.length - 1);
      long timeMs = in.readLong();
      long nonce = in.readLong();
      byte[] mac = in.readBytes(MAC_BYTES);
      byte[] message = in.readBytes(in.remaining());
      for (Mac key : keyed) {
        if (MessageDigest.isEqual(mac, authenticate(key, purpose, timeMs, nonce, message))) {
          return new Opened(timeMs, nonce, message, key == keyed.get(0));
        }
      }
      throw new SealException(
          "A message with another secret, or changed on its way. Set"
              + " alluxio.mows.security.secret.file on all workers or on none, with the same secret"
              + " on one of its lines.");
    } catch (WireException e) {
      throw new IllegalStateException("The length was checked", e);
    }
  }

  private static byte[] authenticate(
      Mac keyed, String purpose, long timeMs, long nonce, byte[] message) {
    try {
      Mac mac = (Mac) keyed.clone();
      mac.update(new WireWriter().putText(purpose).putLong(timeMs).putLong(nonce).toBytes());
      return mac.doFinal(message);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's own " + ALGORITHM + " can be cloned", e);
    }
  }

  /** A message that was opened. Immutable but for the bytes. */
  public static final class Opened {
    private final long timeMs;
    private final long nonce;
    private final byte[] message;
    private final boolean isFirst;

    Opened(long timeMs, long nonce, byte[] message, boolean isFirst) {
      this.timeMs = timeMs;
      this.nonce = nonce;
      this.message = message;
      this.isFirst = isFirst;
    }

    /** Whether it was sealed with what this worker seals with, and not with an older secret. */
    public boolean isFirst() {
      return isFirst;
    }

    /** The sender's clock; 0 without a secret. */
    public long timeMs() {
      return timeMs;
    }

    /** The sender's random number; 0 without a secret. */
    public long nonce() {
      return nonce;
    }

    public byte[] message() {
      return message;
    }
  }
}
