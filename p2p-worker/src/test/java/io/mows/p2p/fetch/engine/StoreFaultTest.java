// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelCount;
import io.mows.p2p.fetch.FetchMetrics.ServedFrom;
import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The file system of the cache is full although the cache believes that it has room. That is this
 * worker's own fault: readers get their bytes all the same, and neither the origin nor a peer is
 * blamed or asked for anything again and again.
 */
final class StoreFaultTest {
  private static final int PIECES = 40;
  private static final int LENGTH_BYTES = PIECES * PIECE_BYTES;
  private static final int BLOCK_BYTES = 8 * PIECE_BYTES;

  /** Together 1,000. The second ones take longer: peers ask the locator about each file. */
  private static final int MOMENTS_FROM_ORIGIN = 800;

  private static final int MOMENTS_FROM_PEERS = 200;

  private static final int MOMENTS_OF_A_FILE = 100;

  @TempDir private Path directory;

  @Test
  void shouldServeWhatComesFromTheOriginWhenTheDiskIsFullInTheMiddle() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
      AtomicInteger writes = new AtomicInteger();
      worker.space.failWrites((block, at) -> writes.incrementAndGet() > 30);
      readInOrder(worker, file);
      assertEquals(0, worker.events.piecesFailed.get(), "the origin did nothing wrong");
      assertTrue(worker.events.bytesServed(ServedFrom.UNCACHED) > 0, "bytes served uncached");
      assertTrue(
          worker.source.startedOffsets().size() <= PIECES + 8,
          () -> "reads of the origin: " + worker.source.readsByOffset());
      worker.space.failWrites((block, at) -> false);
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldServeWhatComesFromAPeerWhenTheDiskIsFullInTheMiddle() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker full = holder(swarm);
      TestWorker worker = swarm.join();
      FileSpec file = worker.file(7, LENGTH_BYTES, BLOCK_BYTES);
      AtomicInteger writes = new AtomicInteger();
      worker.space.failWrites((block, at) -> writes.incrementAndGet() > 30);
      readInOrder(worker, file);
      assertEquals(0, worker.events.downloadsFailed.get(), "the peer did nothing wrong");
      assertEquals(0, worker.events.quarantined.get());
      assertEquals(0, worker.events.bytesFrom(Source.ORIGIN), "bytes that a peer has");
      assertTrue(worker.events.bytesServed(ServedFrom.UNCACHED) > 0, "bytes served uncached");
      long sent = sentPieces(full);
      assertTrue(sent <= PIECES + 8, sent + " pieces crossed the network for " + PIECES);
      worker.space.failWrites((block, at) -> false);
      worker.awaitNothingLeft();
    }
  }

  private static void readInOrder(TestWorker worker, FileSpec file) {
    for (int at = 0; at < LENGTH_BYTES; at += 500) {
      worker.read(file, at, 500);
    }
  }

  private static TestWorker holder(TestSwarm swarm) throws Exception {
    TestWorker full = swarm.join();
    TestWorker.await(full.engine.load(full.file(7, LENGTH_BYTES, BLOCK_BYTES), 0, LENGTH_BYTES));
    return full;
  }

  private static long sentPieces(TestWorker worker) {
    return worker.engine.channelStats().orElseThrow().count(ChannelCount.PIECES_SENT);
  }

  @Test
  void shouldFailNoReadInManyRandomMomentsWithReadsFromTheOrigin() {
    Random random = seeded();
    try (TestWorker worker = new TestWorker(directory, TestWorker.settings(4, 8, 10_000))) {
      Moments moments = new Moments(worker, random, MOMENTS_FROM_ORIGIN);
      for (int id = 1; moments.count < MOMENTS_FROM_ORIGIN; id++) {
        moments.of(worker.file(id, 1 + random.nextInt(2 * LENGTH_BYTES), blockBytes(random)));
      }
      assertEquals(0, worker.events.piecesFailed.get(), "the origin did nothing wrong");
      worker.awaitNothingLeft();
      System.out.println(moments.count + " moments: " + worker.events);
    }
  }

  @Test
  void shouldFailNoReadInManyRandomMomentsWithReadsFromAPeer() throws Exception {
    Random random = seeded();
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker full = swarm.join();
      TestWorker worker = swarm.join();
      Moments moments = new Moments(worker, random, MOMENTS_FROM_PEERS);
      for (int id = 1; moments.count < MOMENTS_FROM_PEERS; id++) {
        int lengthBytes = LENGTH_BYTES + random.nextInt(2 * LENGTH_BYTES);
        int blockBytes = blockBytes(random);
        FileSpec theirs = full.file(id, lengthBytes, blockBytes);
        TestWorker.await(full.engine.load(theirs, 0, lengthBytes));
        moments.of(worker.file(id, lengthBytes, blockBytes));
      }
      assertEquals(0, worker.events.downloadsFailed.get(), "the peer did nothing wrong");
      assertEquals(0, worker.events.quarantined.get());
      assertEquals(0, worker.events.piecesFailed.get(), "the origin did nothing wrong");
      worker.awaitNothingLeft();
      System.out.println(moments.count + " moments: " + worker.events);
    }
  }

  private static int blockBytes(Random random) {
    int[] sizes = {1_500, 3_000, BLOCK_BYTES, LENGTH_BYTES};
    return sizes[random.nextInt(sizes.length)];
  }

  private static Random seeded() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    return new Random(seed);
  }

  /** The disk is full, then it is not, then it is full again. Every read must succeed. */
  private static final class Moments {
    private final TestWorker worker;
    private final Random random;
    private final AtomicBoolean isFull = new AtomicBoolean();
    private final AtomicInteger writesUntilFull = new AtomicInteger();
    private final AtomicBoolean wasMet = new AtomicBoolean();
    private final int most;
    private int count;

    Moments(TestWorker worker, Random random, int most) {
      this.most = most;
      this.worker = worker;
      this.random = random;
      worker.space.failWrites((block, at) -> meets());
    }

    private boolean meets() {
      boolean meets = isFull.get() && writesUntilFull.decrementAndGet() < 0;
      wasMet.compareAndSet(false, meets);
      return meets;
    }

    /** Reads the file here and there, while it is evicted again and again. */
    void of(FileSpec file) {
      int lengthBytes = (int) file.layout().lengthBytes();
      for (int i = 0; i < MOMENTS_OF_A_FILE && count < most; i++) {
        worker.space.committedBlocks().forEach(worker.space::evict);
        writesUntilFull.set(random.nextInt(4));
        isFull.set(true);
        for (int k = 0; k < 5 && !wasMet.get(); k++) {
          worker.read(file, random.nextInt(lengthBytes), 1 + random.nextInt(3 * PIECE_BYTES));
        }
        for (int k = random.nextInt(3); k >= 0; k--) {
          worker.read(file, random.nextInt(lengthBytes), 1 + random.nextInt(3 * PIECE_BYTES));
        }
        count += wasMet.getAndSet(false) ? 1 : 0;
        isFull.set(false);
        if (random.nextBoolean()) {
          worker.pass(3, TimeUnit.SECONDS);
        }
      }
      worker.awaitWritable();
      worker.readAll(file);
      TestWorker.await(worker.engine.load(file, 0, lengthBytes));
    }
  }
}
