// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FetchMetrics.ServedFrom;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore.NoSpaceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cache is full: readers are served all the same. */
final class NoRoomTest {
  private static final int PIECES = 40;
  private static final int LENGTH_BYTES = PIECES * PIECE_BYTES;

  @TempDir private Path directory;

  @ParameterizedTest(name = "blocks of {0} bytes")
  @ValueSource(ints = {100, 1000, 1024, 3000, 8192})
  void shouldStreamThroughUncachedPieces(int blockBytes) {
    try (TestWorker worker = worker(4)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, LENGTH_BYTES, blockBytes);
      for (int at = 0; at < LENGTH_BYTES; at += 500) {
        worker.read(file, at, 500);
      }
      assertEquals(LENGTH_BYTES, worker.events.bytesServed(ServedFrom.UNCACHED));
      FetchReadTest.assertEachPieceReadOnce(worker, file);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldReadNothingTwiceForAStream() {
    try (TestWorker worker = worker(4)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, LENGTH_BYTES, 3_000);
      for (int at = 0; at < LENGTH_BYTES; at += 500) {
        worker.read(file, at, 500);
        worker.engine.stream(file, file.layout().blockAt(at));
      }
      FetchReadTest.assertEachPieceReadOnce(worker, file);
      worker.awaitNothingLeft();
    }
  }

  /** Reading on to the end of the file for a reader who wants two pieces would flood the origin. */
  @Test
  void shouldNotReadFarAheadOfAReaderThatIsNotCached() {
    try (TestWorker worker = worker(16)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
      worker.read(file, 0, 10);
      Eventually.until(() -> worker.source.inFlight() == 0, () -> "reads in flight");
      worker.settle();
      worker.settle();
      Eventually.until(() -> worker.source.inFlight() == 0, () -> "reads in flight");
      assertTrue(
          worker.source.startedOffsets().size() <= 6,
          () -> "started " + worker.source.startedOffsets());
    }
  }

  @Test
  void shouldHaveTheNextPieceReadyForAReaderInOrder() {
    try (TestWorker worker = worker(16)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
      for (int piece = 0; piece < 20; piece++) {
        int next = piece + 1;
        worker.read(file, (long) piece * PIECE_BYTES, PIECE_BYTES);
        Eventually.until(() -> worker.view(file).isReadable(next), () -> "piece " + next);
      }
      worker.settle();
      int waits = worker.events.waits.get();
      assertTrue(waits == 1, waits + " waits for 20 pieces in order");
    }
  }

  @Test
  void shouldServeRandomReaders() {
    Random random = seeded();
    try (TestWorker worker = worker(4)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, LENGTH_BYTES, 3_000);
      for (int i = 0; i < 300; i++) {
        worker.read(file, random.nextInt(LENGTH_BYTES), 1 + random.nextInt(4_000));
      }
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldServeManyReadersThroughFewBuffers() {
    Random random = seeded();
    try (TestWorker worker = worker(4)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, LENGTH_BYTES, 3_000);
      FileSpec other = worker.file(8, LENGTH_BYTES, 8_000);
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        Random own = new Random(random.nextLong());
        FileSpec mine = i % 3 == 0 ? other : file;
        readers.add(
            worker.running(
                () -> {
                  for (int k = 0; k < 8; k++) {
                    worker.read(mine, own.nextInt(LENGTH_BYTES), 1 + own.nextInt(3_000));
                  }
                }));
      }
      TestWorker.awaitAll(readers);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldRefuseLoads() {
    try (TestWorker worker = worker(4)) {
      worker.space.quota(10 * PIECE_BYTES);
      FileSpec file = worker.file(7, LENGTH_BYTES, 8 * PIECE_BYTES);
      worker.space.pin(file.blockId(0));
      TestWorker.await(worker.engine.load(file, 0, 10));

      CompletableFuture<Void> load = worker.engine.load(file, 0, 16 * PIECE_BYTES);
      Throwable failure = TestWorker.failureOf(load);
      assertInstanceOf(NoSpaceException.class, failure);
      assertTrue(failure.getMessage().contains("alluxio.worker.ramdisk.size"));
      assertEquals(Set.of(file.blockId(0)), worker.space.committedBlocks());
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldEvictForALoadWhatMayGo() {
    try (TestWorker worker = worker(4)) {
      worker.space.quota(10 * PIECE_BYTES);
      FileSpec file = worker.file(7, LENGTH_BYTES, 8 * PIECE_BYTES);
      for (int block = 0; block < 5; block++) {
        TestWorker.await(worker.engine.load(file, block * 8L * PIECE_BYTES, 1));
        assertEquals(Set.of(file.blockId(block)), worker.space.committedBlocks());
      }
      worker.awaitNothingLeft();
    }
  }

  /** A reader takes the piece first: the load must still hear that its block has no room. */
  @Test
  void shouldRefuseALoadWhoseOnlyPieceAReaderIsStreaming() {
    try (TestWorker worker = worker(4)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, PIECE_BYTES, PIECE_BYTES);
      worker.source.hold();
      CompletableFuture<Void> reader = worker.reading(file, 0, 10);
      worker.awaitWaiting(file, 0);
      CompletableFuture<Void> load = worker.engine.load(file, 0, PIECE_BYTES);
      worker.source.release();
      TestWorker.await(reader);
      assertInstanceOf(NoSpaceException.class, TestWorker.failureOf(load));
    }
  }

  @Test
  void shouldRefuseALoadOfWhatIsHeldAsideOnly() {
    try (TestWorker worker = worker(4)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, 2 * PIECE_BYTES, 2 * PIECE_BYTES);
      worker.readAll(file);
      CompletableFuture<Void> load = worker.engine.load(file, 0, 10);
      assertInstanceOf(NoSpaceException.class, TestWorker.failureOf(load));
    }
  }

  @Test
  void shouldLoadWhatIsHeldAsideOnceThereIsRoom() {
    try (TestWorker worker = worker(4)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, 2 * PIECE_BYTES, 2 * PIECE_BYTES);
      worker.readAll(file);
      worker.space.quota(Long.MAX_VALUE);
      worker.pass(3, TimeUnit.SECONDS);
      TestWorker.await(worker.engine.load(file, 0, 10));
      assertEquals(Set.of(file.blockId(0)), worker.space.committedBlocks());
    }
  }

