// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.Eventually;
import io.mows.channel.Remedy;
import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.PieceSink;
import io.mows.p2p.origin.RangeQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pieces that several streams read side by side. */
final class DividedReadsTest {
  private static final int UNIT = RangeQueue.UNIT_BYTES;
  private static final int PARTS = 4;
  private static final int PIECE_BYTES = PARTS * UNIT;
  private static final int CONCURRENCY = 16;
  private static final long PATIENCE_S = 60;

  @TempDir Path dir;
  private final byte[] content = new byte[PIECE_BYTES];
  private final byte[] got = new byte[PIECE_BYTES];
  private final AtomicInteger writes = new AtomicInteger();
  private FileAtOrigin origin;
  private FileSpec file;
  private FaultyUfs ufs;
  private OriginReader reads;

  @BeforeEach
  void open() throws IOException {
    new Random(4).nextBytes(content);
    origin = new FileAtOrigin(dir, content, PIECE_BYTES, CONCURRENCY, System::nanoTime);
    file = origin.file;
    ufs = origin.ufs;
    reads = origin.reads;
  }

  @AfterEach
  void close() {
    origin.close();
  }

  private CompletableFuture<Void> read(PieceSink sink) {
    return reads.read(file, 0, PIECE_BYTES, sink);
  }

  private CompletableFuture<Void> read() {
    return read(
        (offset, src) -> {
          writes.incrementAndGet();
          src.get(got, offset, src.remaining());
        });
  }

  private static boolean await(CountDownLatch latch) throws IOException {
    try {
      return latch.await(PATIENCE_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private static Throwable failureOf(CompletableFuture<Void> read) {
    return assertThrows(ExecutionException.class, () -> read.get(PATIENCE_S, TimeUnit.SECONDS))
        .getCause();
  }

  @Test
  void shouldReadOnePieceOverSeveralStreamsAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(PARTS);
    ufs.readFault =
        (position, length) -> {
          if (position % UNIT == 0) {
            all.countDown();
          }
          return await(all) ? length : -1;
        };
    read().get(PATIENCE_S, TimeUnit.SECONDS);
    assertArrayEquals(content, got);
    Set<String> parts = new HashSet<>();
    for (int i = 0; i < PARTS; i++) {
      parts.add(i * UNIT + "+" + UNIT);
    }
    assertEquals(parts, new HashSet<>(ufs.opened));
    assertEquals(PARTS, ufs.opened.size(), "each once");
  }

  /** The engine may give its memory to somebody else at once. */
  @Test
  void shouldTouchNothingAnyMoreWhenOnePartHasFailed() throws Exception {
    CountDownLatch begun = new CountDownLatch(PARTS);
    CountDownLatch release = new CountDownLatch(1);
    ufs.readFault =
        (position, length) -> {
          begun.countDown();
          await(begun);
          if (position == UNIT) {
            throw new IOException("connection reset");
          }
          await(release);
          return length;
        };
    Throwable failure = failureOf(read());
    assertEquals("connection reset", failure.getMessage());
    assertEquals(Remedy.RETRY, TransferException.remedyOf(failure));
    release.countDown();
    awaitClosed(PARTS);
    assertEquals(0, writes.get());
    ufs.readFault = (position, length) -> length;
    read().get(PATIENCE_S, TimeUnit.SECONDS);
    assertArrayEquals(content, got);
  }

  private void awaitClosed(int streams) throws InterruptedException {
    Eventually.await("streams to be closed", () -> ufs.streamsClosed.get() >= streams);
  }

  @Test
  void shouldSayWhatTheSinkSaysWhenItTakesNoMore() {
    StoreException full = new StoreException("No space left on device");
    CompletableFuture<Void> read =
        read(
            (offset, src) -> {
              throw full;
            });
    assertSame(full, failureOf(read));
  }

  @Test
  void shouldAskTheOriginOnceWhyAPieceFailed() throws Exception {
    CountDownLatch begun = new CountDownLatch(PARTS);
    ufs.readFault =
        (position, length) -> {
          begun.countDown();
          await(begun);
          throw new IOException("reset at " + position);
        };
    Throwable failure = failureOf(read());
    assertTrue(failure.getMessage().startsWith("reset at "), failure::getMessage);
    awaitClosed(PARTS);
  }

  @Test
  void shouldReadAWholePieceOverOneStreamWherePartsCostMore() throws Exception {
    ufs.objectStoreType = "s3";
    origin.fileSystems.get(5);
    read().get(PATIENCE_S, TimeUnit.SECONDS);
    assertArrayEquals(content, got);
    assertEquals(List.of("0+" + PIECE_BYTES), ufs.opened);
  }
}
