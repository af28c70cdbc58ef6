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
  /** Of {@link #BYTES_SENT} those that the peer read by RDMA. */
  RDMA_BYTES_SENT,
  /** Of {@link #BYTES_RECEIVED} those that were read by RDMA. */
  RDMA_BYTES_RECEIVED,
  /** Pieces that were granted for RDMA and had to be asked for over TCP after all. */
  RDMA_FALLBACKS,
  /** How often RDMA was turned off for a peer for a while. */
  RDMA_TURNED_OFF,
  /** Connections that authenticated, in and out. */
  CONNECTIONS_ESTABLISHED,
  /** Connections that are open now, in and out, unauthenticated ones included. */
  CONNECTIONS_OPEN,
  /** Of {@link #CONNECTIONS_OPEN} those that are not the first with their peer. */
  LANES_OPEN,
  /** Connections that others made, or were not let make, and that ended before we knew whose. */
  STRANGERS
}
