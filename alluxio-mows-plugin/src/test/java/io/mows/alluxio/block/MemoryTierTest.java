// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreMeta;
import io.mows.alluxio.warmup.StoreMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryTierTest {
  private static final long MEMORY_BYTES = 1 << 20;
  private static final long DISK_BYTES = 100 << 20;
  private static final Path SHM = Path.of("/dev/shm");

  @TempDir Path dir;

  /** Blocks of ours go to the first one only: what a disk has is no memory. */
  @Test
  void shouldCountTheFirstOfTwoTiersOnly() throws IOException {
    BlockStoreMeta tiers = new TwoTiers(MEMORY_BYTES, 1_000, DISK_BYTES);
    try (RealStore real = new RealStore(dir, MEMORY_BYTES)) {
      BlockStore store =
          new ForwardingBlockStore(real.store()) {
            @Override
            public BlockStoreMeta getBlockStoreMeta() {
              return tiers;
            }
          };
      MemoryTier tier = new MemoryTier(store);
      assertEquals(MEMORY_BYTES, tier.capacityBytes());
      assertEquals(MEMORY_BYTES - 1_000, tier.freeBytes());
      assertEquals(Map.of(Path.of(TwoTiers.MEMORY_DIR), MEMORY_BYTES), tier.capacities());
      StoreMemory warmup = new StoreMemory(store);
      assertEquals(MEMORY_BYTES, warmup.capacityBytes());
      assertEquals(MEMORY_BYTES - 1_000, warmup.freeBytes());
    }
  }

  @Test
  void shouldSayWhatElseLiesInTheFileSystemOfTheMemory() throws IOException {
    assumeTrue(Files.exists(SHM) && Files.getFileStore(SHM).type().equals("tmpfs"));
    Path memory = Files.createTempDirectory(SHM, "mows-test");
    Path foreign = Files.createTempFile(SHM, "mows-test", ".foreign");
    try (RealStore store = new RealStore(memory, 1L << 50)) {
      Files.write(foreign, new byte[100_000]);
      List<MemoryUse> uses = new MemoryTier(store.store()).uses();
      assertEquals(1, uses.size());
      String found = uses.get(0).toString();
      assertTrue(uses.get(0).isShort(), found);
      assertTrue(found.startsWith("tmpfs of ") && found.contains(" at /dev/shm"), found);
      assertTrue(found.contains("other files: "), found);
      assertTrue(uses.get(0).remedy().contains("lsof +L1 /dev/shm"), uses.get(0).remedy());
    } finally {
      Files.delete(foreign);
      delete(memory);
    }
  }

  @Test
  void shouldFindNothingShortWhereThereIsAllThatAlluxioCounts() throws IOException {
    try (RealStore store = new RealStore(dir, MEMORY_BYTES)) {
      MemoryTier tier = new MemoryTier(store.store());
      assertEquals(0, tier.missingBytes());
      for (MemoryUse use : tier.uses()) {
        assertFalse(use.isShort(), use.toString());
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    Set<Path> all = new TreeSet<>(Comparator.reverseOrder());
    try (Stream<Path> files = Files.walk(directory)) {
      files.forEach(all::add);
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
