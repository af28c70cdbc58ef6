// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.mows.channel.CloseReason;
import io.mows.channel.PieceRequest;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Takes the frames of one connection in their order. What it does not override is not allowed at
 * this point of the conversation and closes the connection.
 */
public interface FrameHandler {
  default void hello(Hello hello) throws ProtocolException {
    throw unexpected(FrameType.HELLO);
  }

  default void auth(byte[] proof) throws ProtocolException {
    throw unexpected(FrameType.AUTH);
  }

  /**
   * @param reason null if it is one that this version does not know
   */
  void goodbye(CloseReason reason);

  default void ping(long token) throws ProtocolException {
    throw unexpected(FrameType.PING);
  }

  default void pong(long token) throws ProtocolException {
    throw unexpected(FrameType.PONG);
  }

  /**
   * @param message the callee's own
   */
  default void message(ByteBuffer message) throws ProtocolException {
    throw unexpected(FrameType.MESSAGE);
  }

  /**
   * @param bulk whether the peer can get the bytes another way than by PIECE
   */
  default void requested(int requestId, PieceRequest request, boolean bulk)
      throws ProtocolException {
    throw unexpected(FrameType.REQUEST);
  }

  /** A frame of {@code payloadBytes} bytes of payload begins. */
  default void pieceBegins(int requestId, int offset, int crc32, int payloadBytes)
      throws ProtocolException {
    throw unexpected(FrameType.PIECE);
  }

  /**
   * The next bytes of the payload that began last; the buffer stays the caller's.
   *
   * @throws ProtocolException if the connection is of no use any more
   */
  default void pieceBytes(ByteBuf payload) throws ProtocolException {
    throw unexpected(FrameType.PIECE);
  }

  default void refused(int requestId, RefusalReason reason, Remedy remedy)
      throws ProtocolException {
    throw unexpected(FrameType.REFUSED);
  }

  default void cancelled(int requestId) throws ProtocolException {
    throw unexpected(FrameType.CANCEL);
  }

  /**
   * @param offer the callee's own
   */
  default void offered(byte[] offer) throws ProtocolException {
    throw unexpected(FrameType.OFFER);
  }

  /**
   * @param grant the callee's own
   */
  default void granted(int requestId, int crc32, byte[] grant) throws ProtocolException {
    throw unexpected(FrameType.GRANT);
  }

  /**
   * @param success whether all bytes of the grant arrived; else they are wanted by PIECE
   */
  default void taken(int requestId, boolean success) throws ProtocolException {
    throw unexpected(FrameType.TAKEN);
  }

  /**
   * @param token the callee's own
   */
  default void invited(byte[] token) throws ProtocolException {
    throw unexpected(FrameType.INVITE);
  }

  /**
   * @param count 0 to {@link LaneFrames#MAX_WANTED}
   */
  default void wanted(int count) throws ProtocolException {
    throw unexpected(FrameType.WANT);
  }

  /**
   * @param token the callee's own
   */
  default void joins(byte[] token) throws ProtocolException {
    throw unexpected(FrameType.JOIN);
  }

  private static ProtocolException unexpected(FrameType type) {
    return new ProtocolException(
        CloseReason.UNEXPECTED_FRAME, type + " is not allowed at this point");
  }
}
