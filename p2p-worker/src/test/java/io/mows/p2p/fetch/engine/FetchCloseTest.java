// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.TransferException;
import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TestWorker.close() itself checks that blocks, leases, files and threads are given back. */
final class FetchCloseTest {
  @TempDir private Path directory;

  @Test
  void shouldEndReadersAndLoadsThatWait() {
    TestWorker worker = new TestWorker(directory);
    FileSpec file = worker.file(7, 16 * PIECE_BYTES, 4 * PIECE_BYTES);
    worker.source.hold();
    List<CompletableFuture<Throwable>> readers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      int at = i * PIECE_BYTES;
      CompletableFuture<Throwable> reader = new CompletableFuture<>();
      worker.running(() -> reader.complete(worker.failureOfRead(file, at, 10)));
      readers.add(reader);
      worker.awaitWaiting(file, i);
    }
    CompletableFuture<Void> load = worker.engine.load(file, 0, 16 * PIECE_BYTES);
    worker.engine.readAhead(List.of(file), 1 << 20);
    worker.close();
    for (CompletableFuture<Throwable> reader : readers) {
      assertShuttingDown(TestWorker.await(reader));
    }
    assertNotNull(TestWorker.failureOf(load));
  }

  @Test
  void shouldRefuseEverythingAfterwardsAtOnce() {
    TestWorker worker = new TestWorker(directory);
    FileSpec file = worker.file(7, 16 * PIECE_BYTES, 4 * PIECE_BYTES);
    worker.readAll(file);
    FileSpec other = worker.file(8, PIECE_BYTES, PIECE_BYTES);
    worker.close();
    worker.engine.close();
    assertShuttingDown(worker.failureOfRead(other, 0, 10));
    assertInstanceOf(IOException.class, TestWorker.failureOf(worker.engine.load(other, 0, 10)));
    worker.engine.readAhead(List.of(other), 1 << 20);
    worker.engine.onBlockRemoved(file.blockId(0));
  }

  @Test
  void shouldGiveBackABlockThatIsBeingReserved() {
    TestWorker worker = new TestWorker(directory);
    FileSpec file = worker.file(7, PIECE_BYTES, PIECE_BYTES);
    CountDownLatch reserving = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    worker.space.beforeReserve(
        id -> {
          reserving.countDown();
          awaitLatch(go);
        });
    CompletableFuture<Void> load = worker.engine.load(file, 0, 10);
    awaitLatch(reserving);
    worker.space.closing();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(worker.engine::close);
    assertNotNull(TestWorker.failureOf(load));
    go.countDown();
    TestWorker.await(closed);
    worker.close();
  }

  @Test
  void shouldFinishACommitThatIsUnderWay() {
    TestWorker worker = new TestWorker(directory);
    FileSpec file = worker.file(7, PIECE_BYTES, PIECE_BYTES);
    CountDownLatch committing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    worker.space.beforeCommit(
        id -> {
          committing.countDown();
          awaitLatch(go);
        });
    CompletableFuture<Void> load = worker.engine.load(file, 0, 10);
    awaitLatch(committing);
    worker.space.closing();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(worker.engine::close);
    assertNotNull(TestWorker.failureOf(load));
    go.countDown();
    TestWorker.await(closed);
    worker.close();
    assertTrue(worker.space.isCommitted(file.blockId(0)));
  }

  @Test
  void shouldGiveBackABlockWhoseCommitFailsMeanwhile() {
    TestWorker worker = new TestWorker(directory);
    FileSpec file = worker.file(7, PIECE_BYTES, PIECE_BYTES);
    CountDownLatch committing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    worker.space.failCommits(id -> true);
    worker.space.beforeCommit(
        id -> {
          committing.countDown();
          awaitLatch(go);
        });
    worker.engine.load(file, 0, 10);
    awaitLatch(committing);
    worker.space.closing();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(worker.engine::close);
    go.countDown();
    TestWorker.await(closed);
    worker.close();
  }

  @Test
  void shouldEndWhileManyReadersComeAndGo() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 8; round++) {
      TestWorker worker = new TestWorker(directory);
      FileSpec file = worker.file(7, 64 * PIECE_BYTES, 5_000);
      AtomicInteger reads = new AtomicInteger();
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Random own = new Random(random.nextLong());
        readers.add(worker.running(() -> readUntilClosed(worker, file, own, reads)));
      }
      int enough = random.nextInt(60);
      Eventually.until(() -> reads.get() >= enough, () -> reads + " reads");
      worker.close();
      TestWorker.awaitAll(readers);
    }
  }

  private static void assertShuttingDown(Throwable failure) {
    assertFalse(failure instanceof TransferException, "it is not the origin's word");
    assertTrue(failure.getMessage().contains("shutting down"), failure.getMessage());
  }

  private static void readUntilClosed(
      TestWorker worker, FileSpec file, Random random, AtomicInteger reads) {
    while (true) {
      long at = random.nextInt(63 * PIECE_BYTES);
      ByteBuffer dst = ByteBuffer.allocate(1_000);
      try {
        // Blocks that are in the cache can be read for ever; stay with those that are not.
        worker.space.evict(file.blockId(file.layout().blockAt(at)));
        worker.engine.read(file, at, dst);
      } catch (IOException e) {
        return;
      }
      TestWorker.check(file, 1, at, dst.flip());
      reads.incrementAndGet();
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertEquals(true, latch.await(Eventually.DEADLINE_S, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
