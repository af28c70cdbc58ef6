// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

/** The figures in {@link ChannelStats}. */
public enum ChannelCount {
  /** Payload bytes that peers were sent. */
  BYTES_SENT,
  /** Payload bytes that came for a transfer, corrupt ones included. */
  BYTES_RECEIVED,
  /** Payload bytes that came for a transfer that had ended before. */
  BYTES_DISCARDED,
  PIECES_SENT,
  PIECES_RECEIVED,
  /** Pieces whose CRC32 was wrong on arrival. */
  PIECES_CORRUPT,
  /** Requests of ours that ended by their timeout. */
  REQUESTS_TIMED_OUT,
  /** Connections that authenticated, in and out. */
  CONNECTIONS_ESTABLISHED,
  /** Connections that are open now, in and out, unauthenticated ones included. */
  CONNECTIONS_OPEN
}
