// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.WaitingReaders;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.PieceTable;
import java.util.BitSet;

/** Tells those who want a piece of one file that it does not come. For the engine's thread. */
final class PieceFailures {
  private final FileSpec file;
  private final FileLayout layout;
  private final FetchState state;
  private final PieceTable plan;
  private final ArrivedPieces pieces;
  private final WaitingReaders waiting;
  private final FileLoads loads;

  PieceFailures(
      FileSpec file,
      FetchState state,
      PieceTable plan,
      ArrivedPieces pieces,
      WaitingReaders waiting,
      FileLoads loads) {
    this.file = file;
    this.layout = file.layout();
    this.state = state;
    this.plan = plan;
    this.pieces = pieces;
    this.waiting = waiting;
    this.loads = loads;
  }

  /** If {@code givenUp}, the piece is not tried again by itself. */
  void failed(int piece, Throwable failure, boolean givenUp) {
    state.metrics().pieceFailed(file, layout.pieceOffset(piece), failure, givenUp);
    if (givenUp) {
      waiting.wake(piece, failure);
      for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
        loads.fail(b, failure);
      }
    }
  }

  /** The version of these pieces, which have landed, cannot be confirmed. */
  void unconfirmed(BitSet landed, Throwable failure) {
    Remedy remedy = TransferException.remedyOf(failure);
    for (int piece = landed.nextSetBit(0); piece >= 0; piece = landed.nextSetBit(piece + 1)) {
      pieces.dropAside(piece);
      boolean givenUp =
          state.swarm().tell().unconfirmed(file.fileId(), piece, remedy, state.nowNs());
      failed(piece, failure, givenUp);
    }
  }

  /** They are given up, and nobody is to blame. */
  void dropped(BitSet landed) {
    for (int piece = landed.nextSetBit(0); piece >= 0; piece = landed.nextSetBit(piece + 1)) {
      pieces.dropAside(piece);
      plan.dropped(piece);
    }
  }

  /** They are of another version, and the decisions know nothing of the fetch any more. */
  void changed(BitSet landed, TransferException why) {
    for (int piece = landed.nextSetBit(0); piece >= 0; piece = landed.nextSetBit(piece + 1)) {
      pieces.dropAside(piece);
      failed(piece, why, plan.failed(piece, why.remedy(), state.nowNs()));
    }
  }
}
