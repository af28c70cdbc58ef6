// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.collections.Pair;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreMeta;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tier that blocks of ours go to, the first one, and what it has free: what lies in the tiers
 * below is of no use to them. Thread-safe.
 */
public final class MemoryTier {
  /** Its number. */
  public static final int NUMBER = 0;

  private final BlockStore store;
  private final Map<Path, FileStore> fileSystems = new ConcurrentHashMap<>();

  public MemoryTier(BlockStore store) {
    this.store = store;
  }

  private static String alias(BlockStoreMeta meta) {
    return meta.getStorageTierAssoc().getAlias(NUMBER);
  }

  /** How many bytes Alluxio may keep in it. */
  public long capacityBytes() {
    BlockStoreMeta meta = store.getBlockStoreMeta();
    return meta.getCapacityBytesOnTiers().getOrDefault(alias(meta), 0L);
  }

  /** How many of these Alluxio believes to be free. */
  public long freeBytes() {
    BlockStoreMeta meta = store.getBlockStoreMeta();
    String tier = alias(meta);
    long capacity = meta.getCapacityBytesOnTiers().getOrDefault(tier, 0L);
    return Math.max(0, capacity - meta.getUsedBytesOnTiers().getOrDefault(tier, 0L));
  }

  /** Its directories and how many bytes Alluxio may keep in each. */
  public Map<Path, Long> capacities() {
    BlockStoreMeta meta = store.getBlockStoreMeta();
    return ofTier(alias(meta), meta.getCapacityBytesOnDirs());
  }

  /** Its directories and how many bytes Alluxio counts in each, those of unfinished blocks too. */
  public Map<Path, Long> used() {
    BlockStoreMeta meta = store.getBlockStoreMeta();
    return ofTier(alias(meta), meta.getUsedBytesOnDirs());
  }

  private static Map<Path, Long> ofTier(String tier, Map<Pair<String, String>, Long> bytes) {
    Map<Path, Long> ofTier = new LinkedHashMap<>();
    bytes.forEach(
        (directory, count) -> {
          if (directory.getFirst().equals(tier)) {
            ofTier.put(Path.of(directory.getSecond()), count);
          }
        });
    return ofTier;
  }

  /** How many more bytes the file system with most space takes, whatever Alluxio believes. */
  public long writableBytes() throws IOException {
    long most = 0;
    for (Path directory : capacities().keySet()) {
      most = Math.max(most, writableBytes(directory));
    }
    return most;
  }

  /** How many more bytes the file system of this directory takes. */
  long writableBytes(Path directory) throws IOException {
    FileStore known = fileSystems.get(directory);
    if (known == null) {
      // Looks through all mounts; asking again for what is free does not.
      known = Files.getFileStore(directory);
      fileSystems.put(directory, known);
    }
    return known.getUsableSpace();
  }

  /** The directory that this block file lies in. */
  Path directoryOf(Path blockFile) {
    return capacities().keySet().stream()
        .filter(blockFile::startsWith)
        .findFirst()
        .orElse(blockFile.getParent());
  }
}
