// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.memory.BlockFile;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the block space is asked to do with the blocks of one file; it does so on the store's
 * threads. For the engine's thread.
 */
final class BlockCalls {
  private static final Logger LOG = LoggerFactory.getLogger(BlockCalls.class);

  private final FileSpec file;
  private final FetchEngine engine;
  private int running;

  BlockCalls(FileSpec file, FetchEngine engine) {
    this.file = file;
    this.engine = engine;
  }

  /** Whether any has not ended. */
  boolean isBusy() {
    return running > 0;
  }

  /** Asks for room, after all that was asked of {@code block} before. */
  void reserve(int block, BiConsumer<BlockFile, Throwable> then) {
    long lengthBytes = file.layout().blockLength(block);
    callRoom(block, () -> engine.space().reserve(file.blockId(block), lengthBytes), then);
  }

  /**
   * Commits the block of {@code slot}.
   *
   * @param then told why it failed, or null
   */
  void commit(int block, BlockSlot slot, BiConsumer<Void, Throwable> then) {
    running++;
    engine
        .storeThreads()
        .commit(
            () -> {
              engine.space().commit(file.blockId(block));
              return (Void) null;
            },
            (none, failure) -> {
              running--;
              if (failure == null) {
                slot.committed();
                BlockFile written = slot.takeFile();
                engine.storeThreads().serve(() -> close(written), (closed, unused) -> {});
              }
              then.accept(null, failure);
            });
  }

  /** Gives back the room of the block of {@code slot}. */
  void abandon(int block, BlockSlot slot) {
    BlockFile unfinished = slot.takeFile();
    engine.events().blockAborted();
    callRoom(
        block,
        () -> {
          close(unfinished);
          engine.space().abort(file.blockId(block));
          return null;
        },
        (none, failure) -> {});
  }

  private static Void close(BlockFile file) {
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("The block file {} could not be closed", file.path(), e);
    }
    return null;
  }

  private <T> void callRoom(int block, Callable<T> call, BiConsumer<T, Throwable> then) {
    running++;
    engine
        .storeThreads()
        .room(
            file.blockId(block),
            call,
            (result, failure) -> {
              running--;
              then.accept(result, failure);
            });
  }
}
