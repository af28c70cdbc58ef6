// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.mows.channel.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

/**
 * Cuts a stream of bytes into frames and gives them to a handler. For one thread.
 *
 * <p>The payload of a piece is passed on as it comes, straight from the buffer it was received in.
 * Every other frame is collected until it is whole; what is kept grows with the bytes that really
 * came, not with the length a peer announces, and never beyond the cap of the frame's type.
 */
public final class FrameReader implements AutoCloseable {
  private static final int FIRST_BUFFER_BYTES = 256;

  private final ByteBufAllocator allocator;
  private FrameHandler handler;
  private boolean introduced;
  private boolean stopped;

  // The frame being read: its header if type is not null, and what came of it.
  private FrameType type;
  private int bodyBytes;
  private ByteBuf partial;
  private int payloadLeftBytes;

  /**
   * @param handler takes the frames of the introduction: HELLO, AUTH, GOODBYE
   */
  public FrameReader(ByteBufAllocator allocator, FrameHandler handler) {
    this.allocator = allocator;
    this.handler = handler;
  }

  /** The peer is known: from now on all types are allowed and go to {@code next}. */
  public void introduced(FrameHandler next) {
    introduced = true;
    handler = next;
  }

  /**
   * Reads all of {@code in}, which stays the caller's.
   *
   * @throws ProtocolException if the peer broke the protocol; the reader is of no use after that
   */
  public void read(ByteBuf in) throws ProtocolException {
    while (in.isReadable() && !stopped) {
      if (payloadLeftBytes > 0) {
        readPayload(in);
      } else {
        readFixed(in, type == null ? FrameDescriptor.HEADER_BYTES : collectedBytes());
      }
    }
  }

  /** What is to come of the payload of the frame that is being read; 0 if there is none. */
  public int payloadLeftBytes() {
    return payloadLeftBytes;
  }

  /** How much of the body must be there before the handler can be called. */
  private int collectedBytes() {
    return type == FrameType.PIECE ? PieceFrame.FIXED_BYTES : bodyBytes;
  }

  private void readPayload(ByteBuf in) throws ProtocolException {
    int count = Math.min(payloadLeftBytes, in.readableBytes());
    payloadLeftBytes -= count;
    handler.pieceBytes(in.readSlice(count));
  }

  private void readFixed(ByteBuf in, int wantedBytes) throws ProtocolException {
    if (partial == null && in.readableBytes() >= wantedBytes) {
      take(in.readSlice(wantedBytes));
      return;
    }
    if (partial == null) {
      partial = allocator.directBuffer(Math.min(wantedBytes, FIRST_BUFFER_BYTES));
    }
    partial.writeBytes(in, Math.min(in.readableBytes(), wantedBytes - partial.readableBytes()));
    if (partial.readableBytes() == wantedBytes) {
      ByteBuf whole = partial;
      partial = null;
      try {
        take(whole);
      } finally {
        whole.release();
      }
    }
  }

  private void take(ByteBuf part) throws ProtocolException {
    if (type == null) {
      readHeader(part);
    } else {
      FrameType complete = type;
      type = null;
      dispatch(complete, part);
    }
  }

  private void readHeader(ByteBuf header) throws ProtocolException {
    if (header.readUnsignedShort() != FrameDescriptor.MAGIC) {
      throw new ProtocolException(
          CloseReason.NOT_OUR_PROTOCOL, "These bytes do not start a frame of the data channel");
    }
    int version = header.readUnsignedByte();
    if (version != FrameDescriptor.VERSION) {
      throw new ProtocolException(
          CloseReason.WRONG_VERSION,
          "The peer speaks version " + version + ", we speak " + FrameDescriptor.VERSION);
    }
    int code = header.readUnsignedByte();
    long length = header.readUnsignedInt();
    FrameType announced = FrameType.ofCode(code);
    if (announced == null) {
      throw new ProtocolException(CloseReason.UNKNOWN_FRAME, "There are no frames of type " + code);
    }
    if (!introduced && !announced.isIntroduction()) {
      throw new ProtocolException(
          CloseReason.UNEXPECTED_FRAME, announced + " before the peer has introduced itself");
    }
    if (length > announced.maxBodyBytes()) {
      throw new ProtocolException(
          CloseReason.FRAME_TOO_LARGE,
          announced + " of " + length + " bytes; its cap is " + announced.maxBodyBytes());
    }
    if (length < announced.minBodyBytes()) {
      throw ProtocolException.malformed(announced + " of only " + length + " bytes");
    }
    type = announced;
    bodyBytes = (int) length;
  }

  private void dispatch(FrameType complete, ByteBuf body) throws ProtocolException {
    switch (complete) {
      case HELLO:
        handler.hello(Hello.decode(body));
        break;
      case AUTH:
        handler.auth(ByteBufUtil.getBytes(body));
        break;
      case GOODBYE:
        stopped = true;
        handler.goodbye(CloseReason.ofCode(body.readUnsignedShort()));
        break;
      case PING:
        handler.ping(body.readLong());
        break;
      case PONG:
        handler.pong(body.readLong());
        break;
      case MESSAGE:
        handler.message(MessageFrame.decode(body));
        break;
      case REQUEST:
        RequestFrame.decode(body, handler);
        break;
      case PIECE:
        payloadLeftBytes = bodyBytes - PieceFrame.FIXED_BYTES;
        handler.pieceBegins(body.readInt(), body.readInt(), body.readInt(), payloadLeftBytes);
        break;
      case REFUSED:
        handler.refused(
            body.getInt(body.readerIndex()),
            ControlFrames.decodeReason(body),
            ControlFrames.decodeRemedy(body));
        break;
      case CANCEL:
        handler.cancelled(body.readInt());
        break;
      case OFFER:
        handler.offered(ByteBufUtil.getBytes(body));
        break;
      case GRANT:
        handler.granted(body.readInt(), body.readInt(), ByteBufUtil.getBytes(body));
        break;
      case TAKEN:
        handler.taken(body.readInt(), BulkFrames.decodeSuccess(body));
        break;
      case INVITE:
        handler.invited(ByteBufUtil.getBytes(body));
        break;
      case WANT:
        handler.wanted(body.readUnsignedByte());
        break;
      case JOIN:
        handler.joins(ByteBufUtil.getBytes(body));
        break;
    }
  }

  /** Drops what is half read; nothing is read after that. */
  @Override
  public void close() {
    stopped = true;
    if (partial != null) {
      partial.release();
      partial = null;
    }
  }
}
