// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.FileSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks go away while their file is being read and fetched. */
final class EvictionTest {
  private static final int LENGTH_BYTES = 20_000;

  @TempDir private Path directory;

  @Test
  void shouldFetchAnEvictedBlockAgain() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, 3_000);
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      for (int block = 0; block < file.layout().blockCount(); block++) {
        assertTrue(worker.space.evict(file.blockId(block)));
        worker.readAll(file);
      }
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      assertEquals(7, worker.space.committedBlocks().size());
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldFindOutByItselfThatABlockIsGone() {
    try (TestWorker worker = new TestWorker(directory)) {
      worker.space.onRemoved(id -> {});
      FileSpec file = worker.file(7, LENGTH_BYTES, 3_000);
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      assertTrue(worker.space.evict(file.blockId(2)));
      assertTrue(worker.space.evict(file.blockId(3)));
      worker.readAll(file);
      assertTrue(worker.space.evict(file.blockId(5)));
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      assertEquals(7, worker.space.committedBlocks().size());
    }
  }

  @Test
  void shouldLookAgainWhenABlockGoesBetweenLookAndOpen() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, 3_000);
      TestWorker.await(worker.engine.load(file, 0, LENGTH_BYTES));
      AtomicInteger opens = new AtomicInteger();
      worker.space.beforeOpen(
          id -> {
            if (opens.getAndIncrement() % 2 == 0) {
              worker.space.evict(id);
            }
          });
      worker.readAll(file);
      worker.space.beforeOpen(id -> {});
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldReadWhileEverythingIsEvictedAllTheTime() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, 3_000);
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<Void> evictor =
          worker.running(
              () -> {
                while (!done.get()) {
                  worker.space.committedBlocks().forEach(worker.space::evict);
                  Thread.onSpinWait();
                }
              });
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Random own = new Random(random.nextLong());
        readers.add(
            worker.running(
                () -> {
                  for (int k = 0; k < 15; k++) {
                    worker.read(file, own.nextInt(LENGTH_BYTES), 1 + own.nextInt(6_000));
                  }
                }));
      }
      TestWorker.awaitAll(readers);
      done.set(true);
      TestWorker.await(evictor);
      worker.awaitNothingLeft();
    }
  }

  /** The piece at the border is lost with the evicted block, but the other block has it. */
  @Test
  void shouldCompleteABlockWhoseNeighbourIsEvictedMeanwhile() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 3_000, 1_500);
      worker.source.hold();
      CompletableFuture<Void> first = worker.engine.load(file, 0, 10);
      worker.source.releaseOne(0);
      worker.source.releaseOne(PIECE_BYTES);
      TestWorker.await(first);
      CompletableFuture<Void> second = worker.engine.load(file, 1_500, 10);
      worker.source.awaitHeldReads(1);
      assertTrue(worker.space.evict(file.blockId(0)));
      worker.source.release();
      TestWorker.await(second);
      assertEquals(2, worker.source.readsByOffset().size() - 1);
      worker.readAll(file);
      worker.awaitNothingLeft();
    }
  }
}
