// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.BitSet;
import java.util.Collection;

/** What the block store tells of blocks that come and go. For the engine's thread. */
final class BlockNews {
  private final FetchEngine engine;

  BlockNews(FetchEngine engine) {
    this.engine = engine;
  }

  /** The cache has this block from before, or from somebody else. */
  void found(FileSpec file, int block) {
    boolean unknown = engine.current(file).isEmpty();
    if (unknown && engine.space().isCommitted(file.blockId(block))) {
      engine.held().committed(file, block);
    }
  }

  /** The cache has removed this block, whatever for. */
  void removed(long blockId, Collection<FileFetch> fetches) {
    for (FileFetch fetch : fetches) {
      int block = fetch.file().blockOf(blockId);
      if (block >= 0) {
        fetch.blockGone(block);
      }
    }
    FileSpec file = engine.held().fileOfBlock(blockId);
    // It may have been committed again since.
    if (file != null && !engine.space().isCommitted(blockId)) {
      BitSet lost = engine.held().gone(blockId);
      if (engine.current(file).isEmpty()) {
        lost.stream().forEach(piece -> engine.node().lost(file.fileId(), piece));
      }
    }
  }
}
