// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.PieceTransfer;
import java.util.ArrayList;
import java.util.List;

/** One piece on its way from one source. For the engine's thread. */
final class Transfer {
  final int piece;
  final boolean isOrigin;
  final long peerId;
  final boolean evenUncached;
  final List<Runnable> whenStopped = new ArrayList<>();
  PieceTarget target;
  UncachedPieces.Piece aside;
  PieceTransfer request;
  boolean cancelled;

  private Transfer(int piece, boolean isOrigin, long peerId, boolean evenUncached) {
    this.piece = piece;
    this.isOrigin = isOrigin;
    this.peerId = peerId;
    this.evenUncached = evenUncached;
  }

  static Transfer fromOrigin(int piece, boolean evenUncached) {
    return new Transfer(piece, true, 0, evenUncached);
  }

  static Transfer fromPeer(int piece, long peerId) {
    return new Transfer(piece, false, peerId, false);
  }

  /** All bytes are where they belong. */
  void keep(ArrivedPieces pieces) {
    target.written();
    if (aside != null) {
      pieces.keepAside(piece, aside);
      aside = null;
    }
  }

  void discard(UncachedPieces table) {
    if (aside != null) {
      table.remove(aside);
      aside = null;
    }
  }
}
