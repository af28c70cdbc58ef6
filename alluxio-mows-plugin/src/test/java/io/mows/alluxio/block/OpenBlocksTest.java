// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.exception.runtime.ResourceExhaustedRuntimeException;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenBlocksTest {
  private static final long SESSION = 7;
  private static final int BLOCK_BYTES = 1000;
  private static final long BLOCK = Ids.block(1, 0);
  private static final long IDLE_NS = 1_000;

  @TempDir Path dir;
  private RealStore store;
  private OpenBlocks open;
  private final AtomicLong nowNs = new AtomicLong();

  @BeforeEach
  void openStore() {
    store = new RealStore(dir, 3 * BLOCK_BYTES);
    open = new OpenBlocks(store.store(), SESSION, nowNs::get);
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  private static byte[] bytes(long seed) {
    byte[] bytes = new byte[BLOCK_BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(BlockLease lease) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) lease.file().lengthBytes());
    lease.file().read(0, all);
    return all.array();
  }

  private void assertNothingLocked() {
    assertEquals(0, open.size());
    assertEquals(Set.of(), store.lockedBlocks());
  }

  @Test
  void shouldGiveTheBytesOfABlock() throws IOException {
    store.put(BLOCK, bytes(1));
    try (BlockLease lease = open.acquire(BLOCK).orElseThrow()) {
      assertEquals(BLOCK_BYTES, lease.file().lengthBytes());
      assertArrayEquals(bytes(1), read(lease));
    }
  }

  @Test
  void shouldFindNoBlockWhereThereIsNone() throws IOException {
    assertEquals(Optional.empty(), open.acquire(BLOCK));
    assertNothingLocked();
  }

  @Test
  void shouldShareOneFileAndOneLockAmongReaders() throws IOException {
    store.put(BLOCK, bytes(1));
    BlockLease first = open.acquire(BLOCK).orElseThrow();
    BlockLease second = open.acquire(BLOCK).orElseThrow();
    assertSame(first.file(), second.file());
    assertEquals(1, open.size());

    first.close();
    nowNs.addAndGet(10 * IDLE_NS);
    open.releaseIdle(IDLE_NS);
    assertArrayEquals(bytes(1), read(second), "the other one reads on");
    second.close();
  }

  @Test
  void shouldLetABlockBeRemovedWhileItIsReadIfItsBytesAreWrong() throws IOException {
    store.put(BLOCK, bytes(1));
    BlockLease lease = open.acquire(BLOCK).orElseThrow();
    open.retire(BLOCK);
    assertNothingLocked();
    store.store().removeBlock(SESSION, BLOCK);
    assertArrayEquals(bytes(1), read(lease), "who has it open reads on");
    lease.close();
    assertEquals(Optional.empty(), open.acquire(BLOCK));
  }

  @Test
  void shouldLetGoOfABlockAMomentAfterItsLastReader() throws IOException {
    store.put(BLOCK, bytes(1));
    nowNs.set(500);
    open.acquire(BLOCK).orElseThrow().close();

    nowNs.set(500 + IDLE_NS - 1);
    open.releaseIdle(IDLE_NS);
    assertEquals(Set.of(BLOCK), store.lockedBlocks(), "too early");

    nowNs.set(500 + IDLE_NS);
    open.releaseIdle(IDLE_NS);
    assertNothingLocked();
    assertArrayEquals(bytes(1), read(open.acquire(BLOCK).orElseThrow()), "it can be had again");
  }

  @Test
  void shouldProtectWhatIsReadFromEvictionAndNothingElse() throws IOException {
    store.put(Ids.block(1, 0), bytes(0));
    store.put(Ids.block(1, 1), bytes(1));
    store.put(Ids.block(1, 2), bytes(2));
    BlockLease oldest = open.acquire(Ids.block(1, 0)).orElseThrow();

    store.put(Ids.block(2, 0), bytes(3));
    store.put(Ids.block(2, 1), bytes(4));

    assertTrue(store.store().hasBlockMeta(Ids.block(1, 0)));
    assertArrayEquals(bytes(0), read(oldest));
    BlockLease second = open.acquire(Ids.block(2, 0)).orElseThrow();
    BlockLease third = open.acquire(Ids.block(2, 1)).orElseThrow();
    assertThrows(
        ResourceExhaustedRuntimeException.class, () -> store.put(Ids.block(3, 0), bytes(5)));

    for (BlockLease lease : List.of(oldest, second, third)) {
      lease.close();
    }
    open.releaseIdle(0);
    store.put(Ids.block(3, 0), bytes(5));
    assertNothingLocked();
  }

  @Test
  void shouldNotKeepALockOnABlockWhoseFileIsGone() throws IOException {
    store.put(BLOCK, bytes(1));
    Files.delete(store.pathOf(BLOCK));
    assertThrows(IOException.class, () -> open.acquire(BLOCK));
    assertNothingLocked();
  }

  @Test
  void shouldLetAlluxioRemoveABlockOnceItIsIdle() throws IOException {
    store.put(BLOCK, bytes(1));
    open.acquire(BLOCK).orElseThrow().close();
    open.releaseIdle(0);
    store.store().removeBlock(SESSION + 1, BLOCK);
    assertEquals(Optional.empty(), open.acquire(BLOCK));
    assertNothingLocked();
  }

  @Test
  void shouldServeTheNewBlockAfterAnOldOneOfTheSameId() throws IOException {
    store.put(BLOCK, bytes(1));
    open.acquire(BLOCK).orElseThrow().close();
    open.releaseIdle(0);
    store.store().removeBlock(SESSION + 1, BLOCK);
    store.put(BLOCK, bytes(2));
    assertArrayEquals(bytes(2), read(open.acquire(BLOCK).orElseThrow()));
  }

  @Test
  void shouldLetGoOfEverythingWhenClosed() throws IOException {
    store.put(Ids.block(1, 0), bytes(0));
    store.put(Ids.block(1, 1), bytes(1));
    open.acquire(Ids.block(1, 0)).orElseThrow().close();
    BlockLease held = open.acquire(Ids.block(1, 1)).orElseThrow();

    open.close();

    assertEquals(Set.of(Ids.block(1, 1)), store.lockedBlocks(), "but for what is still read");
    assertArrayEquals(bytes(1), read(held));
    held.close();
    assertNothingLocked();
  }

  @Test
  void shouldKeepItsBooksUnderConcurrentReadersAndRemovals() throws Exception {
    long seed = System.nanoTime();
    int threads = 4;
    ExecutorService readers = Executors.newFixedThreadPool(threads);
    List<Future<?>> results = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Random random = new Random(seed + t);
      results.add(
          readers.submit(
              () -> {
                for (int i = 0; i < 300; i++) {
                  step(random);
                }
                return null;
              }));
    }
    // As the worker's sweeper does: a removal waits until the block it wants is let go of.
    while (!results.stream().allMatch(Future::isDone)) {
      nowNs.addAndGet(IDLE_NS);
      open.releaseIdle(IDLE_NS);
      TimeUnit.MILLISECONDS.sleep(1);
    }
    for (Future<?> result : results) {
      try {
        result.get(1, TimeUnit.MINUTES);
      } catch (Exception e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    readers.shutdown();
    open.releaseIdle(0);
    assertEquals(0, open.size(), () -> "seed " + seed);
    assertEquals(Set.of(), store.lockedBlocks(), () -> "seed " + seed);
  }

  /** One random thing that happens to one of three blocks. */
  private void step(Random random) throws IOException {
    int block = random.nextInt(3);
    long id = Ids.block(1, block);
    switch (random.nextInt(8)) {
      case 0:
        nowNs.addAndGet(IDLE_NS);
        open.releaseIdle(IDLE_NS);
        return;
      case 1:
        putIfAbsent(id, block);
        return;
      default:
        Optional<BlockLease> lease = open.acquire(id);
        if (lease.isPresent()) {
          assertArrayEquals(bytes(block), read(lease.get()));
          lease.get().close();
        }
    }
  }

  private synchronized void putIfAbsent(long id, int block) throws IOException {
    if (!store.store().hasBlockMeta(id)) {
      store.put(id, bytes(block));
    } else if (!store.lockedBlocks().contains(id)) {
      store.store().removeBlock(SESSION + 2, id);
    }
  }

  /** Whoever reads thousands of small files must leave locks of the store's to others. */
  @Test
  void shouldNotKeepThousandsOfBlocksLocked() throws IOException {
    int blocks = 2 * OpenBlocks.MAX_KEPT;
    try (RealStore large = new RealStore(dir.resolve("large"), (long) blocks * BLOCK_BYTES)) {
      OpenBlocks many = new OpenBlocks(large.store(), SESSION, nowNs::get);
      for (int i = 1; i <= blocks; i++) {
        large.put(Ids.block(i, 0), bytes(i));
        try (BlockLease lease = many.acquire(Ids.block(i, 0)).orElseThrow()) {
          assertArrayEquals(bytes(i), read(lease));
        }
      }
      assertEquals(OpenBlocks.MAX_KEPT, many.size());
      assertEquals(OpenBlocks.MAX_KEPT, large.lockedBlocks().size());
      try (BlockLease again = many.acquire(Ids.block(blocks, 0)).orElseThrow()) {
        assertArrayEquals(bytes(blocks), read(again), "it is opened again");
      }
      many.close();
      assertEquals(Set.of(), large.lockedBlocks());
    }
  }
}
