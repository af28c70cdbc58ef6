// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.conf.Configuration;
import alluxio.grpc.UfsInfo;
import alluxio.underfs.Fingerprint;
import alluxio.underfs.UfsFileStatus;
import io.mows.channel.Remedy;
import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.fetch.PieceSink;
import io.mows.p2p.origin.RangeQueue;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.origin.OriginFault;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AlluxioOriginTest {
  private static final int PIECE_BYTES = 1 << 20;
  private static final int FILE_BYTES = 2 * PIECE_BYTES + 333;
  private static final long MOUNT = 5;

  @TempDir Path dir;
  private final byte[] content = new byte[FILE_BYTES];
  private Path path;
  private FaultyUfs ufs;
  private AlluxioOrigin source;

  @BeforeEach
  void open() throws IOException {
    new Random(9).nextBytes(content);
    path = Files.write(dir.resolve("model.bin"), content);
    ufs = FaultyUfs.register();
    source =
        new AlluxioOrigin(
            id -> id == MOUNT ? FaultyUfs.mount(dir, Map.of()) : UfsInfo.getDefaultInstance(),
            Configuration.global(),
            PIECE_BYTES,
            2);
  }

  @AfterEach
  void close() {
    source.close();
    ufs.close();
  }

  private FileSpec file(long mountId, String contentHash, long lastModifiedMs) {
    return new FileSpec(
        1,
        "/models/model.bin",
        new FileLayout(FILE_BYTES, FILE_BYTES, PIECE_BYTES),
        List.of(1L),
        new OriginRef(mountId, FaultyUfs.uri(path), contentHash, lastModifiedMs));
  }

  /** The file as Alluxio knows it, by modification time only. */
  private FileSpec file() throws IOException {
    return file(MOUNT, "", Files.getLastModifiedTime(path).toMillis());
  }

  /** The file's content tag as Alluxio writes it down. */
  private static String tag(String contentHash) {
    return Fingerprint.create("local", status(contentHash, FILE_BYTES, 1L))
        .getTag(Fingerprint.Tag.CONTENT_HASH);
  }

  private static UfsFileStatus status(String contentHash, long length, Long modifiedMs) {
    return new UfsFileStatus("model.bin", contentHash, length, modifiedMs, "", "", (short) 0, 1);
  }

  private TransferException failure(CompletableFuture<Void> result) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> result.get(20, TimeUnit.SECONDS));
    return (TransferException) failure.getCause();
  }

  private static void succeed(CompletableFuture<Void> result) throws Exception {
    result.get(20, TimeUnit.SECONDS);
  }

  private void assertFetches(FileSpec file, int offset, int length) throws Exception {
    Buffer buffer = new Buffer(length);
    succeed(source.fetch(file, offset, length, buffer));
    assertArrayEquals(Arrays.copyOfRange(content, offset, offset + length), buffer.bytes);
  }

  @Test
  void shouldReadPiecesExactly() throws Exception {
    assertFetches(file(), PIECE_BYTES, PIECE_BYTES);
    assertFetches(file(), 0, PIECE_BYTES);
    List<String> opened = List.copyOf(ufs.opened);
    assertFetches(file(), 2 * PIECE_BYTES, 333);
    assertEquals(opened, ufs.opened, "the third goes on where a stream stands");
    opened.forEach(range -> assertTrue(range.endsWith("+" + RangeQueue.UNIT_BYTES), range));
  }

  @Test
  void shouldReadOnSeveralThreadsAtOnce() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    ufs.readFault =
        (position, length) -> {
          both.countDown();
          return await(both) ? length : -1;
        };
    CompletableFuture<Void> first = source.fetch(file(), 0, 10, new Buffer(10));
    CompletableFuture<Void> second = source.fetch(file(), 50, 10, new Buffer(10));
    succeed(first);
    succeed(second);
  }

  private static boolean await(CountDownLatch latch) throws IOException {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  @Test
  void shouldAskForARetryWhenAReadFails() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    ufs.readFault =
        (position, length) -> {
          if (reads.getAndIncrement() == 0) {
            throw new IOException("connection reset");
          }
          return length;
        };
    TransferException failure = failure(source.fetch(file(), PIECE_BYTES, 100, new Buffer(100)));

    assertEquals(Remedy.RETRY, failure.remedy());
    for (String part :
        List.of("100 bytes at " + PIECE_BYTES, FaultyUfs.uri(path), "connection reset")) {
      assertTrue(failure.getMessage().contains(part), failure::getMessage);
    }
    assertEquals(1, ufs.streamsClosed.get(), "the broken stream");
    assertFetches(file(), PIECE_BYTES, 100);
  }

  @Test
  void shouldAskForARetryWhenTheStreamEndsEarly() throws Exception {
    ufs.readFault = (position, length) -> position >= 60 ? -1 : Math.min(length, 60);
    TransferException failure = failure(source.fetch(file(), 0, 100, new Buffer(100)));
    assertEquals(Remedy.RETRY, failure.remedy());
    assertTrue(failure.getMessage().contains("sent 60 bytes"), failure::getMessage);
  }

  @Test
  void shouldTryAFreshStreamBeforeItFailsForOneThatWasKept() throws Exception {
    assertFetches(file(), 0, 100);
    AtomicInteger opensBefore = new AtomicInteger(ufs.opened.size());
    // As object stores do whose stream ends where the first request ended.
    ufs.readFault = (position, length) -> ufs.opened.size() == opensBefore.get() ? -1 : length;
    assertFetches(file(), 100, 100);
    assertEquals(1, ufs.streamsClosed.get());
  }

  /** A full disk, or a piece that is not wanted any more: the origin has nothing to do with it. */
  @Test
  void shouldAskTheOriginNothingWhenTheSinkTakesNoBytes() throws Exception {
    AtomicInteger questions = new AtomicInteger();
    ufs.statusFault =
        status -> {
          questions.incrementAndGet();
          return status;
        };
    StoreException full = new StoreException("No space left on device");
    PieceSink sink =
        (offset, src) -> {
          throw full;
        };
    assertFetches(file(), 0, 100);
    CompletableFuture<Void> overKeptStream = source.fetch(file(), 100, 100, sink);
    assertSame(full, assertThrows(ExecutionException.class, overKeptStream::get).getCause());
    assertEquals(1, ufs.opened.size(), () -> "opened " + ufs.opened);
    CompletableFuture<Void> overNewStream = source.fetch(file(), 0, 100, sink);
    assertSame(full, assertThrows(ExecutionException.class, overNewStream::get).getCause());
    assertEquals(2, ufs.opened.size(), () -> "opened " + ufs.opened);
    assertEquals(0, questions.get(), "questions to the origin");
  }

  @Test
  void shouldStopWhenAReadFailsBecauseTheFileWasReplaced() throws Exception {
    FileSpec file = file();
    Files.write(path, new byte[10]);
    TransferException failure = failure(source.fetch(file, PIECE_BYTES, 100, new Buffer(100)));
    assertEquals(Remedy.STOP, failure.remedy());
    assertReplaced(failure, "it has 10 bytes instead of " + FILE_BYTES);
  }

  private static void assertReplaced(TransferException failure, String difference) {
    assertEquals(Remedy.STOP, failure.remedy());
    for (String part :
        List.of(
            "was replaced at the origin",
            difference,
            "alluxio fs loadMetadata -F /models/model.bin")) {
      assertTrue(failure.getMessage().contains(part), failure::getMessage);
    }
  }

  @Test
  void shouldConfirmTheVersionItKnows() throws Exception {
    succeed(source.confirmVersion(file()));
    ufs.statusFault = status -> status("\"ETAG 1\"", FILE_BYTES, 99L);
    succeed(source.confirmVersion(file(MOUNT, tag("\"ETAG 1\""), 50)));
  }

  @Test
  void shouldNoticeAnotherLength() throws Exception {
    FileSpec file = file();
    ufs.statusFault = status -> status("", FILE_BYTES + 1, 1L);
    assertReplaced(
        failure(source.confirmVersion(file)),
        "it has " + (FILE_BYTES + 1) + " bytes instead of " + FILE_BYTES);
  }

  @Test
  void shouldNoticeAnotherTag() {
    ufs.statusFault = status -> status("two", FILE_BYTES, 1L);
    assertReplaced(
        failure(source.confirmVersion(file(MOUNT, tag("one"), 5_000))),
        "its content tag is two instead of one");
  }

  @Test
  void shouldNoticeALaterChangeWhereThereAreNoTags() throws Exception {
    ufs.statusFault = status -> status("", FILE_BYTES, 5_001L);
    assertReplaced(
        failure(source.confirmVersion(file(MOUNT, "", 5_000))), "it was modified at 5001 ms");
    ufs.statusFault = status -> status("", FILE_BYTES, 5_000L);
    succeed(source.confirmVersion(file(MOUNT, "", 5_000)));
    ufs.statusFault = status -> status("", FILE_BYTES, 4_000L);
    succeed(source.confirmVersion(file(MOUNT, "", 5_000)));
    ufs.statusFault = status -> status("", FILE_BYTES, null);
    succeed(source.confirmVersion(file(MOUNT, "", 5_000)));
  }

  @Test
  void shouldTrustTheTagMoreThanTheClock() throws Exception {
    ufs.statusFault = status -> status("same", FILE_BYTES, 9_999L);
    succeed(source.confirmVersion(file(MOUNT, tag("same"), 5_000)));
  }

  @Test
  void shouldGoByTheClockWhenTheOriginSendsNoTagThisTime() throws Exception {
    ufs.statusFault = status -> status(null, FILE_BYTES, 5_000L);
    succeed(source.confirmVersion(file(MOUNT, tag("one"), 5_000)));
    ufs.statusFault = status -> status("", FILE_BYTES, 5_001L);
    assertReplaced(
        failure(source.confirmVersion(file(MOUNT, tag("one"), 5_000))), "it was modified at");
  }

  @Test
  void shouldNotTakeOneNotFoundForADeletedFile() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    ufs.statusFault =
        status -> {
          if (asked.getAndIncrement() == 0) {
            throw new FileNotFoundException("503 in disguise");
          }
          return status;
        };
    succeed(source.confirmVersion(file()));
    assertEquals(2, asked.get());
  }

  @Test
  void shouldAskAgainWhenTheAnswerTakesLong() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch never = new CountDownLatch(1);
    ufs.statusFault =
        status -> {
          if (asked.getAndIncrement() == 0) {
            await(never);
          }
          return status;
        };
    source.confirmVersion(file()).get(5, TimeUnit.SECONDS);
    assertEquals(2, asked.get());
    never.countDown();
  }

  @Test
  void shouldTellADeletedFileFromAnOriginThatDoesNotAnswer() throws Exception {
    FileSpec file = file();
    Path otherPath = Files.write(dir.resolve("other.bin"), content);
    FileSpec other =
        new FileSpec(
            2,
            "/models/other.bin",
            file.layout(),
            List.of(2L),
            new OriginRef(MOUNT, FaultyUfs.uri(otherPath), "", 0));
    ufs.statusFault =
        status -> {
          throw new IOException("503");
        };
    Files.delete(path);
    CompletableFuture<Void> deleted = source.confirmVersion(file);
    CompletableFuture<Void> silent = source.confirmVersion(other);

    assertEquals(Remedy.STOP, failure(deleted).remedy());
    assertTrue(failure(deleted).getMessage().contains("is no longer at the origin"));
    assertEquals(Remedy.RETRY, failure(silent).remedy());
    assertTrue(failure(silent).getMessage().contains("503"), failure(silent)::getMessage);
  }

  @Test
  void shouldTellAFileThatIsDeniedFromOneThatIsGone() throws Exception {
    FileSpec file = file();
    AtomicInteger asked = new AtomicInteger();
    ufs.statusFault =
        status -> {
          asked.incrementAndGet();
          throw new IOException("Forbidden (Service: Amazon S3; Status Code: 403)");
        };
    TransferException denied = failure(source.confirmVersion(file));
    assertEquals(OriginFault.DENIED, ((OriginException) denied).fault());
    assertEquals(Remedy.RETRY, denied.remedy());
    assertTrue(denied.getMessage().contains("Status Code: 403"), denied::getMessage);
    assertEquals(1, asked.get(), "the engine says when it is asked again");

    ufs.statusFault = status -> status;
    Files.delete(path);
    TransferException gone = failure(source.confirmVersion(file));
    assertEquals(OriginFault.GONE, ((OriginException) gone).fault());
    assertEquals(Remedy.STOP, gone.remedy());
    assertTrue(gone.getMessage().contains("is no longer at the origin"), gone::getMessage);
    assertFalse(gone.getMessage().contains("den"), gone::getMessage);
  }

  @Test
  void shouldNotAskForTheVersionWhenItIsClearThatTheOriginIsAway() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    ufs.statusFault =
        status -> {
          asked.incrementAndGet();
          return status;
        };
    ufs.readFault =
        (position, length) -> {
          throw new SocketTimeoutException("Read timed out");
        };
    TransferException away = failure(source.fetch(file(), 0, 100, new Buffer(100)));
    assertEquals(OriginFault.AWAY, ((OriginException) away).fault());
    assertEquals(0, asked.get());
  }

  @Test
  void shouldStopWhenAReadFailsBecauseTheFileIsGone() throws Exception {
    FileSpec file = file();
    Files.delete(path);
    TransferException gone = failure(source.fetch(file, 0, 100, new Buffer(100)));
    assertEquals(OriginFault.GONE, ((OriginException) gone).fault());
  }

  @Test
  void shouldNotTakeADeniedManifestForNone() throws Exception {
    FileSpec file = file();
    ufs.statusFault =
        status -> {
          throw new IOException("[ErrorCode]: AccessDenied");
        };
    Files.write(dir.resolve("crc32.txt"), new byte[10]);
    OriginException denied =
        assertThrows(
            OriginException.class, () -> source.files().read(file.origin(), 0, "crc32.txt", 1_000));
    assertEquals(OriginFault.DENIED, denied.fault());
    ufs.statusFault = status -> status;
    Files.delete(dir.resolve("crc32.txt"));
    assertTrue(source.files().read(file.origin(), 0, "crc32.txt", 1_000).isEmpty());
  }

  @Test
  void shouldAskForARetryWhenTheMountIsUnknown() {
    TransferException failure =
        failure(source.fetch(file(MOUNT + 1, "", 0), 0, 100, new Buffer(100)));
    assertEquals(Remedy.RETRY, failure.remedy());
    assertTrue(failure.getMessage().contains("mount point"), failure::getMessage);
  }

  @Test
  void shouldEndReadsOfKeptStreamsWhenClosed() throws Exception {
    assertFetches(file(), 0, 100);
    assertEndsWhenClosed(100);
    assertEquals(1, ufs.opened.size(), "no new stream for a read that is not wanted any more");
  }

  @Test
  void shouldEndReadsAndThreadsWhenClosed() throws Exception {
    assertEndsWhenClosed(0);
  }

  private void assertEndsWhenClosed(long offset) throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    ufs.readFault =
        (position, length) -> {
          reading.countDown();
          await(new CountDownLatch(1));
          return length;
        };
    CompletableFuture<Void> stuck = source.fetch(file(), offset, 100, new Buffer(100));
    assertTrue(reading.await(10, TimeUnit.SECONDS));

    source.close();

    assertTrue(stuck.isCompletedExceptionally());
    assertEquals(1, ufs.streamsClosed.get());
    assertEquals(1, ufs.connectionsClosed.get());
    // A thread that has ended its work still shows for a moment.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (originThreads() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(0, originThreads());
    TransferException late = failure(source.fetch(file(), 0, 100, new Buffer(100)));
    assertEquals(Remedy.RETRY_ELSEWHERE, late.remedy());
    assertTrue(late.getMessage().contains("shutting down"), late::getMessage);
  }

  private static long originThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("mows-origin"))
        .count();
  }

  /** Keeps what it gets. */
  private static final class Buffer implements PieceSink {
    private final byte[] bytes;

    Buffer(int length) {
      bytes = new byte[length];
    }

    @Override
    public void write(int offset, ByteBuffer src) {
      src.get(bytes, offset, src.remaining());
    }
  }

  /** 1,433 shards were asked for 2.2 times each: whoever waits for its turn is not late. */
  @Test
  void shouldAskOnceForEachOfManyFiles() throws Exception {
    int questions = 200;
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch answers = new CountDownLatch(1);
    ufs.statusFault =
        status -> {
          asked.incrementAndGet();
          try {
            answers.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return status;
        };
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < questions; i++) {
      all.add(source.confirmVersion(file(MOUNT, "", 0)));
    }
    // Those whose answers take long may be asked for once more; all others have to wait.
    TimeUnit.MILLISECONDS.sleep(1_200);
    answers.countDown();
    CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get(1, TimeUnit.MINUTES);
    int most = questions + 2 * OriginVersions.THREADS;
    assertTrue(asked.get() <= most, asked + " questions");
  }
}
