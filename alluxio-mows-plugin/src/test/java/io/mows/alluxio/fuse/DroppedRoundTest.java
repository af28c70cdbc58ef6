// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import io.mows.alluxio.block.FakeSource;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.block.TestCatalog;
import io.mows.alluxio.block.TestEngine;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.fuse.ModelFiles.ModelFile;
import io.mows.alluxio.master.FreshPaths;
import io.mows.alluxio.master.KnownPaths;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a mount of which the origin delivered one wrong bit, once. */
final class DroppedRoundTest {
  private static final int FILE_BYTES = 3 * PIECE_BYTES + 99;
  private static final long LAST = 3 * PIECE_BYTES;
  private static final AlluxioURI MODEL = new AlluxioURI("/models/a.bin");

  @TempDir Path dir;
  private final FakeFileSystem fileSystem = new FakeFileSystem();
  private final PageCachePolicy pageCache = new PageCachePolicy();
  private TestEngine engine;
  private ModelFiles files;
  private FileSpec spec;

  @BeforeEach
  void start() throws Exception {
    Expectation expected = FakeSource.expectation(FILE_BYTES);
    engine =
        new TestEngine(
            dir,
            8L * PIECE_BYTES,
            VerifyMode.PIECE,
            file -> CompletableFuture.completedFuture(expected));
    FileCatalog catalog = TestCatalog.withoutMaster(MowsConfs.paths("/models"), PIECE_BYTES);
    ModelReadAhead readAhead =
        new ModelReadAhead(
            fileSystem.client(),
            catalog,
            engine.engine(),
            engine.memory(),
            model -> {},
            System::nanoTime);
    KnownPaths known = new KnownPaths(MowsConfs.paths("/models"), System::nanoTime);
    FreshPaths paths = new FreshPaths(fileSystem.client(), known, path -> 0);
    files =
        new ModelFiles(
            fileSystem.client(), paths, catalog, engine.engine(), readAhead, new MowsMetrics());
    fileSystem.add(MODEL.getPath(), FILE_BYTES);
    spec = catalog.of(fileSystem.client().getStatus(MODEL).getFileInfo()).orElseThrow();
    engine.source().beWrongOnceAt(0);
    engine.source().holdAt(LAST);
  }

  @AfterEach
  void stop() throws IOException {
    engine.source().letGo();
    files.close();
    engine.close();
  }

  private ModelFile open() throws IOException {
    return files.open(MODEL).orElseThrow();
  }

  /** The rest of the file comes, the verdict, and the file once more. */
  private void finish() {
    CompletableFuture<Void> load = engine.engine().load(spec, 0, FILE_BYTES);
    engine.source().letGo();
    load.orTimeout(30, TimeUnit.SECONDS).join();
    assertTrue(engine.engine().verification().generation(spec.fileId()) > 0, "no verdict");
  }

  private static byte[] read(ModelFile file, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    assertEquals(length, file.read(position, buffer));
    return buffer.array();
  }

  private static void assertReadsRightBytes(ModelFile file) throws IOException {
    assertArrayEquals(FakeSource.content(0, FILE_BYTES), read(file, 0, FILE_BYTES));
  }

  private static void assertFails(ModelFile file) {
    for (long position : new long[] {0, LAST, 0}) {
      assertThrows(IOException.class, () -> file.read(position, ByteBuffer.allocate(10)));
    }
  }

  @Test
  void shouldFailWhoWasGivenWrongBytes() throws IOException {
    try (ModelFile given = open()) {
      assertFalse(Arrays.equals(FakeSource.content(0, 10), read(given, 0, 10)));
      finish();
      assertFails(given);
      try (ModelFile fresh = open()) {
        assertReadsRightBytes(fresh);
        assertFails(given);
      }
    }
  }

  /** What one has read lies in the page cache, where the other finds it without asking us. */
  @Test
  void shouldFailAllWhoHadTheFileOpenTogether() throws IOException {
    try (ModelFile given = open();
        ModelFile other = open()) {
      read(given, 0, 10);
      finish();
      assertFails(other);
    }
  }

  @Test
  void shouldFailWhomTheKernelGaveWhatItHadKept() throws IOException {
    try (ModelFile first = open()) {
      assertFalse(first.keepsPages(pageCache, "/a"));
      read(first, 0, 10);
    }
    try (ModelFile second = open()) {
      assertTrue(second.keepsPages(pageCache, "/a"));
      finish();
      assertFails(second);
      try (ModelFile fresh = open()) {
        assertFalse(fresh.keepsPages(pageCache, "/a"), "wrong pages");
        assertReadsRightBytes(fresh);
      }
    }
  }

  @Test
  void shouldGiveTheRightBytesToWhoWasGivenNone() throws IOException {
    try (ModelFile waiting = open()) {
      finish();
      assertReadsRightBytes(waiting);
    }
  }

  /** A mount that has one page cache for all rounds has to keep them apart. */
  @Test
  void shouldSayThatReadersOfTheRoundBeforeHaveItOpen() throws IOException {
    ModelFile given = open();
    ModelFile bystander = open();
    read(given, 0, 10);
    assertFalse(given.isOpenFromBefore());
    finish();
    try (ModelFile fresh = open()) {
      assertTrue(fresh.isOpenFromBefore());
      given.close();
      assertTrue(fresh.isOpenFromBefore(), "the other one has the same pages");
      bystander.close();
      assertFalse(fresh.isOpenFromBefore());
    }
  }

  @Test
  void shouldForgetWhatIsClosed() throws IOException {
    SharedFiles shared = new SharedFiles(engine.engine().verification()::open);
    shared.close(shared.open(spec));
    assertEquals(0, shared.size());
  }
}
