// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

/**
 * Why a connection ended: counted, and told to the peer. The codes are part of the protocol; add,
 * never renumber.
 */
public enum CloseReason {
  /** This side was asked to close it. */
  CLOSED_HERE(0),
  /** The peer closed it. */
  CLOSED_BY_PEER(1),
  /** The network or the peer's machine failed. */
  CONNECTION_LOST(2),
  /** Nothing came for too long, an answer to our ping neither. */
  IDLE(3),
  /** The peer took too long to introduce itself. */
  HANDSHAKE_TIMEOUT(4),
  /** What came is not this protocol at all. */
  NOT_OUR_PROTOCOL(5),
  /** The peer speaks another version of the protocol. */
  WRONG_VERSION(6),
  /** A kind of frame that this version does not have. */
  UNKNOWN_FRAME(7),
  /** A frame longer than its kind may be. */
  FRAME_TOO_LARGE(8),
  /** A frame that contradicts itself or the frames before it. */
  MALFORMED_FRAME(9),
  /** A frame that is not allowed at this point, such as any before authentication. */
  UNEXPECTED_FRAME(10),
  /** The peer does not know the secret. */
  AUTHENTICATION_FAILED(11),
  /** One side has a secret, the other has none. */
  SECRET_MISMATCH(12),
  /** The TLS handshake or a TLS record failed. */
  TLS_FAILED(13),
  /** This worker has as many connections as it takes. */
  TOO_MANY_CONNECTIONS(14),
  /** The peer does not take what it asked for, or what it is told. */
  PEER_NOT_READING(16),
  /** The worker's own code or its block file failed in the middle of a frame. */
  INTERNAL_ERROR(17),
  /** The peer belongs to another Alluxio cluster, or does not say to which. */
  OTHER_CLUSTER(18);

  private final int code;

  CloseReason(int code) {
    this.code = code;
  }

  /** Whether the peer broke the protocol or could not prove who it is. */
  public boolean isPeersFault() {
    switch (this) {
      case NOT_OUR_PROTOCOL:
      case WRONG_VERSION:
      case UNKNOWN_FRAME:
      case FRAME_TOO_LARGE:
      case MALFORMED_FRAME:
      case UNEXPECTED_FRAME:
      case AUTHENTICATION_FAILED:
      case SECRET_MISMATCH:
      case OTHER_CLUSTER:
      case TLS_FAILED:
        return true;
      default:
        return false;
    }
  }

  public int code() {
    return code;
  }

  /** The reason with this code, or null if there is none. */
  public static CloseReason ofCode(int code) {
    for (CloseReason reason : values()) {
      if (reason.code == code) {
        return reason;
      }
    }
    return null;
  }
}
