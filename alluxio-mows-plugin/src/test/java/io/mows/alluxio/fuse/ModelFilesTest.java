// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.grpc.ReadPType;
import alluxio.metrics.MetricsSystem;
import io.mows.alluxio.block.FakeSource;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.block.TestCatalog;
import io.mows.alluxio.block.TestEngine;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.fuse.ModelFiles.ModelFile;
import io.mows.alluxio.master.FreshPaths;
import io.mows.alluxio.master.KnownPaths;
import io.mows.alluxio.master.MasterCalls;
import io.mows.alluxio.master.SteadyFileSystem;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ModelFilesTest {
  private static final int FILE_BYTES = 3 * PIECE_BYTES + 99;
  private static final AlluxioURI MODEL = new AlluxioURI("/models/a.txt");

  @TempDir Path dir;
  private TestEngine engine;
  private ModelFiles files;
  private final FakeFileSystem fileSystem = new FakeFileSystem();
  private final AtomicLong nowNs = new AtomicLong();
  private final AtomicLong freshMs = new AtomicLong();
  private final MasterCalls calls = new MasterCalls(new MasterCalls.Patience(60_000, 50, 60_000));

  @BeforeEach
  void start() {
    engine = new TestEngine(dir, 8L * PIECE_BYTES);
    KnownPaths known = new KnownPaths(MowsConfs.paths("/models"), nowNs::get);
    SteadyFileSystem steady =
        new SteadyFileSystem(fileSystem.client(), calls, known, path -> -1, status -> false);
    FreshPaths paths = new FreshPaths(steady, known, path -> freshMs.get());
    FileCatalog catalog = TestCatalog.withoutMaster(MowsConfs.paths("/models"), PIECE_BYTES);
    ModelReadAhead readAhead =
        new ModelReadAhead(
            fileSystem.client(),
            catalog,
            engine.engine(),
            engine.memory(),
            model -> {},
            System::nanoTime);
    files =
        new ModelFiles(
            fileSystem.client(), paths, catalog, engine.engine(), readAhead, new MowsMetrics());
    fileSystem.add(MODEL.getPath(), FILE_BYTES);
    fileSystem.add("/other/a.txt", FILE_BYTES);
  }

  @AfterEach
  void stop() throws IOException {
    files.close();
    calls.close();
    engine.close();
  }

  private static void assertReads(ModelFile file, long position, int length, int expected)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(length);
    assertEquals(expected, file.read(position, buffer));
    assertEquals(expected, buffer.position());
    byte[] got = new byte[expected];
    buffer.flip().get(got);
    assertArrayEquals(FakeSource.content(position, expected), got);
  }

  @Test
  void shouldReadAtAnyPosition() throws IOException {
    try (ModelFile file = files.open(MODEL).orElseThrow()) {
      assertReads(file, 0, 1000, 1000);
      assertReads(file, PIECE_BYTES - 5, 2 * PIECE_BYTES, 2 * PIECE_BYTES);
      assertReads(file, FILE_BYTES - 10, 100, 10);
      assertReads(file, FILE_BYTES, 100, 0);
      assertReads(file, FILE_BYTES + 5, 100, 0);
    }
    assertEquals(0, fileSystem.opened.size(), "stock Alluxio is not needed");
  }

  @Test
  void shouldAskNobodyWhoOpensAFileThatIsKnown() throws IOException {
    freshMs.set(1_000);
    for (int i = 0; i < 10; i++) {
      try (ModelFile file = files.open(MODEL).orElseThrow()) {
        assertReads(file, 0, 1000, 1000);
      }
      nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    }
    assertEquals(List.of(MODEL.getPath()), fileSystem.asked);
    fileSystem.remove(MODEL.getPath());
    assertTrue(files.open(MODEL).isEmpty(), "it was said a second ago");
  }

  @Test
  void shouldAskEachTimeIfNothingMayBeOld() throws IOException {
    for (int i = 0; i < 3; i++) {
      files.open(MODEL).orElseThrow().close();
    }
    assertEquals(3, fileSystem.asked.size());
  }

  @Test
  void shouldLeaveToStockWhatIsNotOurs() throws Exception {
    assertTrue(files.open(new AlluxioURI("/other/a.txt")).isEmpty());
    assertTrue(files.open(new AlluxioURI("/models/nothing-here")).isEmpty());
  }

  @Test
  void shouldSayThatNobodyTellsWhatAFileIs() {
    fileSystem.answers = false;
    IOException failure = assertThrows(IOException.class, () -> files.open(MODEL));
    assertTrue(failure.getMessage().contains("does not answer"), failure::toString);
  }

  @Test
  void shouldReadAsStockWhatTheEngineCannotRead() throws IOException {
    engine.breakDown();
    long before = MetricsSystem.counter("Worker.MowsFallbacksRead").getCount();
    try (ModelFile file = files.open(MODEL).orElseThrow()) {
      assertReads(file, 500, 5000, 5000);
      assertReads(file, FILE_BYTES - 10, 100, 10);
    }
    assertEquals(before + 2, MetricsSystem.counter("Worker.MowsFallbacksRead").getCount());
    assertEquals(1, fileSystem.opened.size(), "one stream for all reads");
    assertEquals(ReadPType.NO_CACHE, fileSystem.opened.get(0).getReadType());
  }

  /** Stock Alluxio needs more of them, and tries for minutes while its reader hangs. */
  @Test
  void shouldNotAskStockForWhatFailsForWantOfDescriptors() throws IOException {
    engine.breakDown("/mnt/ramdisk/1: Too many open files");
    try (ModelFile file = files.open(MODEL).orElseThrow()) {
      IOException failure =
          assertThrows(IOException.class, () -> file.read(0, ByteBuffer.allocate(10)));
      assertTrue(failure.getMessage().contains("Too many open files"), failure::getMessage);
    }
    assertEquals(0, fileSystem.opened.size());
  }

  /** A reader that is given fewer bytes than it asked for believes that this is all. */
  @Test
  void shouldNotTakeAStreamThatEndsEarlyForTheEndOfTheFile() throws IOException {
    engine.breakDown();
    fileSystem.stockEndsAt = 700;
    try (ModelFile file = files.open(MODEL).orElseThrow()) {
      assertReads(file, 500, 100, 100);
      for (long position : new long[] {500, 700, 2_000}) {
        assertThrows(
            IOException.class,
            () -> file.read(position, ByteBuffer.allocate(5_000)),
            "" + position);
      }
    }
  }

  @Test
  void shouldUseTheEngineAgainWhenItCanReadAgain() throws IOException {
    try (ModelFile file = files.open(MODEL).orElseThrow()) {
      engine.breakDown();
      assertReads(file, 0, 100, 100);
      engine.repair();
      long before = MetricsSystem.counter("Worker.MowsFallbacksRead").getCount();
      assertReads(file, 2 * PIECE_BYTES, 100, 100);
      assertEquals(before, MetricsSystem.counter("Worker.MowsFallbacksRead").getCount());
    }
  }

  @ParameterizedTest
  @EnumSource(Remedy.class)
  void shouldPassOnWhatTheOriginSays(Remedy remedy) throws IOException {
    engine
        .source()
        .failWith(
            offset -> {
              throw new TransferException(remedy, "told to fail");
            });
    try (ModelFile file = files.open(MODEL).orElseThrow()) {
      IOException failure =
          assertThrows(IOException.class, () -> file.read(0, ByteBuffer.allocate(10)));
      assertTrue(failure.getMessage().contains("told to fail"), failure::getMessage);
    }
    assertEquals(0, fileSystem.opened.size());
  }

  @Test
  void shouldSayFirstWhyTheEngineFailedWhenStockFailsToo() throws IOException {
    engine.breakDown();
    try (ModelFile file = files.open(MODEL).orElseThrow()) {
      fileSystem.answers = false;
      IOException failure =
          assertThrows(IOException.class, () -> file.read(0, ByteBuffer.allocate(10)));
      assertTrue(failure.getMessage().contains("told to break"), failure::toString);
      assertTrue(
          Arrays.toString(failure.getSuppressed()).contains("does not answer"),
          () -> Arrays.toString(failure.getSuppressed()));
    }
  }
}
