// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.grpc.Block;
import alluxio.grpc.UfsReadOptions;
import alluxio.proto.dataserver.Protocol.OpenUfsBlockOptions;
import alluxio.wire.FileInfo;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.io.BlockReader;
import io.mows.alluxio.Eventually;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.engine.EngineLanes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two snapshots of a Hugging Face cache on a NAS that show the same blobs. */
final class TwinsTest {
  private static final int BLOCK_BYTES = 2 * TestEngine.PIECE_BYTES;
  private static final int FILE_BYTES = 2 * BLOCK_BYTES - 99;
  private static final long MODIFIED_MS = 1_700_000_000_123L;

  @TempDir Path memory;
  @TempDir Path nas;
  private TestEngine engine;
  private FileCatalog catalog;

  @BeforeEach
  void writeCache() throws IOException {
    open(8L * BLOCK_BYTES);
    Files.createDirectories(nas.resolve("blobs"));
    blob("blobs/1");
    blob("blobs/2");
    link("one/model", "blobs/1");
    link("two/model", "blobs/1");
  }

  private void open(long memoryBytes) {
    engine = new TestEngine(memory, memoryBytes);
    catalog = new FileCatalog(new FakeMaster(), MowsConfs.paths("/"), TestEngine.PIECE_BYTES, "x");
    engine.linkTwins(catalog);
  }

  @AfterEach
  void close() throws IOException {
    engine.close();
  }

  private void blob(String name) throws IOException {
    Path file = Files.write(nas.resolve(name), FakeSource.content(0, FILE_BYTES));
    Files.setLastModifiedTime(file, FileTime.fromMillis(MODIFIED_MS));
  }

