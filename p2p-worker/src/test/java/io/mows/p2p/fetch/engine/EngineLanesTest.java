// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LaneLoads;
import io.mows.p2p.fetch.LaneLoads.LaneEndedException;
import io.mows.p2p.fetch.LaneLoads.Manners;
import io.mows.p2p.fetch.LocalStore.NoSpaceException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EngineLanesTest {
  private static final String LANE = "lane";

  @TempDir private Path directory;

  @Test
  void shouldBringBlocksIntoTheCacheInTheirOrder() {
    try (TestWorker worker = new TestWorker(directory);
        EngineLanes loads = new EngineLanes(worker.engine, 2 * PIECE_BYTES)) {
      FileSpec file = worker.file(7, 12 * PIECE_BYTES, 4 * PIECE_BYTES);
      CompletableFuture<Void> last = loads.load(LANE, file, 2, true);
      CompletableFuture<Void> first = loads.load(LANE, file, 0, true);
      TestWorker.await(last);
      TestWorker.await(first);
      assertEquals(Set.of(file.blockId(0), file.blockId(2)), worker.space.committedBlocks());
      List<Long> offsets = worker.source.startedOffsets();
      assertEquals(8, offsets.size());
      assertTrue(offsets.indexOf(8L * PIECE_BYTES) < offsets.indexOf(0L), offsets::toString);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldAskForNoMoreThanItsWindow() {
    try (TestWorker worker = new TestWorker(directory);
        EngineLanes loads = new EngineLanes(worker.engine, 2 * PIECE_BYTES)) {
      FileSpec file = worker.file(7, 16 * PIECE_BYTES, 16 * PIECE_BYTES);
      worker.source.hold();
      CompletableFuture<Void> load = loads.load(LANE, file, 0, false);
      worker.source.awaitHeldReads(2);
      assertEquals(List.of(0L, (long) PIECE_BYTES), worker.source.heldOffsets());
      worker.source.release();
      TestWorker.await(load);
    }
  }

  @Test
  void shouldEndWhatWaitsAndGoOnWithWhatHasBegun() {
    try (TestWorker worker = new TestWorker(directory);
        EngineLanes loads = new EngineLanes(worker.engine, 6 * PIECE_BYTES)) {
      FileSpec file = worker.file(7, 12 * PIECE_BYTES, 4 * PIECE_BYTES);
      worker.source.hold();
      CompletableFuture<Void> begun = loads.load(LANE, file, 0, false);
      CompletableFuture<Void> askedFor = loads.load(LANE, file, 1, false);
      CompletableFuture<Void> waiting = loads.load(LANE, file, 2, false);
      worker.source.awaitHeldReads(4);
      loads.endWaiting(LANE);
      assertInstanceOf(LaneEndedException.class, TestWorker.failureOf(askedFor));
      assertInstanceOf(LaneEndedException.class, TestWorker.failureOf(waiting));
      worker.source.release();
      TestWorker.await(begun);
      assertEquals(4, worker.source.startedOffsets().size());
      assertEquals(Set.of(file.blockId(0)), worker.space.committedBlocks());
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldGiveWayToReadersAndGoOnAfterwards() {
    try (TestWorker worker = new TestWorker(directory);
        EngineLanes loads = new EngineLanes(worker.engine, 100 * PIECE_BYTES)) {
      FileSpec background = worker.file(7, 64 * PIECE_BYTES, 64 * PIECE_BYTES);
      FileSpec wanted = worker.file(8, 4 * PIECE_BYTES, 4 * PIECE_BYTES);
      worker.source.hold();
      CompletableFuture<Void> load = loads.load(LANE, background, 0, false);
      worker.source.awaitHeldReads(4);
      CompletableFuture<Void> reader = worker.reading(wanted, 0, 10);
      worker.awaitWaiting(wanted, 0);
      for (long offset : worker.source.heldOffsets()) {
        worker.source.releaseOne(offset);
      }
      worker.source.release();
      TestWorker.await(reader);
      assertFalse(load.isDone(), "it has given way");
      worker.pass(1, TimeUnit.SECONDS);
      TestWorker.await(load);
    }
  }

  @Test
  void shouldTellItsOwnLoadsFromThoseOfOthers() {
    try (TestWorker worker = new TestWorker(directory);
        EngineLanes loads = new EngineLanes(worker.engine, 100 * PIECE_BYTES)) {
      FileSpec file = worker.file(7, 8 * PIECE_BYTES, 4 * PIECE_BYTES);
      worker.source.hold();
      CompletableFuture<Void> own = loads.load(LANE, file, 0, false);
      worker.source.awaitHeldReads(4);
      assertFalse(othersFetch(worker, loads));
      CompletableFuture<Void> other = worker.engine.load(file, 4 * PIECE_BYTES, 1);
      assertTrue(othersFetch(worker, loads));
      worker.source.release();
      TestWorker.await(own);
      TestWorker.await(other);
      assertFalse(othersFetch(worker, loads));
    }
  }

  private static boolean othersFetch(TestWorker worker, EngineLanes loads) {
    loads.activity();
    worker.settle();
    return loads.activity().othersFetch();
  }

  @Test
  void shouldEndAtOnceWhenAReaderComesIfItIsSoMinded() {
    try (TestWorker worker = new TestWorker(directory);
        EngineLanes loads = new EngineLanes(worker.engine, 100 * PIECE_BYTES)) {
      FileSpec background = worker.file(7, 64 * PIECE_BYTES, 64 * PIECE_BYTES);
      FileSpec wanted = worker.file(8, 4 * PIECE_BYTES, 4 * PIECE_BYTES);
      worker.source.hold();
      loads.configure(LANE, LaneLoads.UNLIMITED, Manners.ENDS);
      CompletableFuture<Void> load = loads.load(LANE, background, 0, false);
      worker.source.awaitHeldReads(4);
      CompletableFuture<Void> reader = worker.reading(wanted, 0, 10);
      long startNs = System.nanoTime();
      assertInstanceOf(LaneEndedException.class, TestWorker.failureOf(load));
      long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
      assertTrue(elapsedMs < 1_000, () -> "it took " + elapsedMs + " ms");
      worker.settle();
      assertNull(worker.view(background), "its fetch goes on");
      worker.source.release();
      TestWorker.await(reader);
      int started = worker.source.startedOffsets().size();
      assertTrue(started <= 4 + 4, () -> started + " reads");
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldNotTakeFromAnotherLoadWhatItGivesUp() {
    try (TestWorker worker = new TestWorker(directory);
        EngineLanes loads = new EngineLanes(worker.engine, 100 * PIECE_BYTES)) {
      FileSpec file = worker.file(7, 32 * PIECE_BYTES, 16 * PIECE_BYTES);
      worker.source.hold();
      CompletableFuture<Void> paced = loads.load(LANE, file, 0, false);
      worker.source.awaitHeldReads(4);
      CompletableFuture<Void> load = worker.engine.load(file, 0, 16 * PIECE_BYTES);
      worker.settle();
      loads.end(LANE);
      assertInstanceOf(LaneEndedException.class, TestWorker.failureOf(paced));
      worker.source.release();
      TestWorker.await(load);
    }
  }

  @Test
  void shouldKeepToItsRate() {
    try (TestWorker worker = new TestWorker(directory);
        EngineLanes loads = new EngineLanes(worker.engine, 100 * PIECE_BYTES)) {
      FileSpec file = worker.file(7, 40 * PIECE_BYTES, 40 * PIECE_BYTES);
      loads.configure(LANE, 50 * PIECE_BYTES, Manners.SLOWS_DOWN);
      long startNs = System.nanoTime();
      TestWorker.await(loads.load(LANE, file, 0, false));
      double seconds = (System.nanoTime() - startNs) / 1e9;
      assertTrue(seconds > 0.5, () -> "40 pieces at 50 a second took " + seconds + " s");
    }
  }

  @Test
  void shouldSayThatThereIsNoRoom() {
    try (TestWorker worker = new TestWorker(directory);
        EngineLanes loads = new EngineLanes(worker.engine, 100 * PIECE_BYTES)) {
      FileSpec file = worker.file(7, 8 * PIECE_BYTES, 4 * PIECE_BYTES);
      worker.space.refuse(id -> id == file.blockId(0));
      CompletableFuture<Void> refused = loads.load(LANE, file, 0, false);
      CompletableFuture<Void> fits = loads.load(LANE, file, 1, false);
      assertInstanceOf(NoSpaceException.class, TestWorker.failureOf(refused));
      TestWorker.await(fits);
    }
  }
}
