// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.swarm.origin.OriginFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several engines over real sockets. */
final class SharingTest {
  private static final int PIECES = 64;
  private static final int LENGTH_BYTES = PIECES * TestWorker.PIECE_BYTES - 100;
  private static final int BLOCK_BYTES = 9_000;

  @TempDir Path directory;

  private static FileSpec file(TestWorker worker) {
    return worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
  }

  /** An origin is never as fast as the memory of this test. */
  private static Throwable slowly(FileSpec file, long offset) {
    try {
      Thread.sleep(20);
      return null;
    } catch (InterruptedException e) {
      return e;
    }
  }

  private static Throwable away() {
    return new OriginException(OriginFault.AWAY, "connection refused", null);
  }

  private static void load(TestWorker worker) {
    TestWorker.await(worker.engine.load(file(worker), 0, LENGTH_BYTES));
  }

  @Test
  void shouldTakeFromAPeerWhatItHas() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      load(swarm.join());
      TestWorker late = swarm.join();
      late.readAll(file(late));
      assertEquals(LENGTH_BYTES, swarm.originBytes(), "only the first has read the origin");
      assertEquals(LENGTH_BYTES, late.events.bytesFrom(Source.PEER));
    }
  }

  @Test
  void shouldNotWaitForTheLocatorWhereThereIsNoOtherWorker() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker worker = swarm.join();
      swarm.awaitAlone();
      swarm.silenceDirectory();
      long startNs = System.nanoTime();
      worker.read(file(worker), 0, 10);
      long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
      assertTrue(tookMs < 500, () -> tookMs + " ms; a question is given up after 1,000");
    }
  }

  @Test
  void shouldReadTheOriginAboutOnceWhenAllStartTogether() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      List<TestWorker> workers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        TestWorker worker = swarm.join();
        worker.source.failReads(SharingTest::slowly);
        workers.add(worker);
      }
      List<CompletableFuture<Void>> reads = new ArrayList<>();
      for (TestWorker worker : workers) {
        worker.engine.readAhead(List.of(file(worker)), Long.MAX_VALUE);
        reads.add(worker.reading(file(worker), 0, LENGTH_BYTES));
      }
      TestWorker.awaitAll(reads);
      assertTrue(
          swarm.originBytes() < LENGTH_BYTES * 3L / 2,
          () -> swarm.originBytes() + " of " + LENGTH_BYTES);
    }
  }

  @Test
  void shouldServePiecesOfBlocksThatAreStillArriving() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker first = swarm.join();
      TestWorker second = swarm.join();
      FileSpec file = file(first);
      first.read(file, 0, 10);
      first.source.hold();
      first.engine.readAhead(List.of(file), Long.MAX_VALUE);
      AtomicBoolean isAway = new AtomicBoolean(true);
      second.source.failReads((any, offset) -> isAway.get() ? away() : null);
      second.read(file(second), 0, 10);
      assertEquals(TestWorker.PIECE_BYTES, second.events.bytesFrom(Source.PEER));
      first.source.release();
      isAway.set(false);
      second.readAll(file(second));
    }
  }

  @Test
  void shouldGoOnWithTheOriginWhenThePeerLeaves() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker first = swarm.join();
      load(first);
      TestWorker second = swarm.join();
      second.read(file(second), 0, 10);
      swarm.leave(first);
      second.readAll(file(second));
    }
  }

  @Test
  void shouldGoOnWithKnownPeersWithoutTheLocator() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker first = swarm.join();
      load(first);
      FileSpec other = first.file(8, LENGTH_BYTES, BLOCK_BYTES);
      TestWorker.await(first.engine.load(other, 0, LENGTH_BYTES));
      TestWorker second = swarm.join();
      second.read(file(second), 0, 10);
      swarm.loseDirectory();
      long before = swarm.originBytes();
      second.readAll(file(second));
      second.readAll(second.file(8, LENGTH_BYTES, BLOCK_BYTES));
      assertEquals(before, swarm.originBytes(), "all of it came from the peer");
      second.readAll(second.file(9, LENGTH_BYTES, BLOCK_BYTES));
    }
  }

  @Test
  void shouldNotGiveAwayWhatIsEvicted() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker first = swarm.join();
      load(first);
      first.awaitNothingLeft();
      FileSpec file = file(first);
      for (int block = 0; block < file.layout().blockCount(); block++) {
        first.space.evict(file.blockId(block));
      }
      TestWorker second = swarm.join();
      second.readAll(file(second));
      assertEquals(LENGTH_BYTES, second.events.bytesFrom(Source.ORIGIN));
    }
  }

  @Test
  void shouldServeFilesThatAreNotBeingFetched() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker first = swarm.join();
      load(first);
      first.pass(120_000, TimeUnit.MILLISECONDS);
      first.sweep();
      assertEquals(List.of(), first.engine.progress());
      TestWorker second = swarm.join();
      second.readAll(file(second));
      assertEquals(LENGTH_BYTES, second.events.bytesFrom(Source.PEER));
    }
  }

  @Test
  void shouldServeBlocksThatWereFound() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker first = swarm.join();
      FileSpec file = file(first);
      first.space.addCommitted(file, 0);
      first.engine.found(file, 0);
      first.settle();
      TestWorker second = swarm.join();
      second.read(file(second), 0, 10);
      assertEquals(0, swarm.originBytes());
      second.readAll(file(second));
    }
  }

  @Test
  void shouldCountWhatComesFromTheWarmUpGroup() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      load(swarm.join("any", PeerRole.WARMUP));
      TestWorker instance = swarm.join("service", PeerRole.INSTANCE);
      instance.readAll(file(instance));
      assertEquals(LENGTH_BYTES, instance.events.bytesFrom(Source.WARMUP));
    }
  }

  @Test
  void shouldNotTakeFromAnotherGroup() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      load(swarm.join("one", PeerRole.INSTANCE));
      TestWorker other = swarm.join("other", PeerRole.INSTANCE);
      other.readAll(file(other));
      assertEquals(LENGTH_BYTES, other.events.bytesFrom(Source.ORIGIN));
    }
  }

  @Test
  void shouldStreamFromPeersWithoutRoom() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      load(swarm.join());
      TestWorker small = swarm.join();
      small.space.quota(0);
      small.readAll(file(small));
      assertTrue(small.events.bytesFrom(Source.PEER) > LENGTH_BYTES / 2, "mostly from the peer");
      small.awaitNothingLeft();
    }
  }
}
