// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes what is said on a connection ({@link PeerKinds}). Requests and cancellations of pieces are
 * frames of the data channel itself.
 */
final class PeerEncoder {
  private PeerEncoder() {}

  static ByteBuffer encode(Greeting greeting) {
    byte[] group = greeting.group().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(14 + group.length)
        .put(PeerKinds.GREETING)
        .put(PeerKinds.VERSION)
        .putLong(greeting.session())
        .put((byte) (greeting.role() == PeerRole.WARMUP ? 1 : 0))
        .put((byte) (greeting.isImportant() ? 1 : 0))
        .putShort((short) group.length)
        .put(group)
        .flip();
  }

  /** The sender has enough neighbours and will close the connection. */
  static ByteBuffer full() {
    return ByteBuffer.allocate(1).put(PeerKinds.FULL).flip();
  }

  /**
   * @throws IllegalArgumentException for a request or cancellation
   */
  static ByteBuffer encode(SwarmMessage message) {
    MessageWriter writer = new MessageWriter();
    message.deliverTo(writer, 0, 0);
    return writer.bytes.flip();
  }

  /** Writes the message that it is given. */
  private static final class MessageWriter implements SwarmMessage.Handler {
    private ByteBuffer bytes;

    private ByteBuffer begin(byte kind, SwarmMessage message, int moreBytes) {
      bytes = ByteBuffer.allocate(9 + moreBytes).put(kind).putLong(message.fileId());
      return bytes;
    }

    @Override
    public void onBitfield(long peerId, SwarmMessage.Bitfield message, long nowNs) {
      int most = 3 * (1 + 8 * ((message.have().size() + 63) >>> 6));
      begin(PeerKinds.MAP, message, 9 + most)
          .putInt(message.have().size())
          .putInt(message.freeSlots());
      put(message.have());
      put(message.arriving());
      put(message.seen());
      bytes.put((byte) (message.isAsking() ? 1 : 0));
    }

    private void put(PieceBits bits) {
      if (bits.count() == 0) {
        bytes.put(PeerKinds.NO_PIECES);
      } else if (bits.isFull()) {
        bytes.put(PeerKinds.ALL_PIECES);
      } else {
        bytes.put(PeerKinds.SOME_PIECES);
        for (long word : bits.toLongs()) {
          bytes.putLong(word);
        }
      }
    }

    @Override
    public void onBitfieldDelta(long peerId, SwarmMessage.BitfieldDelta message, long nowNs) {
      int pieces = message.have().length + message.arriving().length + message.gone().length;
      begin(PeerKinds.DELTA, message, 16 + 4 * pieces).putInt(message.freeSlots());
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
      begin(PeerKinds.RUMOUR, message, 8 + 4 * (message.seen().length + message.demanded().length));
      put(message.seen());
      put(message.demanded());
    }

    @Override
    public void onOffer(long peerId, SwarmMessage.Offer message, long nowNs) {
      begin(PeerKinds.OFFER, message, 4).putInt(message.piece());
    }

    @Override
    public void onReject(long peerId, SwarmMessage.Reject message, long nowNs) {
      begin(PeerKinds.REFUSED, message, 5)
          .putInt(message.piece())
          .put((byte) message.reason().code());
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
