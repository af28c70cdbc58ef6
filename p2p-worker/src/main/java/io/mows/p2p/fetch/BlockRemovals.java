// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes complete blocks of one file out of the cache. For the engine's thread. */
final class BlockRemovals {
  private static final Logger LOG = LoggerFactory.getLogger(BlockRemovals.class);

  private final FileSpec file;
  private final FetchEngine engine;
  private final Runnable onRemoved;
  private Runnable onAllGone = () -> {};
  private int running;
  private boolean failed;

  /**
   * @param onRemoved run after each of them, successful or not
   */
  BlockRemovals(FileSpec file, FetchEngine engine, Runnable onRemoved) {
    this.file = file;
    this.engine = engine;
    this.onRemoved = onRemoved;
  }

  boolean isBusy() {
    return running > 0;
  }

  /** Room for the block may be asked for at once: that waits until it is gone. */
  void remove(int block) {
    long blockId = file.blockId(block);
    engine.held().gone(blockId);
    running++;
    engine
        .storeThreads()
        .room(
            blockId,
            () -> {
              engine.space().remove(blockId);
              return null;
            },
            (none, failure) -> {
              running--;
              if (failure != null) {
                failed = true;
                LOG.error("The wrong block {} of {} could not be removed", blockId, file, failure);
              }
              onRemoved.run();
              tellIfGone();
            });
  }

  /**
   * @param whenAllGone run when all of them are gone; never, if one could not be removed
   */
  void removeAll(Runnable whenAllGone) {
    onAllGone = whenAllGone;
    failed = false;
    for (int block = 0; block < file.layout().blockCount(); block++) {
      if (engine.space().isCommitted(file.blockId(block))) {
        remove(block);
      }
    }
    tellIfGone();
  }

  private void tellIfGone() {
    if (running == 0 && !failed) {
      Runnable action = onAllGone;
      onAllGone = () -> {};
      action.run();
    }
  }
}
