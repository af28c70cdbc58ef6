// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static io.mows.alluxio.Eventually.await;
import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.wire.FileInfo;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.block.ModelMemory;
import io.mows.alluxio.block.TestCatalog;
import io.mows.alluxio.block.TestEngine;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is fetched for readers of models, on Alluxio's own store with room for 100 pieces. */
final class ActiveModelsTest {
  private static final int CAPACITY_PIECES = 100;
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  @TempDir Path dir;
  private final FakeFileSystem fileSystem = new FakeFileSystem();
  private final FileUses uses = new FileUses();
  private final List<String> used = new ArrayList<>();
  private final List<String> manifestAsked = new CopyOnWriteArrayList<>();
  private final CountDownLatch origin = new CountDownLatch(1);
  private TestEngine engine;
  private FileCatalog catalog;
  private ModelMemory memory;
  private ActiveModels models;
  private FileSpec inMemory;

  @BeforeEach
  void start() {
    engine =
        new TestEngine(
            dir,
            (long) CAPACITY_PIECES * PIECE_BYTES,
            VerifyMode.PIECE,
            file -> {
              manifestAsked.add(file.path());
              return CompletableFuture.completedFuture(Expectation.noManifest());
            });
    memory = engine.memory();
    catalog = TestCatalog.withoutMaster(MowsConfs.paths("/"), PIECE_BYTES);
    models =
        new ActiveModels(
            root -> new ModelScout(fileSystem.client(), catalog, engine.engine(), root),
            engine.engine(),
            new MemoryRoom(memory, uses),
            used::add,
            Runnable::run,
            Runnable::run);
    inMemory = spec(fileSystem.add("/in/memory", 1));
    load(inMemory);
  }

  @AfterEach
  void stop() throws IOException {
    origin.countDown();
    engine.close();
  }

  private FileSpec add(String path, int pieces) {
    return spec(fileSystem.add(path, (long) pieces * PIECE_BYTES));
  }

  private FileSpec text(String path, String text) {
    engine.source().write(path, text);
    return spec(fileSystem.add(path, text.length()));
  }

  private FileSpec spec(FileInfo info) {
    return catalog.of(info).orElseThrow();
  }

  /** A model of these many pieces in each shard, with an index. */
  private List<FileSpec> model(String directory, int... pieces) {
    List<FileSpec> shards = new ArrayList<>();
    StringBuilder map = new StringBuilder();
    for (int i = 0; i < pieces.length; i++) {
      String name = String.format("model-%05d-of-%05d.safetensors", i + 1, pieces.length);
      shards.add(add(directory + "/" + name, pieces[i]));
      map.append(i == 0 ? "" : ",").append("\"t").append(i).append("\":\"").append(name);
      map.append('"');
    }
    text(directory + "/model.safetensors.index.json", "{\"weight_map\":{" + map + "}}");
    return shards;
  }

  private void open(FileSpec file, long nowNs) {
    uses.opened(file.fileId(), nowNs);
    models.opened(file, nowNs);
    models.step(nowNs);
  }

  private void load(FileSpec file) {
    engine
        .engine()
        .load(file, 0, file.layout().lengthBytes())
        .orTimeout(30, TimeUnit.SECONDS)
        .join();
  }

  /** How many pieces of each file were read from the origin, when nothing is under way any more. */
  private Map<String, Integer> fetched() throws InterruptedException {
    awaitQuiet();
    Map<String, Integer> fetched = new LinkedHashMap<>();
    engine.source().fetched().forEach(path -> fetched.merge(path, 1, Integer::sum));
    fetched.remove(inMemory.path());
    return fetched;
  }

  private void awaitQuiet() throws InterruptedException {
    awaitStep();
    await(
        "the engine to be done with " + engine.engine().progress().size(),
        () -> engine.engine().progress().isEmpty());
  }

  /** The engine does one thing after the other: what it was told before has begun then. */
  private void awaitStep() {
    load(inMemory);
  }

  private long heldPieces(FileSpec... files) {
    Map<Long, Long> held = memory.evictableBytes();
    return Arrays.stream(files)
        .mapToLong(file -> held.getOrDefault(file.fileId(), 0L) / PIECE_BYTES)
        .sum();
  }

  private void holdOrigin(String... paths) {
    List<String> held = List.of(paths);
    engine
        .source()
        .failWith(
            offset -> {
              try {
                boolean waits = held.stream().anyMatch(engine.source().fetched()::contains);
                if (waits && !origin.await(60, TimeUnit.SECONDS)) {
                  throw new IOException("never let go");
                }
              } catch (InterruptedException e) {
                throw new InterruptedIOException();
              }
            });
  }

