// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static io.mows.alluxio.Eventually.await;
import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import alluxio.wire.FileInfo;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.block.TestCatalog;
import io.mows.alluxio.block.TestEngine;
import io.mows.alluxio.conf.MowsConfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelReadAheadTest {
  private static final long CAPACITY_BYTES = 100L * PIECE_BYTES;

  @TempDir Path dir;
  private TestEngine engine;
  private FileCatalog catalog;
  private ModelReadAhead readAhead;
  private final List<String> used = new CopyOnWriteArrayList<>();
  private final FakeFileSystem fileSystem = new FakeFileSystem();

  @BeforeEach
  void start() {
    engine = new TestEngine(dir, CAPACITY_BYTES);
    catalog = TestCatalog.withoutMaster(MowsConfs.paths("/"), PIECE_BYTES);
    readAhead =
        new ModelReadAhead(
            fileSystem.client(),
            catalog,
            engine.engine(),
            engine.memory(),
            used::add,
            System::nanoTime);
  }

  @AfterEach
  void stop() throws IOException {
    readAhead.close();
    engine.close();
  }

  private void open(FileInfo info) {
    readAhead.opened(catalog.of(info).orElseThrow());
  }

  private Set<String> filesFetched() {
    return new TreeSet<>(engine.source().fetched());
  }

  private void awaitPieces(int count) throws InterruptedException {
    await(
        count + " pieces, but " + engine.source().fetched(),
        () -> engine.source().fetched().size() >= count);
  }

  private void awaitAll(String... expected) throws InterruptedException {
    await("the engine to be done", () -> engine.engine().progress().isEmpty());
    List<String> fetched = new ArrayList<>(engine.source().fetched());
    Collections.sort(fetched);
    assertEquals(List.of(expected), fetched);
  }

  @Test
  void shouldFetchTheModelOfWhichAFileIsOpened() throws Exception {
    FileInfo second = fileSystem.add("/m/a-00002-of-00003.safetensors", 2 * PIECE_BYTES);
    fileSystem.add("/m/a-00001-of-00003.safetensors", 2 * PIECE_BYTES);
    fileSystem.add("/m/a-00003-of-00003.safetensors", PIECE_BYTES);
    fileSystem.add("/m/b.json", 10);
    fileSystem.add("/m/pytorch_model.bin", PIECE_BYTES);
    fileSystem.add("/elsewhere/d.safetensors", PIECE_BYTES);
    open(second);
    awaitPieces(6);
    awaitAll(
        "/m/a-00001-of-00003.safetensors",
        "/m/a-00001-of-00003.safetensors",
        "/m/a-00002-of-00003.safetensors",
        "/m/a-00002-of-00003.safetensors",
        "/m/a-00003-of-00003.safetensors",
        "/m/b.json");
    assertEquals(List.of("/m"), used);
  }

  @Test
  void shouldListADirectoryOnceForAllItsFiles() throws Exception {
    FileInfo first = fileSystem.add("/m/a-00001-of-00002.safetensors", 10);
    FileInfo second = fileSystem.add("/m/a-00002-of-00002.safetensors", 10);
    open(first);
    awaitPieces(2);
    open(second);
    open(first);
    FileInfo other = fileSystem.add("/n/a.gguf", 10);
    open(other);
    await("the other model", () -> used.size() == 2);
    assertEquals(List.of("/m", "/n"), fileSystem.listed);
  }

  @Test
  void shouldReadTheFileAheadEvenIfTheDirectoryCannotBeListed() throws Exception {
    FileInfo opened = fileSystem.add("/m/1.safetensors", 3 * PIECE_BYTES);
    fileSystem.answers = false;
    open(opened);
    awaitPieces(3);
    assertEquals(List.of("/m/1.safetensors"), List.copyOf(filesFetched()));
  }

  @Test
  void shouldFetchWhatAReaderSays() throws Exception {
    FileInfo first = fileSystem.add("/m/a-00001-of-00003.safetensors", PIECE_BYTES);
    fileSystem.add("/m/a-00002-of-00003.safetensors", PIECE_BYTES);
    FileInfo third = fileSystem.add("/m/a-00003-of-00003.safetensors", PIECE_BYTES);
    try (WantedFiles.Wants wanted = readAhead.want("/m")) {
      wanted.add(List.of(catalog.of(third).orElseThrow(), catalog.of(first).orElseThrow()));
      awaitPieces(2);
      assertEquals(List.of(third.getPath(), first.getPath()), engine.source().fetched());
    }
  }

  @Test
  void shouldDoNothingAfterItIsClosed() {
    FileInfo opened = fileSystem.add("/m/1.safetensors", PIECE_BYTES);
    readAhead.close();
    open(opened);
    assertEquals(List.of(), engine.source().fetched());
  }
}
