// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.master.block.BlockId;
import alluxio.util.IdUtils;

/** Ids as the master makes them. */
public final class Ids {
  private Ids() {}

  /** Block {@code block} of file number {@code file}. */
  public static long block(int file, int block) {
    return BlockId.createBlockId(file, block);
  }

  public static long file(int file) {
    return IdUtils.fileIdFromBlockId(block(file, 0));
  }
}
