// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

/** What a peer says of one of its pieces. */
public enum PieceChange {
  /** It is here and may be asked for. */
  HAVE,
  /** It is on its way here. */
  ARRIVING,
  /** It is neither here nor coming: evicted, or given up. */
  GONE
}
