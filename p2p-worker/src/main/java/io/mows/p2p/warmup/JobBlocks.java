// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.piece.Rendezvous;
import java.util.Arrays;

/** The blocks of a job, counted over its files in their order. Immutable. */
final class JobBlocks {
  private final WarmupJob job;
  private final int[] fileOfBlock;
  private final int[] firstBlockOfFile;

  JobBlocks(WarmupJob job) {
    this.job = job;
    this.fileOfBlock = new int[job.blockCount()];
    this.firstBlockOfFile = new int[job.files().size()];
    int block = 0;
    for (int f = 0; f < firstBlockOfFile.length; f++) {
      firstBlockOfFile[f] = block;
      int end = block + job.files().get(f).blockCount();
      Arrays.fill(fileOfBlock, block, end, f);
      block = end;
    }
  }

  int count() {
    return fileOfBlock.length;
  }

  JobFile fileOf(int block) {
    return job.files().get(fileOfBlock[block]);
  }

  int fileIndexOf(int block) {
    return fileOfBlock[block];
  }

  /** Which block of its file {@code block} is. */
  int inFile(int block) {
    return block - firstBlockOfFile[fileOfBlock[block]];
  }

  long lengthOf(int block) {
    return fileOf(block).blockLength(inFile(block));
  }

  /** What workers are ranked by for this block: the same for all who ask, in any job. */
  long key(int block) {
    return Rendezvous.mix(Rendezvous.mix(fileOf(block).id()) ^ inFile(block));
  }
}
