// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.Sessions;
import alluxio.exception.runtime.BlockDoesNotExistRuntimeException;
import alluxio.grpc.Block;
import alluxio.grpc.BlockStatus;
import alluxio.grpc.UfsReadOptions;
import alluxio.metrics.MetricsSystem;
import alluxio.proto.dataserver.Protocol.OpenUfsBlockOptions;
import alluxio.wire.FileInfo;
import alluxio.worker.block.AbstractBlockStoreEventListener;
import alluxio.worker.block.BlockHeartbeatReporter;
import alluxio.worker.block.BlockMetricsReporter;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreEventListener;
import alluxio.worker.block.io.BlockReader;
import io.grpc.Status;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.engine.EngineLanes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MowsBlockStoreTest {
  private static final long SESSION = 8;
  private static final int BLOCK_BYTES = 2 * PIECE_BYTES;
  private static final int FILE_BYTES = 2 * BLOCK_BYTES;
  private static final long FIRST = Ids.block(1, 0);
  private static final long SECOND = Ids.block(1, 1);
  private static final OpenUfsBlockOptions UFS =
      OpenUfsBlockOptions.newBuilder().setUfsPath("oss://bucket/1.bin").build();

  @TempDir Path dir;
  private TestEngine engine;
  private RecordingStore stock;
  private EngineLanes engineLanes;
  private MowsBlockStore store;
  private final FakeMaster master = new FakeMaster();
  private final List<String> freed = new ArrayList<>();

  @BeforeEach
  void start() {
    engine = new TestEngine(dir, 3 * BLOCK_BYTES);
    stock = new RecordingStore(engine.store().store());
    master.answer = info("/models/1.bin");
    FileCatalog catalog =
        new FileCatalog(master, MowsConfs.paths("/models"), PIECE_BYTES, "crc32.txt");
    engineLanes = new EngineLanes(engine.engine(), 2 * BLOCK_BYTES);
    store =
        new MowsBlockStore(
            stock,
            catalog,
            engine.engine(),
            engineLanes,
            new MowsMetrics(),
            file -> freed.add(file.path()));
  }

  @AfterEach
  void stop() throws IOException {
    engineLanes.close();
    engine.close();
  }

  private static FileInfo info(String path) {
    return new FileInfo()
        .setFileId(Ids.file(1))
        .setPath(path)
        .setLength(FILE_BYTES)
        .setBlockSizeBytes(BLOCK_BYTES)
        .setBlockIds(List.of(FIRST, SECOND))
        .setCompleted(true)
        .setPersisted(true)
        .setUfsPath("oss://bucket/1.bin")
        .setUfsFingerprint("");
  }

  private static long counter(String name) {
    return MetricsSystem.counter("Worker.Mows" + name).getCount();
  }

  private String location(long blockId, OpenUfsBlockOptions options) throws IOException {
    try (BlockReader reader = store.createBlockReader(SESSION, blockId, 0, false, options)) {
      return reader.getLocation();
    }
  }

  private String ufsLocation(long blockId, OpenUfsBlockOptions options) throws IOException {
    try (BlockReader reader = store.createUfsBlockReader(SESSION, blockId, 0, false, options)) {
      return reader.getLocation();
    }
  }

  private List<BlockStatus> load(long... blockIds) throws Exception {
    List<Block> blocks = new ArrayList<>();
    for (long id : blockIds) {
      blocks.add(Block.newBuilder().setBlockId(id).setLength(BLOCK_BYTES).build());
    }
    return store.load(blocks, UfsReadOptions.getDefaultInstance()).get(20, TimeUnit.SECONDS);
  }

  @Test
  void shouldReadAnAcceleratedBlockByPieces() throws IOException {
    try (BlockReader reader = store.createBlockReader(SESSION, SECOND, 0, false, UFS)) {
      assertEquals("mows:/models/1.bin", reader.getLocation());
      assertEquals(
          ByteBuffer.wrap(FakeSource.content(BLOCK_BYTES + 10, 100)), reader.read(10, 100));
    }
    assertEquals("mows:/models/1.bin", ufsLocation(FIRST, UFS));
    assertEquals(List.of(), stock.calls);
  }

  @Test
  void shouldReadACachedBlockAsStock() throws IOException {
    engine.store().put(FIRST, FakeSource.content(0, BLOCK_BYTES));
    assertFalse(location(FIRST, UFS).startsWith("mows:"));
    assertEquals(List.of("read " + FIRST), stock.calls);
    assertEquals(List.of(), master.asked, "the master is not bothered");
  }

  @Test
  void shouldReadByPiecesABlockThatWasEvictedAMomentAgo() throws IOException {
    stock.lie = true;
    assertEquals("mows:/models/1.bin", location(FIRST, UFS));
    assertThrows(BlockDoesNotExistRuntimeException.class, () -> location(FIRST, null));
  }

  @Test
  void shouldTellOfAFileThatTheMasterHasHadRemoved() throws IOException {
    engine.store().put(FIRST, FakeSource.content(0, BLOCK_BYTES));
    store.removeBlock(SESSION, FIRST);
    assertEquals(List.of(), freed, "somebody else has removed it");
    engine.store().put(FIRST, FakeSource.content(0, BLOCK_BYTES));
    store.removeBlock(Sessions.MASTER_COMMAND_SESSION_ID, FIRST);
    assertEquals(List.of("/models/1.bin"), freed);
    assertFalse(engine.store().store().hasBlockMeta(FIRST));
  }

  @Test
  void shouldRemoveABlockWhoseFileIsGone() throws IOException {
    engine.store().put(FIRST, FakeSource.content(0, BLOCK_BYTES));
    master.answer = null;
    store.removeBlock(Sessions.MASTER_COMMAND_SESSION_ID, FIRST);
    assertFalse(engine.store().store().hasBlockMeta(FIRST));
    assertEquals(List.of(), freed);
  }

  @Test
  void shouldLeaveToStockWhatAClientDoesNotWantCached() throws IOException {
    OpenUfsBlockOptions noCache = UFS.toBuilder().setNoCache(true).build();
    assertEquals("stock", ufsLocation(FIRST, noCache));
    location(FIRST, noCache);
    assertEquals(List.of("ufs " + FIRST + " 0 no-cache", "read " + FIRST), stock.calls);
    assertEquals(List.of(), engine.source().fetched());
  }

  @Test
  void shouldLeaveToStockWhatTheClientSaysIsNotAtTheOrigin() {
    assertThrows(BlockDoesNotExistRuntimeException.class, () -> location(FIRST, null));
    assertThrows(
        BlockDoesNotExistRuntimeException.class,
        () -> location(FIRST, OpenUfsBlockOptions.getDefaultInstance()));
    assertEquals(List.of("read " + FIRST, "read " + FIRST), stock.calls);
  }

  @Test
  void shouldLeaveToStockWhatIsNotAccelerated() throws IOException {
    master.answer = info("/other/1.bin");
    assertEquals("stock", ufsLocation(FIRST, UFS));
    assertTrue(store.loadBlock(FIRST).isEmpty());
  }

  @Test
  void shouldReadAManifestFromTheOriginWhateverIsInMemory() throws IOException {
    master.answer = info("/models/crc32.txt");
    engine.store().put(FIRST, FakeSource.content(0, BLOCK_BYTES));
    OpenUfsBlockOptions manifest = UFS.toBuilder().setUfsPath("oss://bucket/crc32.txt").build();
    assertEquals("stock", location(FIRST, manifest));
    assertEquals("stock", location(SECOND, manifest));
    assertEquals("stock", ufsLocation(SECOND, manifest));
    String read = "ufs " + SECOND + " 0 no-cache";
    assertEquals(List.of("ufs " + FIRST + " 0 no-cache", read, read), stock.calls);
    assertEquals(List.of(), engine.source().fetched(), "the engine would ask peers");
  }

  @Test
  void shouldReadWhatMayBeAManifestFromTheOrigin() throws IOException {
    master.answer = null;
    engine.store().put(FIRST, FakeSource.content(0, BLOCK_BYTES));
    OpenUfsBlockOptions manifest = UFS.toBuilder().setUfsPath("oss://bucket/crc32.txt").build();
    assertEquals("stock", location(FIRST, manifest));
    assertEquals(List.of("ufs " + FIRST + " 0 no-cache"), stock.calls);
  }

  @Test
  void shouldReadAsStockWhatIsOnlyCalledAsAManifest() throws IOException {
    master.answer = info("/other/crc32.txt");
    engine.store().put(FIRST, FakeSource.content(0, BLOCK_BYTES));
    location(FIRST, UFS.toBuilder().setUfsPath("oss://bucket/crc32.txt").build());
    assertEquals(List.of("read " + FIRST), stock.calls);
  }

  @Test
  void shouldNotLoadAManifest() throws Exception {
    master.answer = info("/models/crc32.txt");
    assertEquals(List.of(), load(FIRST, SECOND));
    assertTrue(store.loadBlock(FIRST).orElseThrow().isDone());
    assertFalse(store.hasBlockMeta(FIRST));
    assertEquals(List.of(), stock.calls);
    assertEquals(List.of(), engine.source().fetched());
  }

  @Test
  void shouldLeaveToStockABlockThatTheFileDoesNotHave() throws IOException {
    assertEquals("stock", ufsLocation(Ids.block(1, 5), UFS));
  }

  @Test
  void shouldLeaveToStockWhatTheMasterDoesNotTellAbout() throws IOException {
    long before = counter("FallbacksMetadata");
    master.answer = null;
    assertEquals("stock", ufsLocation(FIRST, UFS));
    assertEquals(before + 1, counter("FallbacksMetadata"));
  }

  @Test
  void shouldGoOnAsStockWhenTheEngineFails() throws IOException {
    long before = counter("FallbacksRead");
    engine.breakDown();
    try (BlockReader reader = store.createBlockReader(SESSION, FIRST, 7, false, UFS)) {
      reader.read(7, 10);
      assertEquals("stock", reader.getLocation());
    }
    assertEquals(List.of("ufs " + FIRST + " 7 no-cache"), stock.calls, "nor does stock cache it");
    assertEquals(before + 1, counter("FallbacksRead"));
  }

  private static void throwRetry() throws TransferException {
    throw new TransferException(Remedy.RETRY, "told to fail");
  }

  @Test
  void shouldNotGoOnAsStockWhenTheOriginFails() throws IOException {
    engine
        .source()
        .failWith(
            offset -> {
              throw new TransferException(Remedy.STOP, "it was replaced");
            });
    try (BlockReader reader = store.createBlockReader(SESSION, FIRST, 0, false, UFS)) {
      IOException failure = assertThrows(IOException.class, () -> reader.read(0, 10));
      assertTrue(failure.getMessage().contains("it was replaced"), failure::getMessage);
    }
    assertEquals(List.of(), stock.calls);
  }

  @Test
  void shouldLoadBlocks() throws Exception {
    assertEquals(List.of(), load(FIRST, SECOND));
    assertTrue(store.hasBlockMeta(FIRST) && store.hasBlockMeta(SECOND));
    assertEquals(List.of(), load(FIRST), "what is there is there");
    assertEquals(4, engine.source().fetched().size());
    assertEquals(List.of(), stock.calls);
  }

  @Test
  void shouldShareALoadBetweenOurBlocksAndTheRest() throws Exception {
    List<BlockStatus> errors = load(FIRST, Ids.block(1, 5), SECOND);
    assertEquals(List.of("load [" + Ids.block(1, 5) + "]"), stock.calls);
    assertEquals(1, errors.size());
    assertEquals("stock failed", errors.get(0).getMessage());
    assertTrue(store.hasBlockMeta(FIRST) && store.hasBlockMeta(SECOND));
  }

  @Test
  void shouldSayHowALoadFailed() throws Exception {
    engine.source().failWith(offset -> throwRetry());
    assertLoadFails(Status.Code.UNAVAILABLE, true, "told to fail");

    engine
        .source()
        .failWith(
            offset -> {
              throw new TransferException(Remedy.STOP, "it was replaced");
            });
    assertLoadFails(Status.Code.FAILED_PRECONDITION, false, "it was replaced");
  }

  @Test
  void shouldSayThatALoadFoundNoRoom() throws Exception {
    for (int i = 0; i < 3; i++) {
      engine.store().put(Ids.block(2, i), new byte[BLOCK_BYTES]);
    }
    store.updatePinnedInodes(Set.of(Ids.file(2)));
    assertLoadFails(Status.Code.RESOURCE_EXHAUSTED, false, "alluxio.worker.ramdisk.size");
  }

  private void assertLoadFails(Status.Code code, boolean retryable, String message)
      throws Exception {
    List<BlockStatus> errors = load(FIRST);
    assertEquals(1, errors.size(), errors::toString);
    BlockStatus error = errors.get(0);
    assertEquals(FIRST, error.getBlock().getBlockId());
    assertEquals(code.value(), error.getCode(), error::toString);
    assertEquals(retryable, error.getRetryable(), error::toString);
    assertTrue(error.getMessage().contains(message), error::toString);
  }

  @Test
  void shouldCountEveryBlockOnce() {
    store.registerBlockStoreEventListener(new BlockMetricsReporter());
    assertEquals(List.of(), stock.calls, "the stock worker has registered one already");
    store.registerBlockStoreEventListener(new BlockHeartbeatReporter());
    store.registerBlockStoreEventListener(new AbstractBlockStoreEventListener() {});
    assertEquals(2, stock.calls.size());
  }

  /** The stock store, and what was asked of it through the doors that we stand in. */
  private static final class RecordingStore extends ForwardingBlockStore {
    private final List<String> calls = new ArrayList<>();

    /** Says that it has every block. */
    private boolean lie;

    RecordingStore(BlockStore delegate) {
      super(delegate);
    }

    @Override
    public boolean hasBlockMeta(long blockId) {
      return lie || super.hasBlockMeta(blockId);
    }

    @Override
    public BlockReader createBlockReader(
        long sessionId,
        long blockId,
        long offset,
        boolean positionShort,
        OpenUfsBlockOptions options)
        throws IOException {
      calls.add("read " + blockId);
      if (options != null && options.getNoCache()) {
        return new FakeStockReader(FakeSource.content(0, BLOCK_BYTES), offset);
      }
      // Without options: the stock store must not look for the block at its own origin here.
      return super.createBlockReader(sessionId, blockId, offset, positionShort, null);
    }

    @Override
    public BlockReader createUfsBlockReader(
        long sessionId,
        long blockId,
        long offset,
        boolean positionShort,
        OpenUfsBlockOptions options) {
      calls.add("ufs " + blockId + " " + offset + (options.getNoCache() ? " no-cache" : ""));
      return new FakeStockReader(FakeSource.content(0, BLOCK_BYTES), offset);
    }

    @Override
    public CompletableFuture<List<BlockStatus>> load(List<Block> blocks, UfsReadOptions options) {
      List<BlockStatus> errors = new ArrayList<>();
      List<Long> ids = new ArrayList<>();
      for (Block block : blocks) {
        ids.add(block.getBlockId());
        errors.add(
            BlockStatus.newBuilder().setBlock(block).setCode(2).setMessage("stock failed").build());
      }
      calls.add("load " + ids);
      return CompletableFuture.completedFuture(errors);
    }

    @Override
    public void registerBlockStoreEventListener(BlockStoreEventListener listener) {
      calls.add("listener " + listener.getClass());
      super.registerBlockStoreEventListener(listener);
    }
  }
}
