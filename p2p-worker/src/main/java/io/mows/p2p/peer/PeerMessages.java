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
 * What is said on a connection, in bytes: one kind, then the fields in the order of the classes,
 * big-endian. Lists begin with their length; a set of pieces is empty, full or one bit a piece.
 *
 * <p>A message that is cut short, goes on behind its end, or names more than a file can have is an
 * {@link IOException}. Requests and cancellations of pieces are frames of the data channel itself.
 */
final class PeerMessages {
  /** As many pieces as a file of 16 TiB has in pieces of 4 MiB. */
  static final int MAX_PIECES = 1 << 22;

  static final byte VERSION = 1;

  static final byte GREETING = 1;
  static final byte FULL = 2;
  private static final byte MAP = 3;
  private static final byte DELTA = 4;
  private static final byte RUMOUR = 5;
  private static final byte OFFER = 6;
  private static final byte REFUSED = 7;

  private static final int[] NONE = {};
  private static final byte NO_PIECES = 0;
  private static final byte ALL_PIECES = 1;
  private static final byte SOME_PIECES = 2;
  private static final int MAX_GROUP_BYTES = 256;

  private PeerMessages() {}

  static ByteBuffer encode(Greeting greeting) {
    byte[] group = greeting.group().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(14 + group.length)
        .put(GREETING)
        .put(VERSION)
        .putLong(greeting.session())
        .put((byte) (greeting.role() == PeerRole.WARMUP ? 1 : 0))
        .put((byte) (greeting.isImportant() ? 1 : 0))
        .putShort((short) group.length)
        .put(group)
        .flip();
  }

  /** The sender has enough neighbours and will close the connection. */
  static ByteBuffer full() {
    return ByteBuffer.allocate(1).put(FULL).flip();
  }

  /**
   * @throws IllegalArgumentException for a request or cancellation
   */
  static ByteBuffer encode(SwarmMessage message) {
    Encoder encoder = new Encoder();
    message.deliverTo(encoder, 0, 0);
    return encoder.bytes.flip();
  }

  /** The kind of a message, which is then at its first field. */
  static byte kind(ByteBuffer message) {
    return message.get();
  }

  static Greeting decodeGreeting(ByteBuffer in) throws IOException {
    return decode(
        in,
        () -> {
          byte version = in.get();
          if (version != VERSION) {
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
        });
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
      throw new IOException("A message is cut short");
    }
    int pieces = pieceCounts.applyAsInt(in.getLong(in.position()));
    boolean useful = pieces >= 0 || kind == OFFER;
    if (kind == MAP && in.remaining() >= Long.BYTES + Integer.BYTES) {
      useful &= count(in.getInt(in.position() + Long.BYTES)) == pieces;
    }
    return useful ? Optional.of(decode(in, () -> decodeFields(kind, in))) : Optional.empty();
  }

  private interface Decoding<T> {
    T run() throws IOException;
  }

  private static <T> T decode(ByteBuffer in, Decoding<T> decoding) throws IOException {
    try {
      T decoded = decoding.run();
      if (in.hasRemaining()) {
        throw new IOException(in.remaining() + " bytes behind the end of a message");
      }
      return decoded;
    } catch (BufferUnderflowException e) {
      throw new IOException("A message is cut short", e);
    }
  }

  private static SwarmMessage decodeFields(byte kind, ByteBuffer in) throws IOException {
    long fileId = in.getLong();
    switch (kind) {
      case MAP:
        int size = count(in.getInt());
        int slots = count(in.getInt());
        return new SwarmMessage.Bitfield(
            fileId, bits(in, size), bits(in, size), bits(in, size), slots, flag(in));
      case DELTA:
        int free = count(in.getInt());
        return new SwarmMessage.BitfieldDelta(fileId, pieces(in), pieces(in), pieces(in), free);
      case RUMOUR:
        return new SwarmMessage.Rumour(fileId, pieces(in), pieces(in));
      case OFFER:
        return new SwarmMessage.Offer(fileId, in.getInt());
      case REFUSED:
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
    if (value < 0 || value > MAX_PIECES) {
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
      case NO_PIECES:
        return bits;
      case ALL_PIECES:
        if (size > 0) {
          bits.setAll();
        }
        return bits;
      case SOME_PIECES:
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

  /** Writes the message that it is given. */
  private static final class Encoder implements SwarmMessage.Handler {
    private ByteBuffer bytes;

    private ByteBuffer begin(byte kind, SwarmMessage message, int moreBytes) {
      bytes = ByteBuffer.allocate(9 + moreBytes).put(kind).putLong(message.fileId());
      return bytes;
    }

    @Override
    public void onBitfield(long peerId, SwarmMessage.Bitfield message, long nowNs) {
      int most = 3 * (1 + 8 * ((message.have().size() + 63) >>> 6));
      begin(MAP, message, 9 + most).putInt(message.have().size()).putInt(message.freeSlots());
      put(message.have());
      put(message.arriving());
      put(message.seen());
      bytes.put((byte) (message.isAsking() ? 1 : 0));
    }

    private void put(PieceBits bits) {
      if (bits.count() == 0) {
        bytes.put(NO_PIECES);
      } else if (bits.isFull()) {
        bytes.put(ALL_PIECES);
      } else {
        bytes.put(SOME_PIECES);
        for (long word : bits.toLongs()) {
          bytes.putLong(word);
        }
      }
    }

    @Override
    public void onBitfieldDelta(long peerId, SwarmMessage.BitfieldDelta message, long nowNs) {
      int pieces = message.have().length + message.arriving().length + message.gone().length;
      begin(DELTA, message, 16 + 4 * pieces).putInt(message.freeSlots());
      put(message.have());
      put(message.arriving());
      put(message.gone());
    }

    private void put(int[] pieces) {
      bytes.putInt(pieces.length);
      for (int piece : pieces) {
        bytes.putInt(piece);
      }
    }

    @Override
    public void onRumour(long peerId, SwarmMessage.Rumour message, long nowNs) {
      begin(RUMOUR, message, 8 + 4 * (message.seen().length + message.demanded().length));
      put(message.seen());
      put(message.demanded());
    }

    @Override
    public void onOffer(long peerId, SwarmMessage.Offer message, long nowNs) {
      begin(OFFER, message, 4).putInt(message.piece());
    }

    @Override
    public void onReject(long peerId, SwarmMessage.Reject message, long nowNs) {
      begin(REFUSED, message, 5).putInt(message.piece()).put((byte) message.reason().code());
    }

    @Override
    public void onRequest(long peerId, SwarmMessage.Request message, long nowNs) {
      throw new IllegalArgumentException("A request is a frame of the data channel");
    }

    @Override
    public void onCancel(long peerId, SwarmMessage.Cancel message, long nowNs) {
      throw new IllegalArgumentException("A cancellation is a frame of the data channel");
    }
  }
}