  @Test
  void shouldFetchTheIndexedShardsAndNothingBesideThem() throws Exception {
    List<FileSpec> shards = model("/m", 8, 8, 8);
    FileSpec config = text("/m/config.json", "{}");
    add("/m/pytorch_model.bin", 24);
    add("/m/tf_model.h5", 24);
    add("/m/a.gguf", 7);
    add("/m/README.md", 1);
    open(config, 0);
    assertEquals(
        Map.of(
            config.path(),
            1,
            "/m/model.safetensors.index.json",
            1,
            shards.get(0).path(),
            8,
            shards.get(1).path(),
            8,
            shards.get(2).path(),
            8),
        fetched());
    assertEquals(List.of("/m"), used);
  }

  /** vLLM reads both configurations, and then the weights that lie beside the indexed shards. */
  @Test
  void shouldFetchMistralsOwnFormatForWhoReadsItsParameters() throws Exception {
    model("/m", 8, 8, 8);
    FileSpec config = text("/m/config.json", "{}");
    FileSpec parameters = text("/m/params.json", "{}");
    FileSpec consolidated = add("/m/consolidated.safetensors", 24);
    open(config, 0);
    Map<String, Integer> small = fetched();
    assertEquals(
        Set.of(config.path(), parameters.path(), "/m/model.safetensors.index.json"),
        small.keySet());
    open(parameters, SECOND_NS);
    open(config, 2 * SECOND_NS);
    Map<String, Integer> all = new HashMap<>(small);
    all.put(consolidated.path(), 24);
    assertEquals(all, fetched());
  }

