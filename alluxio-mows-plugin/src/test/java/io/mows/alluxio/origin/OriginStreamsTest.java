// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import alluxio.conf.Configuration;
import alluxio.underfs.UnderFileSystem;
import alluxio.underfs.UnderFileSystemConfiguration;
import io.mows.alluxio.origin.OriginStreams.OriginStream;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OriginStreamsTest {
  private static final int PIECE_BYTES = 100;
  private static final int FILE_BYTES = 1_000;

  @TempDir Path dir;
  private final byte[] content = new byte[FILE_BYTES];
  private final AtomicLong nowNs = new AtomicLong();
  private final OriginStreams streams = new OriginStreams(2, nowNs::get);
  private FaultyUfs faults;
  private UnderFileSystem ufs;
  private FileSpec file;
  private FileSpec other;

  @BeforeEach
  void open() throws IOException {
    faults = FaultyUfs.register();
    new Random(5).nextBytes(content);
    file = file(1);
    other = file(2);
    ufs =
        UnderFileSystem.Factory.create(
            FaultyUfs.uri(dir), UnderFileSystemConfiguration.defaults(Configuration.global()));
  }

  @AfterEach
  void close() {
    faults.close();
  }

  private FileSpec file(int id) throws IOException {
    Path path = Files.write(dir.resolve("file" + id), content);
    return new FileSpec(
        id,
        "/models/file" + id,
        new FileLayout(FILE_BYTES, FILE_BYTES, PIECE_BYTES),
        List.of((long) id),
        new OriginRef(1, FaultyUfs.uri(path), "", 0));
  }

  /** As the source does it: a kept one if there is one. */
  private OriginStream open(FileSpec spec, long offset) throws IOException {
    Optional<OriginStream> kept = streams.takeKept(spec, offset);
    return kept.isPresent() ? kept.get() : streams.open(ufs, spec, offset, PIECE_BYTES);
  }

  /** Reads one piece from where the stream stands and checks it. */
  private void readPiece(OriginStream stream, int offset) throws IOException {
    byte[] buffer = new byte[PIECE_BYTES];
    for (int done = 0; done < PIECE_BYTES; ) {
      byte[] part = new byte[PIECE_BYTES - done];
      int count = stream.read(part, part.length);
      System.arraycopy(part, 0, buffer, done, count);
      done += count;
    }
    assertArrayEquals(Arrays.copyOfRange(content, offset, offset + PIECE_BYTES), buffer);
  }

  private OriginStream readAndGiveBack(FileSpec spec, int offset) throws IOException {
    OriginStream stream = open(spec, offset);
    readPiece(stream, offset);
    streams.giveBack(stream);
    return stream;
  }

  @Test
  void shouldAskForTheExactRange() throws IOException {
    readAndGiveBack(file, 300);
    assertEquals(List.of("300+100"), faults.opened);
  }

  @Test
  void shouldGoOnWithAStreamThatStandsBefore() throws IOException {
    OriginStream first = readAndGiveBack(file, 0);
    assertSame(first, readAndGiveBack(file, 100), "right behind");
    assertSame(first, readAndGiveBack(file, 700), "further on");
    assertEquals(1, faults.opened.size());
  }

  @Test
  void shouldNotGoBackInAStream() throws IOException {
    OriginStream first = readAndGiveBack(file, 500);
    assertNotSame(first, readAndGiveBack(file, 400));
    assertEquals(List.of("500+100", "400+100"), faults.opened);
  }

  @Test
  void shouldPreferTheStreamThatSkipsLeast() throws IOException {
    OriginStream near = open(file, 400);
    OriginStream far = open(file, 100);
    readPiece(near, 400);
    readPiece(far, 100);
    streams.giveBack(near);
    streams.giveBack(far);
    assertSame(near, open(file, 600));
  }

  @Test
  void shouldNotGiveOneStreamToTwoReaders() throws IOException {
    readAndGiveBack(file, 0);
    assertNotSame(open(file, 100), open(file, 100));
  }

  @Test
  void shouldKeepFilesApart() throws IOException {
    OriginStream first = readAndGiveBack(file, 0);
    assertNotSame(first, readAndGiveBack(other, 100));
  }

  @Test
  void shouldOpenANewStreamWhenAKeptOneIsBroken() throws IOException {
    readAndGiveBack(file, 0);
    faults.readFault = (position, length) -> position == 100 ? -1 : length;
    OriginStream fresh = open(file, 200);
    readPiece(fresh, 200);
    assertEquals(List.of("0+100", "200+100"), faults.opened);
    assertEquals(1, faults.streamsClosed.get(), "the broken one");
  }

  @Test
  void shouldCloseWhatIsIdleForThreeSeconds() throws IOException {
    readAndGiveBack(file, 0);
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(3) - 1);
    streams.closeIdle();
    assertEquals(0, faults.streamsClosed.get());
    nowNs.incrementAndGet();
    streams.closeIdle();
    assertEquals(1, faults.streamsClosed.get());
  }

  @Test
  void shouldKeepNoMoreThanItMay() throws IOException {
    OriginStream first = open(file, 0);
    OriginStream second = open(file, 0);
    OriginStream third = open(file, 0);
    streams.giveBack(first);
    streams.giveBack(second);
    assertEquals(0, faults.streamsClosed.get());
    streams.giveBack(third);
    assertEquals(1, faults.streamsClosed.get(), "the oldest goes");
  }

  @Test
  void shouldCloseAllAtTheEnd() throws IOException {
    OriginStream inUse = open(file, 0);
    readAndGiveBack(file, 500);
    streams.close();
    assertEquals(1, faults.streamsClosed.get());
    streams.giveBack(inUse);
    assertEquals(2, faults.streamsClosed.get(), "what comes back later");
  }
}
