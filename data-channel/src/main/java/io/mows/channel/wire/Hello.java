// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.mows.channel.security.ClusterTrust;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a side introduces itself: the first frame each way, the dialling side's first. Immutable.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                          Capabilities                         |
 *  +---------------+---------------+---------------+---------------+
 *  |  Has Secret   |                                               |
 *  +---------------+                                               +
 *  |                         Nonce (16 bytes)                     ...
 * ...              +-----------------------------------------------+
 *  |               |        Cluster Id (16 bytes)                 ...
 * ...              +---------------+-------------------------------+
 *  |               | Peer Id Length|       Peer Id (UTF-8)        ...
 *  +---------------+---------------+-------------------------------+
 * </pre>
 *
 * <p>A side that does not set {@link #CLUSTER} among its capabilities runs a release from before
 * there were cluster ids; it has 32 bytes of nonce, and understands these hellos as such.
 */
public final class Hello {
  /** The capability of every side that says to which cluster it belongs. */
  public static final int CLUSTER = 1 << 8;

  /** The capability of a side that can have more than one connection with a peer. */
  public static final int LANES = 1 << 9;

  /** The capability of a connection that is not the first with its peer: see {@link LaneFrames}. */
  public static final int LANE = 1 << 10;

  public static final int NONCE_BYTES = 16;

  static final int CAPABILITIES_OFFSET = 0;
  static final int HAS_SECRET_OFFSET = 4;
  static final int NONCE_OFFSET = 5;
  static final int CLUSTER_OFFSET = NONCE_OFFSET + NONCE_BYTES;
  static final int ID_LENGTH_OFFSET = CLUSTER_OFFSET + ClusterTrust.ID_BYTES;
  static final int ID_OFFSET = ID_LENGTH_OFFSET + 1;
  static final int MAX_ID_BYTES = 255;

  private final byte[] body;

  private Hello(byte[] body) {
    this.body = body;
  }

  /**
   * @param capabilities bits for what a side can do beyond this version; unknown ones are ignored
   * @param hasSecret whether this side wants, and can give, proofs of the shared secret
   * @param nonce fresh random bytes
   * @param clusterId see {@link ClusterTrust#clusterId}
   */
  public static Hello of(
      int capabilities, boolean hasSecret, byte[] nonce, byte[] clusterId, String peerId) {
    byte[] id = peerId.getBytes(StandardCharsets.UTF_8);
    if (nonce.length != NONCE_BYTES
        || clusterId.length != ClusterTrust.ID_BYTES
        || id.length == 0
        || id.length > MAX_ID_BYTES) {
      throw new IllegalArgumentException("No hello: nonce " + nonce.length + ", id " + peerId);
    }
    byte[] body = new byte[ID_OFFSET + id.length];
    for (int i = 0; i < 4; i++) {
      body[CAPABILITIES_OFFSET + i] = (byte) ((capabilities | CLUSTER) >>> (24 - 8 * i));
    }
    body[HAS_SECRET_OFFSET] = (byte) (hasSecret ? 1 : 0);
    System.arraycopy(nonce, 0, body, NONCE_OFFSET, NONCE_BYTES);
    System.arraycopy(clusterId, 0, body, CLUSTER_OFFSET, ClusterTrust.ID_BYTES);
    body[ID_LENGTH_OFFSET] = (byte) id.length;
    System.arraycopy(id, 0, body, ID_OFFSET, id.length);
    return new Hello(body);
  }

  static Hello decode(ByteBuf body) throws ProtocolException {
    byte[] bytes = ByteBufUtil.getBytes(body);
    Hello hello = new Hello(bytes);
    if (bytes[HAS_SECRET_OFFSET] < 0 || bytes[HAS_SECRET_OFFSET] > 1) {
      throw ProtocolException.malformed("HELLO whose secret flag is " + bytes[HAS_SECRET_OFFSET]);
    }
    if ((bytes[ID_LENGTH_OFFSET] & 0xff) != bytes.length - ID_OFFSET) {
      throw ProtocolException.malformed("HELLO whose peer id has not the length it says");
    }
    byte[] id = Arrays.copyOfRange(bytes, ID_OFFSET, bytes.length);
    if (!Arrays.equals(hello.peerId().getBytes(StandardCharsets.UTF_8), id)
        || hello.peerId().chars().anyMatch(Character::isISOControl)) {
      // The id goes into logs.
      throw ProtocolException.malformed("HELLO whose peer id is no printable UTF-8");
    }
    return hello;
  }

  public ByteBuf encode(ByteBufAllocator allocator) {
    return FrameDescriptor.begin(allocator, FrameType.HELLO, body.length).writeBytes(body);
  }

  public int capabilities() {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits = (bits << 8) | (body[CAPABILITIES_OFFSET + i] & 0xff);
    }
    return bits;
  }

  public boolean hasSecret() {
    return body[HAS_SECRET_OFFSET] == 1;
  }

  public byte[] nonce() {
    return Arrays.copyOfRange(body, NONCE_OFFSET, NONCE_OFFSET + NONCE_BYTES);
  }

  /** To which cluster this side belongs; empty if it does not say. */
  public Optional<byte[]> clusterId() {
    return (capabilities() & CLUSTER) == 0
        ? Optional.empty()
        : Optional.of(Arrays.copyOfRange(body, CLUSTER_OFFSET, ID_LENGTH_OFFSET));
  }

  public String peerId() {
    return new String(body, ID_OFFSET, body.length - ID_OFFSET, StandardCharsets.UTF_8);
  }

  /** The body as it is on the wire, for the proofs of the secret. */
  public byte[] toBytes() {
    return body.clone();
  }
}
