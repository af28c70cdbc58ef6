// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import static io.mows.alluxio.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OriginReaderTest {
  private static final int PIECE_BYTES = 1 << 16;
  private static final int FILE_BYTES = 8 * PIECE_BYTES;
  private static final int STUCK_AT = PIECE_BYTES / 2;
  private static final int CONCURRENCY = 4;

  @TempDir Path dir;
  private final byte[] content = new byte[FILE_BYTES];
  private final byte[] got = new byte[PIECE_BYTES];
  private final AtomicLong nowNs = new AtomicLong();
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger stuck = new AtomicInteger();
  private FileAtOrigin origin;
  private FileSpec file;
  private FaultyUfs ufs;
  private OriginReader reads;

  @BeforeEach
  void open() throws IOException {
    new Random(4).nextBytes(content);
    origin = new FileAtOrigin(dir, content, PIECE_BYTES, CONCURRENCY, nowNs::get);
    file = origin.file;
    ufs = origin.ufs;
    reads = origin.reads;
  }

  @AfterEach
  void close() {
    release.countDown();
    origin.close();
  }

  /** The first streams that get to the middle of the first piece bring nothing more. */
  private void stick(int streams) {
    ufs.readFault =
        (position, length) -> {
          if (position == STUCK_AT && stuck.get() < streams) {
            stuck.incrementAndGet();
            awaitLatch(release);
          }
          return position < STUCK_AT ? Math.min(length, STUCK_AT - (int) position) : length;
        };
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private CompletableFuture<Void> read(int piece) {
    return reads.read(
        file,
        (long) piece * PIECE_BYTES,
        PIECE_BYTES,
        (offset, src) -> {
          if (piece == 0) {
            src.get(got, offset, src.remaining());
          } else {
            src.position(src.limit());
          }
        });
  }

  private CompletableFuture<Void> readFirstUntilStuck() throws InterruptedException {
    int before = stuck.get();
    CompletableFuture<Void> first = read(0);
    await("the first piece is stuck", () -> stuck.get() > before);
    return first;
  }

  private void readOthers() throws Exception {
    for (int piece = 1; piece <= 4; piece++) {
      read(piece).get(20, TimeUnit.SECONDS);
    }
  }

  private void sweepLater() {
    nowNs.addAndGet(OriginRead.PATIENCE_NS);
    reads.sweep();
  }

  @Test
  void shouldGoOnOverANewStreamWhenOneIsStuck() throws Exception {
    stick(1);
    CompletableFuture<Void> first = readFirstUntilStuck();
    readOthers();
    sweepLater();
    first.get(20, TimeUnit.SECONDS);
    assertArrayEquals(Arrays.copyOf(content, PIECE_BYTES), got);
    assertEquals(1, reads.stuckCount());
    assertTrue(ufs.opened.contains(STUCK_AT + "+" + STUCK_AT), ufs.opened::toString);

    Arrays.fill(got, (byte) 0);
    int closed = ufs.streamsClosed.get();
    release.countDown();
    await("the old stream is closed", () -> ufs.streamsClosed.get() > closed);
    assertArrayEquals(new byte[PIECE_BYTES], got, "what the old stream brings");
  }

  @Test
  void shouldNotGiveMoreThreadsToStuckReadsThanThereAreForThem() throws Exception {
    stick(1);
    CompletableFuture<Void> first = readFirstUntilStuck();
    readOthers();
    stick(2);
    sweepLater();
    await("the second one is stuck", () -> stuck.get() == 2);
    readOthers();
    sweepLater();
    assertEquals(1, reads.stuckCount(), "there is one thread for it, and it is lost");
    release.countDown();
    first.get(20, TimeUnit.SECONDS);
    assertArrayEquals(Arrays.copyOf(content, PIECE_BYTES), got);
  }

  @Test
  void shouldWaitWhenNobodyElseGetsAnything() throws Exception {
    stick(1);
    CompletableFuture<Void> first = readFirstUntilStuck();
    sweepLater();
    release.countDown();
    first.get(20, TimeUnit.SECONDS);
    assertEquals(0, reads.stuckCount());
    assertEquals(1, ufs.opened.size());
  }

  @Test
  void shouldWaitForASecond() throws Exception {
    stick(1);
    CompletableFuture<Void> first = readFirstUntilStuck();
    readOthers();
    nowNs.addAndGet(OriginRead.PATIENCE_NS - 1);
    reads.sweep();
    assertEquals(0, reads.stuckCount());
    release.countDown();
    first.get(20, TimeUnit.SECONDS);
  }

  @Test
  void shouldHaveOneThreadMoreAgainWhenALostOneComesBack() throws Exception {
    stick(1);
    CompletableFuture<Void> first = readFirstUntilStuck();
    readOthers();
    sweepLater();
    first.get(20, TimeUnit.SECONDS);
    int closed = ufs.streamsClosed.get();
    release.countDown();
    await("the old stream is closed", () -> ufs.streamsClosed.get() > closed);
    CountDownLatch again = new CountDownLatch(1);
    ufs.readFault =
        (position, length) -> {
          if (position == 0 && stuck.getAndIncrement() == 1) {
            awaitLatch(again);
          }
          return length;
        };
    CompletableFuture<Void> second = readFirstUntilStuck();
    readOthers();
    await(
        "it goes on",
        () -> {
          sweepLater();
          return second.isDone();
        });
    assertEquals(2, reads.stuckCount());
    again.countDown();
  }

  @Test
  void shouldFailWhatHasNotBegunWhenClosed() throws Exception {
    ufs.readFault =
        (position, length) -> {
          stuck.incrementAndGet();
          awaitLatch(release);
          return length;
        };
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < CONCURRENCY; i++) {
      running.add(read(i));
    }
    await("all threads are busy", () -> stuck.get() == running.size());
    CompletableFuture<Void> waiting = read(0);
    reads.close();
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> waiting.get(1, TimeUnit.SECONDS));
    assertEquals(Remedy.RETRY_ELSEWHERE, ((TransferException) failure.getCause()).remedy());
  }
}