  @Test
  void shouldCacheAgainOnceThereIsRoom() {
    try (TestWorker worker = worker(4)) {
      worker.space.quota(0);
      FileSpec file = worker.file(7, LENGTH_BYTES, 8 * PIECE_BYTES);
      worker.read(file, 0, 5 * PIECE_BYTES);
      worker.space.quota(Long.MAX_VALUE);
      worker.read(file, 0, 2 * PIECE_BYTES);
      worker.pass(3, TimeUnit.SECONDS);
      worker.readAll(file);
      worker.engine.readAhead(List.of(file), 1 << 20);
      Eventually.until(() -> worker.events.committed.get() == 5, () -> "commits");
      worker.readAll(file);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldStopReadingAhead() {
    try (TestWorker worker = worker(4)) {
      worker.space.quota(8 * PIECE_BYTES);
      FileSpec file = worker.file(7, LENGTH_BYTES, 8 * PIECE_BYTES);
      worker.space.pin(file.blockId(0));
      worker.engine.readAhead(List.of(file), 1 << 20);
      Eventually.until(() -> worker.events.refused.get() == 4, () -> "refusals");
      Eventually.until(() -> worker.events.committed.get() == 1, () -> "commit");
      worker.awaitNothingLeft();
      assertEquals(8, worker.source.startedOffsets().size(), "no piece for nobody");
    }
  }

  /** A piece lies in a block that has room and in one that has none. */
  @Test
  void shouldLoadABlockThatSharesAPieceWithABlockThatHasNoRoom() {
    try (TestWorker worker = worker(4)) {
      FileSpec file = worker.file(7, 6_000, 1_500);
      worker.space.refuse(id -> id == file.blockId(1));
      CompletableFuture<Void> refused = worker.engine.load(file, 1_500, 10);
      CompletableFuture<Void> before = worker.engine.load(file, 0, 10);
      CompletableFuture<Void> behind = worker.engine.load(file, 3_000, 3_000);
      assertInstanceOf(NoSpaceException.class, TestWorker.failureOf(refused));
      TestWorker.await(before);
      TestWorker.await(behind);
      worker.readAll(file);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldReadAheadABlockThatSharesAPieceWithABlockThatHasNoRoom() {
    try (TestWorker worker = worker(4)) {
      FileSpec file = worker.file(7, 6_000, 1_500);
      worker.space.refuse(id -> id == file.blockId(1));
      worker.engine.readAhead(List.of(file), 1 << 20);
      Eventually.until(() -> worker.events.committed.get() == 3, () -> "commits");
      worker.awaitNothingLeft();
    }
  }

  private TestWorker worker(int uncachedPieces) {
    return new TestWorker(directory, TestWorker.settings(8, uncachedPieces, 10_000));
  }

  private static Random seeded() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    return new Random(seed);
  }
}
