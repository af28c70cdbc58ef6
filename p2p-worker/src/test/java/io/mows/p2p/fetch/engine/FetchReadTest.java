// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FetchMetrics.ServedFrom;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.PendingRead;
import io.mows.p2p.fetch.read.OpenedFile;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reader gets the source's bytes, whatever it asks for and whenever. */
final class FetchReadTest {
  @TempDir private Path directory;

  @ParameterizedTest(name = "{0} bytes in blocks of {1}")
  @CsvSource({
    "1, 4096",
    "1, 1",
    "1023, 4096",
    "1024, 1024",
    "1025, 1024",
    "4096, 4096",
    "10000, 4096",
    "10240, 2048",
    "10000, 1000",
    "9001, 3000",
    "5000, 100",
    "5000, 1025",
    "3000, 100000",
  })
  void shouldReadTheSourcesBytesAtAnyPieceToBlockRatio(int lengthBytes, int blockBytes) {
    Random random = seeded();
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, lengthBytes, blockBytes);
      for (int i = 0; i < 60; i++) {
        int position = random.nextInt(lengthBytes);
        worker.read(file, position, 1 + random.nextInt(lengthBytes - position + 10));
      }
      worker.readAll(file);
      worker.awaitNothingLeft();
      worker.readAll(file);
    }
  }

  @Test
  void shouldStopAtTheEndOfTheFile() throws IOException {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 3_000, 2_048);
      assertEquals(-1, worker.engine.read(file, 3_000, ByteBuffer.allocate(1)));
      assertEquals(-1, worker.engine.read(file, 1L << 40, ByteBuffer.allocate(1)));
      assertEquals(0, worker.engine.read(file, 100, ByteBuffer.allocate(0)));
      assertEquals(1, worker.engine.read(file, 2_999, ByteBuffer.allocate(10)));
      FileSpec empty = worker.file(8, 0, 2_048);
      assertEquals(-1, worker.engine.read(empty, 0, ByteBuffer.allocate(10)));
    }
  }

  @Test
  void shouldFillDirectBuffersWhereTheyAreAt() throws IOException {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 5_000, 2_048);
      ByteBuffer dst = ByteBuffer.allocateDirect(4_000).position(100).limit(3_100);
      assertEquals(3_000, worker.engine.read(file, 1_500, dst));
      assertEquals(3_100, dst.position());
      TestWorker.check(file, 1, 1_500, dst.flip().position(100));
    }
  }

  @Test
  void shouldReadBeforeDuringAndAfterArrival() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 4 * PIECE_BYTES, 4 * PIECE_BYTES);
      worker.source.hold();
      CompletableFuture<Void> before = worker.reading(file, 10, 100);
      worker.source.releaseOne(0);
      TestWorker.await(before);

      worker.read(file, 0, PIECE_BYTES);
      assertEquals(100 + PIECE_BYTES, worker.events.bytesServed(ServedFrom.IN_FLIGHT));

      worker.source.release();
      worker.readAll(file);
      Eventually.until(() -> worker.events.committed.get() == 1, () -> "no commit");
      long fromMemory = worker.events.bytesServed(ServedFrom.MEMORY);
      worker.readAll(file);
      assertEquals(4 * PIECE_BYTES, worker.events.bytesServed(ServedFrom.MEMORY) - fromMemory);
      assertEquals(0, worker.events.bytesServed(ServedFrom.UNCACHED));
    }
  }

  /** Of two pieces in two blocks. */
  @Test
  void shouldTellAReaderWithoutAThreadWhenItsBytesAreHere() throws IOException {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 4 * PIECE_BYTES, PIECE_BYTES);
      OpenedFile opened = worker.engine.verification().open(file);
      worker.source.hold();
      int bytes = PIECE_BYTES;
      PendingRead pending = opened.pending(PIECE_BYTES / 2, bytes).orElseThrow();
      CompletableFuture<Void> arrival = pending.arrival();
      worker.source.releaseOne(0);
      TestWorker.await(worker.reading(file, 0, PIECE_BYTES));
      assertFalse(arrival.isDone(), "half of it is missing");
      worker.source.release();
      TestWorker.await(arrival);
      ByteBuffer read = ByteBuffer.allocate(bytes);
      assertEquals(bytes, pending.read(read));
      TestWorker.check(file, 1, PIECE_BYTES / 2, read.flip());
      pending.close();
      worker.readAll(file);
      assertEquals(Optional.empty(), opened.pending(PIECE_BYTES / 2, bytes), "it is here");
      assertEquals(Optional.empty(), opened.pending(4 * PIECE_BYTES, 1), "the file ends");
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldForgetAReaderWithoutAThreadWhoGivesUp() throws IOException {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 4 * PIECE_BYTES, PIECE_BYTES);
      worker.source.hold();
      worker.engine.verification().open(file).pending(0, 10).orElseThrow().close();
      worker.source.release();
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldTellAReaderWithoutAThreadWhatTheOriginSays() throws IOException {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 4 * PIECE_BYTES, PIECE_BYTES);
      worker.source.hold();
      PendingRead pending = worker.engine.verification().open(file).pending(0, 10).orElseThrow();
      worker.source.failOne(0, new TransferException(Remedy.STOP, "it is gone"));
      assertThrows(CompletionException.class, () -> pending.arrival().join());
      TransferException told =
          assertThrows(TransferException.class, () -> pending.read(ByteBuffer.allocate(10)));
      assertTrue(told.getMessage().contains("it is gone"), told.getMessage());
      pending.close();
      worker.source.release();
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldShareOneFetchAmongTwoHundredReaders() {
    Random random = seeded();
    try (TestWorker worker = new TestWorker(directory)) {
      int lengthBytes = 40 * PIECE_BYTES + 17;
      FileSpec file = worker.file(7, lengthBytes, 8 * PIECE_BYTES);
      worker.source.hold();
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int position = random.nextInt(lengthBytes - 1);
        readers.add(
            i % 4 == 0
                ? worker.running(() -> worker.readAll(file))
                : worker.reading(file, position, 1 + random.nextInt(lengthBytes - position)));
      }
      Eventually.until(() -> worker.source.inFlight() > 4, () -> "no reads");
      worker.source.release();
      TestWorker.awaitAll(readers);

      assertEachPieceReadOnce(worker, file);
      assertEquals(lengthBytes, worker.events.bytesArrived.get());
      Eventually.until(() -> worker.events.committed.get() == 6, () -> "commits");
      worker.awaitNothingLeft();
    }
  }

  @Test
  void shouldNotReadFromTheSourceWhatIsCached() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 20_000, 3_000);
      TestWorker.await(worker.engine.load(file, 0, 20_000));
      worker.awaitNothingLeft();

      worker.readAll(file);
      worker.engine.readAhead(List.of(file), 1 << 20);
      TestWorker.await(worker.engine.load(file, 0, 20_000));
      worker.awaitNothingLeft();
      assertEachPieceReadOnce(worker, file);
    }
  }

  /** With blocks smaller than pieces no block holds a whole piece. */
  @Test
  void shouldNotReadAheadWhatIsCachedInBlocksSmallerThanPieces() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 5_000, 700);
      TestWorker.await(worker.engine.load(file, 0, 5_000));
      worker.awaitNothingLeft();
      worker.engine.readAhead(List.of(file), 1 << 20);
      worker.settle();
      worker.awaitNothingLeft();
      assertEachPieceReadOnce(worker, file);
    }
  }

  @Test
  void shouldNotGoOnReadingAheadWhenNobodyReads() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 100 * PIECE_BYTES, 10 * PIECE_BYTES);
      worker.source.hold();
      worker.engine.readAhead(List.of(file), Long.MAX_VALUE);
      Eventually.until(() -> worker.source.inFlight() > 0, () -> "no reads");
      worker.engine.endReadAhead(List.of(file));
      worker.settle();
      int underWay = worker.source.inFlight();
      worker.source.release();
      worker.awaitNothingLeft();
      assertEquals((long) underWay * PIECE_BYTES, worker.events.bytesArrived.get());
      worker.readAll(file);
    }
  }

  @Test
  void shouldReadSeveralFilesAtOnceInAnyOrder() {
    Random random = seeded();
    try (TestWorker worker = new TestWorker(directory)) {
      List<FileSpec> files = new ArrayList<>();
      for (int id = 1; id <= 5; id++) {
        int lengthBytes = 1 + random.nextInt(30_000);
        files.add(
            worker.file(
                id, 1, new FileLayout(lengthBytes, 1 + random.nextInt(9_000), PIECE_BYTES)));
      }
      worker.engine.readAhead(files, 1 << 20);
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        long seed = random.nextLong();
        readers.add(worker.running(() -> readAtRandom(worker, files, new Random(seed))));
      }
      TestWorker.awaitAll(readers);
      worker.awaitNothingLeft();
    }
  }

  private static void readAtRandom(TestWorker worker, List<FileSpec> files, Random random) {
    for (int i = 0; i < 20; i++) {
      FileSpec file = files.get(random.nextInt(files.size()));
      int lengthBytes = (int) file.layout().lengthBytes();
      worker.read(file, random.nextInt(lengthBytes), 1 + random.nextInt(5_000));
    }
  }

  @Test
  void shouldGoOnWhenOneOfTheReadersIsInterrupted() throws Exception {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 8 * PIECE_BYTES, 8 * PIECE_BYTES);
      worker.source.hold();
      CompletableFuture<Void> patient = worker.reading(file, 0, 8 * PIECE_BYTES);
      worker.source.releaseOne(0);
      Eventually.until(() -> worker.events.piecesArrived.get() == 1, () -> "no piece");
      CompletableFuture<Throwable> cancelled = new CompletableFuture<>();
      Thread reader =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                cancelled.complete(worker.failureOfRead(file, 0, 2 * PIECE_BYTES));
              });
      reader.start();
      assertTrue(TestWorker.await(cancelled) instanceof IOException);
      reader.join();
      worker.source.release();
      TestWorker.await(patient);
      worker.readAll(file);
      assertEachPieceReadOnce(worker, file);
      worker.awaitNothingLeft();
    }
  }

  static void assertEachPieceReadOnce(TestWorker worker, FileSpec file) {
    assertEquals(file.layout().pieceCount(), worker.source.readsByOffset().size());
    assertEquals(
        Set.of(1),
        Set.copyOf(worker.source.readsByOffset().values()),
        () -> "reads of each offset: " + worker.source.readsByOffset());
  }

  @Test
  void shouldAskForTheVersionOnceForManyPieces() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 64 * PIECE_BYTES, 64 * PIECE_BYTES);
      TestWorker.await(worker.engine.load(file, 0, 64 * PIECE_BYTES));
      assertTrue(worker.source.questions() <= 64 / 4, worker.source.questions() + " questions");
    }
  }

  @Test
  void shouldNotShowPiecesBeforeTheirVersionIsConfirmed() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec file = worker.file(7, 2 * PIECE_BYTES, 2 * PIECE_BYTES);
      worker.source.holdQuestions();
      CompletableFuture<Void> reader = worker.reading(file, 0, 10);
      Eventually.until(() -> worker.source.questions() == 1, () -> "no question");
      worker.settle();
      assertEquals(Collections.emptySet(), worker.space.committedBlocks());
      assertEquals(false, reader.isDone());
      worker.source.releaseQuestions();
      TestWorker.await(reader);
    }
  }

  private static Random seeded() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    return new Random(seed);
  }
}
