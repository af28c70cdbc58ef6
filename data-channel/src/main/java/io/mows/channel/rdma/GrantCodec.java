// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.CloseReason;
import io.mows.channel.wire.BulkFrames;
import io.mows.channel.wire.ProtocolException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in the offers and grants of RDMA. Numbers are big-endian.
 *
 * <pre>
 *  offer   0: IPv4 address (4)   4: port (2)   6: token (16)
 *
 *  grant   one entry for each part of the piece:
 *          0: address (8)   8: key (4)   12: length (4)
 * </pre>
 *
 * <p>The token goes into the request to connect, and ties the RDMA connection to this one, on which
 * the peer has authenticated itself.
 */
final class GrantCodec {
  /** A piece that lies in more block files is sent over TCP. */
  static final int MAX_PARTS = 16;

  private static final int IP_BYTES = 4;
  private static final int OFFER_BYTES = IP_BYTES + 2 + Verbs.TOKEN_BYTES;
  private static final int ENTRY_BYTES = 16;

  static {
    if (MAX_PARTS * ENTRY_BYTES > BulkFrames.MAX_GRANT_BYTES) {
      throw new AssertionError("a grant does not fit into its frame");
    }
  }

  private GrantCodec() {}

  static byte[] encodeOffer(InetSocketAddress address, byte[] token) {
    return ByteBuffer.allocate(OFFER_BYTES)
        .put(address.getAddress().getAddress())
        .putShort((short) address.getPort())
        .put(token)
        .array();
  }

  static Offer decodeOffer(byte[] encoded) throws ProtocolException {
    if (encoded.length != OFFER_BYTES) {
      throw malformed("OFFER of RDMA with " + encoded.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(encoded);
    byte[] ip = new byte[IP_BYTES];
    in.get(ip);
    int port = Short.toUnsignedInt(in.getShort());
    byte[] token = new byte[Verbs.TOKEN_BYTES];
    in.get(token);
    try {
      return new Offer(new InetSocketAddress(InetAddress.getByAddress(ip), port), token);
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // Four bytes are an address.
    }
  }

  static byte[] encodeGrant(List<Part> parts) {
    ByteBuffer out = ByteBuffer.allocate(parts.size() * ENTRY_BYTES);
    for (Part part : parts) {
      out.putLong(part.address).putInt(part.key).putInt(part.lengthBytes);
    }
    return out.array();
  }

  /**
   * @param lengthBytes what the parts must add up to
   */
  static List<Part> decodeGrant(byte[] encoded, int lengthBytes) throws ProtocolException {
    if (encoded.length == 0
        || encoded.length % ENTRY_BYTES != 0
        || encoded.length > MAX_PARTS * ENTRY_BYTES) {
      throw malformed("GRANT of RDMA with " + encoded.length + " bytes");
    }
    List<Part> parts = new ArrayList<>();
    long sum = 0;
    ByteBuffer in = ByteBuffer.wrap(encoded);
    while (in.hasRemaining()) {
      Part part = new Part(in.getLong(), in.getInt(), in.getInt());
      if (part.lengthBytes <= 0) {
        throw malformed("GRANT of RDMA for " + part.lengthBytes + " bytes");
      }
      sum += part.lengthBytes;
      parts.add(part);
    }
    if (sum != lengthBytes) {
      throw malformed("GRANT of RDMA for " + sum + " bytes, where " + lengthBytes + " are due");
    }
    return parts;
  }

  private static ProtocolException malformed(String message) {
    return new ProtocolException(CloseReason.MALFORMED_FRAME, message);
  }

  /** Where a peer's memory can be reached. Immutable. */
  static final class Offer {
    private final InetSocketAddress address;
    private final byte[] token;

    private Offer(InetSocketAddress address, byte[] token) {
      this.address = address;
      this.token = token;
    }

    InetSocketAddress address() {
      return address;
    }

    byte[] token() {
      return token.clone();
    }
  }

  /** Bytes that may be read from a peer. Immutable. */
  static final class Part {
    private final long address;
    private final int key;
    private final int lengthBytes;

    Part(long address, int key, int lengthBytes) {
      this.address = address;
      this.key = key;
      this.lengthBytes = lengthBytes;
    }

    long address() {
      return address;
    }

    int key() {
      return key;
    }

    int lengthBytes() {
      return lengthBytes;
    }
  }
}