  @Test
  void shouldFetchOneQuantAndLeaveTheOtherModelInMemory() throws Exception {
    FileSpec other = add("/other/model.safetensors", 60);
    load(other);
    List<FileSpec> quants = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      quants.add(add("/m/llama.Q" + i + "_K.gguf", 9));
    }
    open(quants.get(6), 0);
    assertEquals(Map.of(other.path(), 60, quants.get(6).path(), 9), fetched());
    assertEquals(60, heldPieces(other));
  }

  @Test
  void shouldTakeTheRoomOfColderModels() throws Exception {
    FileSpec cold = add("/cold/a.safetensors", 30);
    FileSpec colder = add("/cold/b.safetensors", 30);
    load(colder);
    load(cold);
    List<FileSpec> shards = model("/m", 20, 20, 20);
    open(shards.get(0), SECOND_NS);
    await("all shards", () -> heldPieces(shards.toArray(new FileSpec[0])) == 60);
    assertEquals(30, heldPieces(cold), "more than had to go");
    assertEquals(0, heldPieces(colder));
  }

  @Test
  void shouldTakeNoRoomOfOthersForWhoOnlyLooksAtTheConfiguration() throws Exception {
    FileSpec other = add("/other/a.safetensors", 60);
    load(other);
    List<FileSpec> shards = model("/m", 19, 19, 19);
    FileSpec config = text("/m/config.json", "{}");
    open(config, 0);
    assertEquals(
        Map.of(
            other.path(),
            60,
            config.path(),
            1,
            "/m/model.safetensors.index.json",
            1,
            shards.get(0).path(),
            19,
            shards.get(1).path(),
            19),
        fetched());
    assertEquals(60, heldPieces(other));
  }

  @Test
  void shouldNotEvictWhatIsBeingRead() throws Exception {
    FileSpec read = add("/read/a.safetensors", 60);
    load(read);
    uses.opened(read.fileId(), 0);
    List<FileSpec> shards = model("/m", 19, 19, 19);
    open(shards.get(0), SECOND_NS);
    Map<String, Integer> fetched = fetched();
    assertEquals(19, fetched.get(shards.get(1).path()));
    assertFalse(fetched.containsKey(shards.get(2).path()), "it does not fit");
    assertEquals(60, heldPieces(read));
  }

  @Test
  void shouldNotEvictWhatWasUsedMoreRecentlyAndGoOnWhenThereIsRoom() throws Exception {
    FileSpec warm = add("/warm/a.safetensors", 60);
    load(warm);
    List<FileSpec> shards = model("/m", 19, 19, 19);
    holdOrigin(shards.get(0).path());
    uses.opened(shards.get(0).fileId(), 0);
    models.opened(shards.get(0), 0);
    uses.closed(shards.get(0).fileId(), 0);
    uses.opened(warm.fileId(), SECOND_NS);
    uses.closed(warm.fileId(), SECOND_NS);
    origin.countDown();
    models.step(2 * SECOND_NS);
    assertFalse(fetched().containsKey(shards.get(2).path()), "it does not fit");
    assertEquals(60, heldPieces(warm));
    engine.remove(warm);
    models.step(3 * SECOND_NS);
    assertEquals(19, fetched().get(shards.get(2).path()));
  }

  @Test
  void shouldNeverFetchMoreThanFits() throws Exception {
    List<FileSpec> shards = model("/m", 40, 40, 40, 10);
    open(shards.get(1), 0);
    Map<String, Integer> fetched = fetched();
    assertEquals(40, fetched.get(shards.get(1).path()));
    assertEquals(40, fetched.get(shards.get(2).path()));
    assertEquals(10, fetched.get(shards.get(3).path()));
    assertFalse(fetched.containsKey(shards.get(0).path()), "it does not fit");
  }

  @Test
  void shouldStopWhenTheReaderHasGone() throws Exception {
    List<FileSpec> shards = model("/m", 10, 10, 10);
    FileSpec config = text("/m/config.json", "{}");
    holdOrigin(shards.get(0).path());
    open(config, 0);
    await("the first shard", () -> engine.source().fetched().contains(shards.get(0).path()));
    models.step(1_000 * SECOND_NS);
    assertFalse(engine.source().fetched().contains(shards.get(1).path()), "it is open");
    uses.closed(config.fileId(), 1_000 * SECOND_NS);
    models.step(1_080 * SECOND_NS);
    models.step(1_091 * SECOND_NS);
    awaitStep();
    origin.countDown();
    Map<String, Integer> fetched = fetched();
    assertTrue(fetched.get(shards.get(0).path()) < 10, () -> "it went on: " + fetched);
    assertFalse(fetched.containsKey(shards.get(2).path()), () -> "it went on: " + fetched);
  }

  @Test
  void shouldFollowAReaderOfAnotherFormat() throws Exception {
    List<FileSpec> shards = model("/m", 10, 10);
    FileSpec config = text("/m/config.json", "{}");
    FileSpec bin = add("/m/pytorch_model.bin", 20);
    holdOrigin(shards.get(0).path());
    open(config, 0);
    await("the first shard", () -> engine.source().fetched().contains(shards.get(0).path()));
    open(bin, SECOND_NS);
    awaitStep();
    origin.countDown();
    Map<String, Integer> fetched = fetched();
    assertEquals(20, fetched.get(bin.path()));
    assertFalse(fetched.containsKey(shards.get(1).path()), () -> "it went on: " + fetched);
  }

  @Test
  void shouldFetchWhatTheReaderSaysInItsOrderAndGuessNothing() throws Exception {
    List<FileSpec> shards = model("/m", 5, 5, 5, 5);
    FileSpec config = text("/m/config.json", "{}");
    ActiveModel wanted = new ActiveModel("/m", false, 0);
    models.want(wanted);
    open(config, 0);
    models.add(wanted, List.of(shards.get(2), shards.get(0)), 0);
    assertEquals(
        List.of(config.path(), shards.get(2).path(), shards.get(0).path()),
        List.copyOf(fetched().keySet()));
    models.end(wanted);
    models.step(SECOND_NS);
    assertEquals(3, fetched().size(), "nothing is guessed before the next open");
  }

  @Test
  void shouldListADirectoryOfManyFilesOfDataOnce() throws Exception {
    List<FileSpec> data = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      data.add(spec(fileSystem.add("/data/" + i + ".pt", 1)));
    }
    fileSystem.listed.clear();
    data.forEach(file -> open(file, 0));
    data.forEach(file -> uses.closed(file.fileId(), 0));
    assertEquals(100, fetched().size());
    assertEquals(List.of("/data"), fileSystem.listed);
    models.step(1_000 * SECOND_NS);
  }

  @Test
  void shouldLeaveTextForPeopleToItself() throws Exception {
    model("/m", 5);
    open(text("/m/README.md", "#"), 0);
    assertEquals(Map.of("/m/README.md", 1), fetched());
    assertEquals(List.of(), fileSystem.listed);
  }

  @Test
  void shouldLeaveWhatOthersRead() throws Exception {
    List<FileSpec> shards = model("/m", 5, 5);
    holdOrigin(shards.get(0).path());
    ActiveModel first = new ActiveModel("/m", false, 0);
    ActiveModel second = new ActiveModel("/m", false, 0);
    models.want(first);
    models.want(second);
    models.add(first, shards, 0);
    models.add(second, shards, 0);
    models.end(first);
    awaitStep();
    origin.countDown();
    assertEquals(Map.of(shards.get(0).path(), 5, shards.get(1).path(), 5), fetched());
  }

  /** The manifest is asked once in each fetch. */
  @Test
  void shouldNotTroubleTheEngineWithASmallFileThatIsInMemory() throws Exception {
    FileSpec small = spec(fileSystem.add("/data/small.txt", 1_000));
    load(small);
    awaitQuiet();
    for (int i = 0; i < 3; i++) {
      open(small, i);
      awaitQuiet();
    }
    assertEquals(1, manifestAsked.stream().filter(small.path()::equals).count());
    engine.remove(small);
    open(small, 4);
    awaitQuiet();
    assertEquals(2, manifestAsked.stream().filter(small.path()::equals).count(), "it is gone");
  }
}
