// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * Reads what is said on a connection ({@link PeerKinds}). A message that is cut short, goes on
 * behind its end, or names more than a file can have is an {@link IOException}.
 */
final class PeerDecoder {
  private static final int[] NONE = {};
  private static final String CUT_SHORT = "A message is cut short";
  private static final int MAX_GROUP_BYTES = 256;

  private PeerDecoder() {}

  /** The kind of a message, which is then at its first field. */
  static byte kind(ByteBuffer message) {
    return message.get();
  }

  static Greeting decodeGreeting(ByteBuffer in) throws IOException {
    try {
      Greeting greeting = greeting(in);
      checkEnd(in);
      return greeting;
    } catch (BufferUnderflowException e) {
      throw new IOException(CUT_SHORT, e);
    }
  }

  private static Greeting greeting(ByteBuffer in) throws IOException {
    byte version = in.get();
    if (version != PeerKinds.VERSION) {
      throw new IOException("The peer says things of version " + version);
    }
    long session = in.getLong();
    int role = in.get();
    boolean important = in.get() != 0;
    int length = in.getShort();
    if (role < 0 || role > 1 || length < 0) {
      throw new IOException("Not a greeting");
    }
    if (length > MAX_GROUP_BYTES) {
      throw new IOException("A group's name of " + length + " bytes");
    }
    byte[] group = new byte[length];
    in.get(group);
    return new Greeting(
        new String(group, StandardCharsets.UTF_8),
        role == 1 ? PeerRole.WARMUP : PeerRole.INSTANCE,
        session,
        important);
  }

  /**
   * Nothing is allocated for more pieces than the file has, nor for a file that is not known.
   *
   * @param pieceCounts how many pieces a file has; negative if it is not known
   * @return empty if it is about pieces that there are not
   */
  static Optional<SwarmMessage> decode(byte kind, ByteBuffer in, LongToIntFunction pieceCounts)
      throws IOException {
    if (in.remaining() < Long.BYTES) {
      throw new IOException(CUT_SHORT);
    }
    int pieces = pieceCounts.applyAsInt(in.getLong(in.position()));
    boolean useful = pieces >= 0 || kind == PeerKinds.OFFER;
    if (kind == PeerKinds.MAP && in.remaining() >= Long.BYTES + Integer.BYTES) {
      useful &= count(in.getInt(in.position() + Long.BYTES)) == pieces;
    }
    return useful ? Optional.of(decodeWhole(kind, in)) : Optional.empty();
  }

  private static SwarmMessage decodeWhole(byte kind, ByteBuffer in) throws IOException {
    try {
      SwarmMessage decoded = decodeFields(kind, in);
      checkEnd(in);
      return decoded;
    } catch (BufferUnderflowException e) {
      throw new IOException(CUT_SHORT, e);
    }
  }

  private static void checkEnd(ByteBuffer in) throws IOException {
    if (in.hasRemaining()) {
      throw new IOException(in.remaining() + " bytes behind the end of a message");
    }
  }

  private static SwarmMessage decodeFields(byte kind, ByteBuffer in) throws IOException {
    long fileId = in.getLong();
    switch (kind) {
      case PeerKinds.MAP:
        int size = count(in.getInt());
        int slots = count(in.getInt());
        return new SwarmMessage.Bitfield(
            fileId, bits(in, size), bits(in, size), bits(in, size), slots, flag(in));
      case PeerKinds.DELTA:
        int free = count(in.getInt());
        return new SwarmMessage.BitfieldDelta(fileId, pieces(in), pieces(in), pieces(in), free);
      case PeerKinds.RUMOUR:
        return new SwarmMessage.Rumour(fileId, pieces(in), pieces(in));
      case PeerKinds.OFFER:
        return new SwarmMessage.Offer(fileId, in.getInt());
      case PeerKinds.REFUSED:
        int piece = in.getInt();
        int code = in.get();
        SwarmMessage.Reject.Reason reason = SwarmMessage.Reject.Reason.ofCode(code);
        if (reason == null) {
          throw new IOException("A refusal for reason " + code);
        }
        return new SwarmMessage.Reject(fileId, piece, reason);
      default:
        throw new IOException("A message of kind " + kind);
    }
  }

  private static boolean flag(ByteBuffer in) throws IOException {
    byte value = in.get();
    if (value < 0 || value > 1) {
      throw new IOException("Neither yes nor no: " + value);
    }
    return value == 1;
  }

  private static int count(int value) throws IOException {
    if (value < 0 || value > PeerKinds.MAX_PIECES) {
      throw new IOException("A count of " + value);
    }
    return value;
  }

  private static int[] pieces(ByteBuffer in) throws IOException {
    int length = count(in.getInt());
    if (in.remaining() < length * 4L) {
      throw new IOException("A list of pieces is cut short");
    }
    int[] pieces = length == 0 ? NONE : new int[length];
    for (int i = 0; i < length; i++) {
      pieces[i] = in.getInt();
    }
    return pieces;
  }

  private static PieceBits bits(ByteBuffer in, int size) throws IOException {
    PieceBits bits = new PieceBits(size);
    byte form = in.get();
    switch (form) {
      case PeerKinds.NO_PIECES:
        return bits;
      case PeerKinds.ALL_PIECES:
        if (size > 0) {
          bits.setAll();
        }
        return bits;
      case PeerKinds.SOME_PIECES:
        long[] words = new long[(size + 63) >>> 6];
        if (in.remaining() < words.length * 8L) {
          throw new IOException("A piece map is cut short");
        }
        in.asLongBuffer().get(words);
        in.position(in.position() + 8 * words.length);
        try {
          return PieceBits.ofLongs(size, words);
        } catch (IllegalArgumentException e) {
          throw new IOException("A piece map with bits behind its end", e);
        }
      default:
        throw new IOException("A piece map of form " + form);
    }
  }
}
