// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.table.Target;
import io.mows.p2p.fetch.table.UncachedSlots;

/** One piece on its way from one source. For the engine's thread. */
public final class Transfer {
  /** What becomes of it; it leaves the table when it has ended. */
  enum State {
    /** For another writer of the piece to stop, or for room. */
    WAITS,
    RUNNING,
    /** All bytes are here, aside, and go to where they belong. */
    COPYING,
    /** It was called off; somebody may still write its bytes. */
    STOPPING,
    OVER
  }

  final long ticket;
  final int piece;
  final boolean isOrigin;
  final long peerId;

  /** Worth reading even if it is not cached; of the origin's only. */
  final boolean evenUncached;

  /** Of those from peers only. */
  final boolean isUrgent;

  /** The piece is arriving from elsewhere as well: its bytes come aside first. */
  final boolean isHedge;

  State state = State.WAITS;

  /** Null before there is room, and of a hedge whose bytes are still coming. */
  Target target;

  /** The slot that it has to give back; {@link UncachedSlots#NONE} if it has none. */
  long slot = UncachedSlots.NONE;

  /** Of a hedge whose bytes are all here. */
  int crc32;

  boolean isInScratch;

  private Transfer(
      long ticket,
      int piece,
      boolean isOrigin,
      long peerId,
      boolean evenUncached,
      boolean isUrgent,
      boolean isHedge) {
    this.ticket = ticket;
    this.piece = piece;
    this.isOrigin = isOrigin;
    this.peerId = peerId;
    this.evenUncached = evenUncached;
    this.isUrgent = isUrgent;
    this.isHedge = isHedge;
  }

  public static Transfer fromOrigin(long ticket, int piece, boolean evenUncached) {
    return new Transfer(ticket, piece, true, 0, evenUncached, false, false);
  }

  public static Transfer fromPeer(
      long ticket, int piece, long peerId, boolean urgent, boolean hedge) {
    return new Transfer(ticket, piece, false, peerId, false, urgent, hedge);
  }

  /** Whether its bytes are here already, in a block that is linked. */
  boolean isLinked() {
    return target != null && target.isLinked();
  }

  /** All bytes are where they belong. */
  void keep(ArrivedPieces pieces) {
    target.parts().forEach(part -> part.slot().written(piece));
    if (slot != UncachedSlots.NONE) {
      pieces.keepAside(piece, slot);
      slot = UncachedSlots.NONE;
    }
  }
}
