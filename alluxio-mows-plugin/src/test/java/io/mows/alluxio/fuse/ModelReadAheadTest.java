// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.wire.FileInfo;
import io.mows.alluxio.block.FileCatalog;
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
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    catalog =
        new FileCatalog(
            id -> {
              throw new IOException("not asked");
            },
            MowsConfs.paths("/"),
            PIECE_BYTES,
            "crc32.txt");
    readAhead =
        new ModelReadAhead(
            fileSystem.client(), catalog, engine.engine(), () -> CAPACITY_BYTES, used::add);
  }

  @AfterEach
  void stop() throws IOException {
    readAhead.close();
    engine.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model-00001-of-00002.safetensors",
        "pytorch_model.bin",
        "llama.gguf",
        "llama.ggml",
        "a.pt",
        "a.PTH",
        "model.onnx",
        "w.npz",
        "w.h5",
        "odd.name.SafeTensors"
      })
  void shouldKnowWeights(String name) {
    assertTrue(ModelReadAhead.isWeights(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"config.json", "crc32.txt", "safetensors.md", "bin.tar", "README", "", "data.csv"})
  void shouldKnowWhatIsNotWeights(String name) {
    assertFalse(ModelReadAhead.isWeights(name));
  }

  /** A name without a dot is not an extension. */
  @ParameterizedTest
  @ValueSource(strings = {"bin", "pt", "h5"})
  void shouldNotTakeANameForAnExtension(String name) {
    assertFalse(ModelReadAhead.isWeights(name));
  }

  private void open(FileInfo info) {
    readAhead.opened(catalog.of(info).orElseThrow());
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < endNs, what);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private Set<String> filesFetched() {
    return new TreeSet<>(engine.source().fetched());
  }

  private void awaitPieces(int count) throws InterruptedException {
    await(
        count + " pieces, but " + engine.source().fetched(),
        () -> engine.source().fetched().size() >= count);
  }

  /** All that was scheduled so far has run when a later file has been fetched. */
  private void awaitQuiet() throws InterruptedException {
    FileInfo marker = fileSystem.add("/marker/only.txt", 10);
    open(marker);
    await("the marker", () -> engine.source().fetched().contains(marker.getPath()));
    await("the engine to be done", () -> engine.engine().progress().isEmpty());
  }

  @Test
  void shouldFetchTheWholeModelOnce() throws Exception {
    FileInfo third = fileSystem.add("/m/c.safetensors", 2 * PIECE_BYTES);
    fileSystem.add("/m/a.safetensors", 2 * PIECE_BYTES);
    fileSystem.add("/m/b.json", 10);
    fileSystem.add("/elsewhere/d.safetensors", PIECE_BYTES);
    open(third);

    awaitPieces(5);
    awaitQuiet();
    List<String> fetched = new ArrayList<>(engine.source().fetched());
    Collections.sort(fetched);
    assertEquals(
        List.of(
            "/m/a.safetensors",
            "/m/a.safetensors",
            "/m/b.json",
            "/m/c.safetensors",
            "/m/c.safetensors",
            "/marker/only.txt"),
        fetched);
  }

  @Test
  void shouldNotTakeADirectoryForWeights() throws Exception {
    FileInfo opened = fileSystem.add("/data/a.csv", PIECE_BYTES);
    fileSystem.add("/data/b.csv", PIECE_BYTES);
    fileSystem.add("/data/old.bin", 0).setFolder(true);
    open(opened);
    awaitPieces(1);
    awaitQuiet();
    assertEquals(List.of("/data/a.csv", "/marker/only.txt"), List.copyOf(filesFetched()));
  }

  @Test
  void shouldFetchOnlyTheFileWhereThereAreNoWeights() throws Exception {
    FileInfo opened = fileSystem.add("/data/a.csv", PIECE_BYTES);
    fileSystem.add("/data/b.csv", PIECE_BYTES);
    open(opened);
    awaitPieces(1);
    awaitQuiet();
    assertEquals(List.of("/data/a.csv", "/marker/only.txt"), List.copyOf(filesFetched()));
  }

  @Test
  void shouldListADirectoryOnceForAllItsFiles() throws Exception {
    FileInfo first = fileSystem.add("/m/a.safetensors", 10);
    FileInfo second = fileSystem.add("/m/b.safetensors", 10);
    open(first);
    open(second);
    open(first);
    awaitQuiet();
    assertEquals(List.of("/m", "/marker"), fileSystem.listed);
  }

  @Test
  void shouldFetchNoMoreThanFitsIntoMemory() throws Exception {
    FileInfo first = fileSystem.add("/m/1.safetensors", 50L * PIECE_BYTES);
    fileSystem.add("/m/2.safetensors", 40L * PIECE_BYTES);
    fileSystem.add("/m/3.safetensors", PIECE_BYTES);
    open(first);
    awaitPieces(90);
    awaitQuiet();
    assertEquals(
        List.of("/m/1.safetensors", "/m/2.safetensors", "/marker/only.txt"),
        List.copyOf(filesFetched()),
        "90 % of the memory");
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
  void shouldDoNothingAfterItIsClosed() {
    FileInfo opened = fileSystem.add("/m/1.safetensors", PIECE_BYTES);
    readAhead.close();
    open(opened);
    assertEquals(List.of(), engine.source().fetched());
  }
}
