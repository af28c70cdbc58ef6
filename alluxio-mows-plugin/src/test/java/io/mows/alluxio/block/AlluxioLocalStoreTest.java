// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.util.IdUtils;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.DefaultBlockWorker;
import io.mows.alluxio.Eventually;
import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import io.mows.p2p.fetch.LocalStore.NoSpaceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class AlluxioLocalStoreTest {
  private static final int BLOCK_BYTES = 1000;
  private static final long BLOCK = Ids.block(1, 0);

  @TempDir Path dir;
  private RealStore store;
  private AlluxioLocalStore space;
  private long clientsBefore;

  @BeforeEach
  void openStore() {
    store = new RealStore(dir, 3 * BLOCK_BYTES);
    space = new AlluxioLocalStore(store.store());
    clientsBefore = activeClients();
  }

  @AfterEach
  void closeStore() throws IOException {
    space.close();
    assertEquals(Set.of(), store.lockedBlocks(), "leaked locks");
    store.close();
  }

  private static long activeClients() {
    return DefaultBlockWorker.Metrics.WORKER_ACTIVE_CLIENTS.getCount();
  }

  private static ByteBuffer bytes(int from, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      bytes.put((byte) (from + i));
    }
    return bytes.flip();
  }

  private void fill(long blockId) throws IOException {
    try (BlockFile file = space.reserve(blockId, BLOCK_BYTES)) {
      file.write(0, bytes(0, BLOCK_BYTES));
    }
    space.commit(blockId);
  }

  @Test
  void shouldRemoveABlockThatWasJustRead() throws IOException {
    fill(BLOCK);
    space.openCommitted(BLOCK).orElseThrow().close();
    space.remove(BLOCK);
    assertFalse(space.isCommitted(BLOCK));
    assertEquals(Optional.empty(), space.openCommitted(BLOCK));
    space.remove(BLOCK);
  }

  @Test
  void shouldLetABlockBeInspected() throws IOException {
    fill(BLOCK);
    ByteBuffer read = ByteBuffer.allocate(BLOCK_BYTES);
    try (BlockLease lease = space.inspect(BLOCK).orElseThrow()) {
      lease.file().read(0, read);
    }
    assertEquals(bytes(0, BLOCK_BYTES), read.flip());
    assertEquals(Set.of(), store.lockedBlocks(), "let go of at once");
    assertEquals(Optional.empty(), space.inspect(Ids.block(9, 0)));
  }

  /** Alluxio keeps the block locked until its master has answered. */
  @Test
  @Timeout(60)
  void shouldOpenABlockToSendWhileTheMasterDoesNotAnswer() throws Exception {
    CompletableFuture<Void> answers = new CompletableFuture<>();
    store.masterWaitsFor(answers);
    CompletableFuture<Void> committed = CompletableFuture.runAsync(() -> uncheckedFill(BLOCK));
    Eventually.await("the block to be there", () -> store.store().hasBlockMeta(BLOCK));
    ByteBuffer read = ByteBuffer.allocate(BLOCK_BYTES);
    try (BlockFile file = space.openToSend(BLOCK).orElseThrow()) {
      assertFalse(committed.isDone());
      file.read(0, read);
    }
    assertEquals(bytes(0, BLOCK_BYTES), read.flip());
    answers.complete(null);
    committed.join();
  }

  private void uncheckedFill(long blockId) {
    try {
      fill(blockId);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldSendOnOfABlockThatIsRemoved() throws IOException {
    fill(BLOCK);
    ByteBuffer read = ByteBuffer.allocate(BLOCK_BYTES);
    try (BlockFile file = space.openToSend(BLOCK).orElseThrow()) {
      space.remove(BLOCK);
      file.read(0, read);
    }
    assertEquals(bytes(0, BLOCK_BYTES), read.flip());
    assertEquals(Optional.empty(), space.openToSend(BLOCK));
  }

  @Test
  void shouldTakeABlockInPiecesAtAnyOffset() throws IOException {
    try (BlockFile file = space.reserve(BLOCK, BLOCK_BYTES)) {
      file.write(600, bytes(600, 400));
      file.write(0, bytes(0, 600));
      assertFalse(space.isCommitted(BLOCK));
      assertEquals(Optional.empty(), space.openCommitted(BLOCK));
    }
    space.commit(BLOCK);

    assertTrue(space.isCommitted(BLOCK));
    try (BlockLease lease = space.openCommitted(BLOCK).orElseThrow()) {
      ByteBuffer all = ByteBuffer.allocate(BLOCK_BYTES);
      lease.file().read(0, all);
      assertArrayEquals(bytes(0, BLOCK_BYTES).array(), all.array());
    }
    assertEquals(BLOCK_BYTES, store.usedBytes());
  }

  @Test
  void shouldReserveTheWholeLengthAtOnce() throws IOException {
    space.reserve(BLOCK, 2 * BLOCK_BYTES).close();
    assertEquals(2 * BLOCK_BYTES, store.usedBytes());
    assertThrows(
        NoSpaceException.class, () -> space.reserve(Ids.block(1, 1), 2 * BLOCK_BYTES).close());
    space.abort(BLOCK);
  }

  /** A tmpfs gives huge pages for what lies within a file's length. */
  @Test
  void shouldGiveTheFileItsLengthBeforeItsBytes() throws IOException {
    try (BlockFile file = space.reserve(BLOCK, BLOCK_BYTES)) {
      assertTrue(file.reaches(BLOCK_BYTES));
    }
    space.abort(BLOCK);
  }

  @Test
  void shouldGiveBackWhatIsAborted() throws IOException {
    try (BlockFile file = space.reserve(BLOCK, BLOCK_BYTES)) {
      file.write(0, bytes(0, 10));
    }
    space.abort(BLOCK);

    assertEquals(0, store.usedBytes());
    assertEquals(Set.of(), store.files());
    assertEquals(clientsBefore, activeClients());
    fill(BLOCK);
    assertTrue(space.isCommitted(BLOCK), "it can be had after all");
    assertEquals(clientsBefore, activeClients());
  }

  @Test
  void shouldNotFailWhenThereIsNothingToAbort() {
    space.abort(BLOCK);
  }

  @Test
  void shouldEvictTheOldest() throws IOException {
    for (int i = 0; i < 5; i++) {
      fill(Ids.block(1, i));
    }
    for (int i = 0; i < 5; i++) {
      assertEquals(i >= 2, space.isCommitted(Ids.block(1, i)), "block " + i);
    }
  }

  @Test
  void shouldEvictWhatWasReadAMomentAgoIfNothingElseIsLeft() throws IOException {
    for (int i = 0; i < 3; i++) {
      fill(Ids.block(1, i));
      space.openCommitted(Ids.block(1, i)).orElseThrow().close();
    }
    assertEquals(3, store.lockedBlocks().size(), "all are still held open");
    fill(Ids.block(1, 3));
    assertTrue(space.isCommitted(Ids.block(1, 3)));
  }

  @Test
  void shouldSayThatThereIsNoSpaceWhileEverythingIsRead() throws IOException {
    for (int i = 0; i < 3; i++) {
      fill(Ids.block(1, i));
    }
    BlockLease[] leases = new BlockLease[3];
    for (int i = 0; i < 3; i++) {
      leases[i] = space.openCommitted(Ids.block(1, i)).orElseThrow();
    }
    assertThrows(NoSpaceException.class, () -> space.reserve(Ids.block(2, 0), BLOCK_BYTES).close());
    for (BlockLease lease : leases) {
      lease.close();
    }
    fill(Ids.block(2, 0));
    assertEquals(clientsBefore, activeClients());
  }

  @Test
  void shouldNotEvictWhatIsPinned() throws IOException {
    for (int i = 0; i < 3; i++) {
      fill(Ids.block(1, i));
    }
    store.store().updatePinnedInodes(Set.of(IdUtils.fileIdFromBlockId(Ids.block(1, 0))));
    assertThrows(NoSpaceException.class, () -> space.reserve(Ids.block(2, 0), BLOCK_BYTES).close());
    assertTrue(space.isCommitted(Ids.block(1, 0)));
  }

  @Test
  void shouldRefuseABlockThatIsLargerThanTheStore() {
    assertThrows(NoSpaceException.class, () -> space.reserve(BLOCK, 4 * BLOCK_BYTES).close());
  }

  /** Its locks are held for long while it makes room, and the engine's thread must not wait. */
  @Test
  void shouldKnowWhatIsThereWithoutAskingTheStore() throws IOException {
    store.put(Ids.block(2, 0), new byte[BLOCK_BYTES]);
    BlockStore busy =
        new ForwardingBlockStore(store.store()) {
          @Override
          public boolean hasBlockMeta(long blockId) {
            throw new AssertionError("asked for " + blockId);
          }
        };
    try (AlluxioLocalStore waitless = new AlluxioLocalStore(busy)) {
      assertTrue(waitless.isCommitted(Ids.block(2, 0)), "from before");
      assertFalse(waitless.isCommitted(BLOCK));
      store.put(BLOCK, new byte[BLOCK_BYTES]);
      assertTrue(waitless.isCommitted(BLOCK), "by somebody else");
      space.remove(BLOCK);
      assertFalse(waitless.isCommitted(BLOCK));
    }
  }

  /** Whatever Alluxio counts as free: a write that fails would cost the piece. */
  @Test
  void shouldRefuseWhatTheFileSystemHasNoSpaceFor() throws IOException {
    closeStore();
    store = new RealStore(dir, Long.MAX_VALUE / 4);
    space = new AlluxioLocalStore(store.store());
    long more = Files.getFileStore(dir).getUsableSpace() + (1L << 40);
    NoSpaceException refusal =
        assertThrows(NoSpaceException.class, () -> space.reserve(BLOCK, more).close());
    assertTrue(refusal.getMessage().contains(dir.toString()), refusal::getMessage);
    assertFalse(store.store().hasTempBlockMeta(BLOCK));
    assertEquals(clientsBefore, activeClients());
  }

  @Test
  void shouldNotTakeAwayABlockThatSomebodyElseIsWriting() throws IOException {
    space.reserve(BLOCK, BLOCK_BYTES).close();
    RuntimeException refused =
        assertThrows(RuntimeException.class, () -> space.reserve(BLOCK, BLOCK_BYTES).close());
    assertTrue(refused.getMessage().contains(Long.toString(BLOCK)), refused::getMessage);
    assertTrue(store.store().hasTempBlockMeta(BLOCK));
    space.abort(BLOCK);
  }

  @Test
  void shouldKeepABlockThatTheMasterCouldNotBeToldOf() throws IOException {
    store.masterAnswers(false);
    fill(BLOCK);
    assertTrue(space.isCommitted(BLOCK));
    assertEquals(clientsBefore, activeClients());
  }

  @Test
  void shouldFailToCommitWhatWasNeverReserved() {
    IOException failure = assertThrows(IOException.class, () -> space.commit(BLOCK));
    assertTrue(failure.getMessage().contains(Long.toString(BLOCK)), failure::getMessage);
  }

  @Test
  void shouldNotLoseItsBlocksToTheCleanerOfSessions() throws IOException {
    BlockFile file = space.reserve(BLOCK, BLOCK_BYTES);
    store.store().cleanupSession(1);
    file.write(0, bytes(0, BLOCK_BYTES));
    file.close();
    space.commit(BLOCK);
    assertTrue(space.isCommitted(BLOCK));
  }
}