  private void link(String name, String blob) throws IOException {
    Path link = nas.resolve(name);
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of("..").resolve(blob));
  }

  /** As Alluxio knows it. */
  private FileSpec file(int id, String name) {
    List<Long> blocks =
        IntStream.range(0, 2).mapToObj(block -> Ids.block(id, block)).collect(Collectors.toList());
    FileInfo info =
        new FileInfo()
            .setFileId(Ids.file(id))
            .setPath("/" + name)
            .setLength(FILE_BYTES)
            .setBlockSizeBytes(BLOCK_BYTES)
            .setBlockIds(blocks)
            .setLastModificationTimeMs(MODIFIED_MS)
            .setCompleted(true)
            .setPersisted(true)
            .setUfsPath(nas.resolve(name).toString())
            .setUfsFingerprint("");
    return catalog.of(info).orElseThrow();
  }

  /** Reads all of it, and waits until all of it is in memory. */
  private void read(FileSpec file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES);
    engine.engine().read(file, 0, bytes);
    assertArrayEquals(FakeSource.content(0, FILE_BYTES), bytes.array());
    engine.engine().load(file, 0, FILE_BYTES).join();
  }

  private Path block(FileSpec file, int block) {
    return engine.store().pathOf(file.blockId(block));
  }

  private void assertShared(FileSpec one, FileSpec two) throws IOException {
    for (int block = 0; block < 2; block++) {
      assertTrue(Files.isSameFile(block(one, block), block(two, block)), "block " + block);
    }
  }

  @Test
  void shouldKeepOneCopyOfWhatHasTwoNames() throws IOException {
    FileSpec one = file(1, "one/model");
    FileSpec two = file(2, "two/model");
    read(one);
    read(two);
    assertEquals(Set.of(one.path()), Set.copyOf(engine.source().fetched()));
    assertShared(one, two);
    Set<Path> left = engine.store().files();
    assertEquals(4, left.size(), () -> "left behind: " + left);
  }

  @Test
  void shouldKeepTheBytesAsLongAsOneNameIsLeft() throws IOException {
    FileSpec one = file(1, "one/model");
    FileSpec two = file(2, "two/model");
    read(one);
    read(two);
    engine.remove(one);
    read(two);
    read(one);
    assertEquals(Set.of(one.path()), Set.copyOf(engine.source().fetched()));
    assertEquals(4, engine.source().fetched().size(), "had from the second one again");
  }

  /** Alluxio's own doors: clients over gRPC, and its load jobs. */
  private void throughDoors(Doors use) throws Exception {
    MowsMetrics metrics = new MowsMetrics();
    try (EngineLanes lanes = new EngineLanes(engine.engine(), FILE_BYTES)) {
      BlockStore stock = engine.store().store();
      use.run(new MowsBlockStore(stock, catalog, engine.engine(), lanes, metrics, file -> {}));
    }
  }

  private interface Doors {
    void run(MowsBlockStore store) throws Exception;
  }

  private static void assertReads(BlockReader reader, int offset, int count) throws IOException {
    assertEquals(ByteBuffer.wrap(FakeSource.content(offset, count)), reader.read(offset, count));
  }

  private BlockReader open(MowsBlockStore store, FileSpec file) throws IOException {
    OpenUfsBlockOptions ufs =
        OpenUfsBlockOptions.newBuilder().setUfsPath(file.origin().path()).build();
    return store.createBlockReader(8, file.blockId(0), 0, false, ufs);
  }

  /** Before and after it is in memory, and while the other name goes. */
  @Test
  void shouldGiveLinkedBlocksToClientsAlsoWhenTheOtherNameGoes() throws Exception {
    FileSpec one = file(1, "one/model");
    FileSpec two = file(2, "two/model");
    read(one);
    throughDoors(
        store -> {
          try (BlockReader arriving = open(store, two)) {
            assertEquals("mows:/two/model", arriving.getLocation());
            assertReads(arriving, 0, BLOCK_BYTES);
          }
          engine.engine().load(two, 0, BLOCK_BYTES).join();
          assertTrue(Files.isSameFile(block(one, 0), block(two, 0)));
          try (BlockReader linked = open(store, two)) {
            assertReads(linked, 0, 100);
            engine.remove(one);
            assertReads(linked, 100, BLOCK_BYTES - 100);
          }
          try (BlockReader linked = open(store, two)) {
            assertReads(linked, 0, BLOCK_BYTES);
          }
        });
    assertEquals(Set.of(one.path()), Set.copyOf(engine.source().fetched()));
  }

  @Test
  void shouldLinkWhatALoadOfAlluxioAsksForAndGiveItBackOnce() throws Exception {
    FileSpec one = file(1, "one/model");
    FileSpec two = file(2, "two/model");
    read(one);
    throughDoors(
        store -> {
          List<Block> blocks =
              IntStream.range(0, 2)
                  .mapToObj(b -> Block.newBuilder().setBlockId(two.blockId(b)).setLength(9).build())
                  .collect(Collectors.toList());
          assertEquals(List.of(), store.load(blocks, UfsReadOptions.getDefaultInstance()).get());
          assertShared(one, two);
          store.removeBlock(9, one.blockId(0));
          store.removeBlock(9, two.blockId(1));
          assertEquals(2, engine.store().files().size());
          read(two);
        });
    assertEquals(Set.of(one.path()), Set.copyOf(engine.source().fetched()));
    assertEquals(4, engine.source().fetched().size(), "each name has what the other has lost");
  }

  /** Alluxio counts both, so what is linked may be evicted for what links it. */
  @Test
  void shouldLinkWhatIsEvictedForIt() throws IOException {
    engine.close();
    open(BLOCK_BYTES);
    FileSpec one = file(1, "one/model");
    FileSpec two = file(2, "two/model");
    engine.engine().load(one, 0, BLOCK_BYTES).join();
    engine.engine().load(two, 0, BLOCK_BYTES).join();
    assertTrue(engine.store().store().hasBlockMeta(two.blockId(0)));
    assertEquals(Set.of(one.path()), Set.copyOf(engine.source().fetched()));
    assertFalse(engine.store().store().hasBlockMeta(one.blockId(0)));
  }

  @Test
  void shouldFetchAnotherFileOfTheSameLengthAndTime() throws IOException {
    FileSpec one = file(1, "one/model");
    read(one);
    link("two/model", "blobs/2");
    FileSpec two = file(2, "two/model");
    read(two);
    assertEquals(Set.of(one.path(), two.path()), Set.copyOf(engine.source().fetched()));
  }

  @Test
  void shouldFetchWhatWasChangedSince() throws IOException {
    FileSpec one = file(1, "one/model");
    FileSpec two = file(2, "two/model");
    read(one);
    Files.setLastModifiedTime(nas.resolve("blobs/1"), FileTime.fromMillis(MODIFIED_MS + 1));
    read(two);
    assertEquals(Set.of(one.path(), two.path()), Set.copyOf(engine.source().fetched()));
  }

  @Test
  void shouldFetchWhatTheNasDoesNotShow() throws IOException {
    FileSpec one = file(1, "one/model");
    FileSpec two = file(2, "two/model");
    read(one);
    Files.delete(nas.resolve("one/model"));
    read(two);
    assertEquals(Set.of(one.path(), two.path()), Set.copyOf(engine.source().fetched()));
  }

  /** In the middle of a load, too: block by block. */
  @Test
  void shouldTakeWhatIsThereOfAFile() throws IOException {
    FileSpec one = file(1, "one/model");
    FileSpec two = file(2, "two/model");
    engine.engine().load(one, 0, BLOCK_BYTES).join();
    read(two);
    List<String> fetched = engine.source().fetched();
    assertEquals(2, fetched.stream().filter(two.path()::equals).count(), fetched::toString);
    assertTrue(Files.isSameFile(block(one, 0), block(two, 0)));
  }

  @Test
  void shouldLeaveTheOtherOneAloneWhenItIsGivenUp() throws IOException {
    FileSpec one = file(1, "one/model");
    read(one);
    try (AlluxioLocalStore space = new AlluxioLocalStore(engine.store().store())) {
      long length = one.layout().blockLength(1);
      space.link(Ids.block(3, 1), length, one.blockId(1)).orElseThrow().close();
      space.abort(Ids.block(3, 1));
      assertFalse(space.link(Ids.block(3, 1), length - 1, one.blockId(1)).isPresent(), "shorter");
      assertFalse(space.link(Ids.block(3, 1), length, Ids.block(9, 1)).isPresent(), "not there");
    }
    Set<Path> left = engine.store().files();
    assertEquals(2, left.size(), () -> "left behind: " + left);
    read(one);
    assertEquals(4, engine.source().fetched().size());
  }

  /** It is asked for each block, and readers wait for the answer. */
  @Test
  @Timeout(60)
  void shouldLeaveANasAloneThatDoesNotAnswer() throws Exception {
    FileSpec one = file(1, "one/model");
    FileSpec two = file(2, "two/model");
    AtomicLong nowNs = new AtomicLong();
    AtomicInteger asked = new AtomicInteger();
    SameFiles.Question never =
        (first, second) -> {
          asked.incrementAndGet();
          try {
            TimeUnit.DAYS.sleep(1);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return true;
        };
    try (SameFiles same = new SameFiles(never, 1, nowNs::get)) {
      assertFalse(same.areSame(one, two));
      Eventually.await("the question", () -> asked.get() == 1);
      assertFalse(same.areSame(one, two));
      assertEquals(1, asked.get(), "asked again at once");
      nowNs.addAndGet(SameFiles.PAUSE_NS);
      assertFalse(same.areSame(one, two));
      Eventually.await("the second question", () -> asked.get() == 2);
    }
  }

  @Test
  void shouldSeeNoLinksInAnObjectStore() {
    AlikeFiles alike = new AlikeFiles();
    FileSpec one = file(1, "one/model");
    FileSpec two = file(2, "two/model");
    alike.add(one);
    alike.add(two);
    assertEquals(List.of(two), alike.others(one));
    FileInfo object =
        new FileInfo()
            .setFileId(Ids.file(3))
            .setPath("/object")
            .setLength(FILE_BYTES)
            .setBlockSizeBytes(BLOCK_BYTES)
            .setBlockIds(List.of(Ids.block(3, 0), Ids.block(3, 1)))
            .setLastModificationTimeMs(MODIFIED_MS)
            .setCompleted(true)
            .setPersisted(true)
            .setUfsPath("oss://bucket/object")
            .setUfsFingerprint("");
    FileSpec third = catalog.of(object).orElseThrow();
    alike.add(third);
    assertEquals(List.of(), alike.others(third));
    assertEquals(List.of(two), alike.others(one));
  }
}
