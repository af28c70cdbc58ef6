// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

/**
 * The kinds of frames: their codes, and the least and the most bytes of their bodies. Codes from 20
 * on are for providers that move bulk another way: {@link BulkFrames}; those from 24 on for more
 * than one connection: {@link LaneFrames}.
 *
 * <p>Plain numbers, for the frames need their types and not the other way round.
 */
public enum FrameType {
  HELLO(1, 39, 293),
  AUTH(2, 32, 32),
  GOODBYE(3, 2, 2),
  PING(4, 8, 8),
  PONG(5, 8, 8),
  MESSAGE(8, 1, 4 << 20),
  REQUEST(16, 25, 25),
  PIECE(17, 13, 12 + (1 << 20)),
  REFUSED(18, 6, 6),
  CANCEL(19, 4, 4),
  OFFER(20, 1, 255),
  GRANT(21, 9, 8 + 1024),
  TAKEN(22, 5, 5),
  INVITE(24, 16, 16),
  WANT(25, 1, 1),
  JOIN(26, 16, 16);

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
