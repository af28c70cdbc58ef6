// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import io.mows.p2p.piece.FileLayout;
import java.util.ArrayDeque;
import java.util.Queue;

/** How many pieces each block of a file lacks, and which blocks have become complete. */
final class MissingPieces {
  private final FileLayout layout;
  private final int[] ofBlock;
  private final Queue<Integer> completedBlocks = new ArrayDeque<>();

  MissingPieces(FileLayout layout) {
    this.layout = layout;
    this.ofBlock = new int[layout.blockCount()];
    for (int block = 0; block < ofBlock.length; block++) {
      ofBlock[block] = layout.lastPieceOfBlock(block) - layout.firstPieceOfBlock(block) + 1;
    }
  }

  void arrived(int piece) {
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      if (--ofBlock[b] == 0) {
        completedBlocks.add(b);
      }
    }
  }

  void lost(int piece) {
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      ofBlock[b]++;
      completedBlocks.remove(b);
    }
  }

  boolean isComplete(int block) {
    return ofBlock[block] == 0;
  }

  /** A block that has become complete since the last call, or null. */
  Integer pollCompleted() {
    return completedBlocks.poll();
  }

  /** Those that are complete by now are known already. */
  void forgetCompleted() {
    completedBlocks.clear();
  }
}
