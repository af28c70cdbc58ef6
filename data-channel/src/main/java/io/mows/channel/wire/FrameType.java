// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

/**
 * The kinds of frames and how long their bodies may be. Codes from 20 on are for providers that
 * move bulk another way: {@link BulkFrames}; those from 24 on for more than one connection: {@link
 * LaneFrames}.
 */
public enum FrameType {
  HELLO(1, Hello.MIN_BODY_BYTES, Hello.MAX_BODY_BYTES),
  AUTH(2, ControlFrames.AUTH_BODY_BYTES, ControlFrames.AUTH_BODY_BYTES),
  GOODBYE(3, ControlFrames.GOODBYE_BODY_BYTES, ControlFrames.GOODBYE_BODY_BYTES),
  PING(4, ControlFrames.PING_BODY_BYTES, ControlFrames.PING_BODY_BYTES),
  PONG(5, ControlFrames.PING_BODY_BYTES, ControlFrames.PING_BODY_BYTES),
  MESSAGE(8, MessageFrame.MIN_BODY_BYTES, MessageFrame.MAX_BODY_BYTES),
  REQUEST(16, RequestFrame.BODY_BYTES, RequestFrame.BODY_BYTES),
  PIECE(17, PieceFrame.FIXED_BYTES + 1, PieceFrame.FIXED_BYTES + PieceFrame.MAX_PAYLOAD_BYTES),
  REFUSED(18, ControlFrames.REFUSED_BODY_BYTES, ControlFrames.REFUSED_BODY_BYTES),
  CANCEL(19, ControlFrames.CANCEL_BODY_BYTES, ControlFrames.CANCEL_BODY_BYTES),
  OFFER(20, 1, BulkFrames.MAX_OFFER_BYTES),
  GRANT(21, BulkFrames.GRANT_FIXED_BYTES + 1, BulkFrames.MAX_GRANT_BODY_BYTES),
  TAKEN(22, BulkFrames.TAKEN_BODY_BYTES, BulkFrames.TAKEN_BODY_BYTES),
  INVITE(24, LaneFrames.TOKEN_BYTES, LaneFrames.TOKEN_BYTES),
  WANT(25, LaneFrames.WANT_BODY_BYTES, LaneFrames.WANT_BODY_BYTES),
  JOIN(26, LaneFrames.TOKEN_BYTES, LaneFrames.TOKEN_BYTES);

  private static final FrameType[] BY_CODE = new FrameType[32];

  static {
    for (FrameType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final int minBodyBytes;
  private final int maxBodyBytes;

  FrameType(int code, int minBodyBytes, int maxBodyBytes) {
    this.code = code;
    this.minBodyBytes = minBodyBytes;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** The type with this code, or null. */
  static FrameType ofCode(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  public int code() {
    return code;
  }

  int minBodyBytes() {
    return minBodyBytes;
  }

  int maxBodyBytes() {
    return maxBodyBytes;
  }

  /** Whether a peer that has not authenticated yet may send it. */
  boolean isIntroduction() {
    return this == HELLO || this == AUTH || this == GOODBYE;
  }
}
