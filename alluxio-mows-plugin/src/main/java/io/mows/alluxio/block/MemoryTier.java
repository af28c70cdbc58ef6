// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.collections.Pair;
import alluxio.worker.block.BlockStore;
import alluxio.worker.block.BlockStoreMeta;
import io.mows.alluxio.mount.MountInfo;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tier that blocks of ours go to, the first one, and what it has free: what lies in the tiers
 * below is of no use to them. Thread-safe.
 */
public final class MemoryTier {
  /** Its number. */
  public static final int NUMBER = 0;

  private static final Logger LOG = LoggerFactory.getLogger(MemoryTier.class);
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final long EXPLAIN_NS = TimeUnit.MINUTES.toNanos(1);

  private final BlockStore store;
  private final AtomicLong explainedNs = new AtomicLong();
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

  /** How many bytes Alluxio may keep in each of the tiers below it, by their names. */
  public Map<String, Long> below() {
    BlockStoreMeta meta = store.getBlockStoreMeta();
    Map<String, Long> below = new TreeMap<>(meta.getCapacityBytesOnTiers());
    below.remove(alias(meta));
    return below;
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

  /** How much of what Alluxio counts as free the file systems do not have. */
  public long missingBytes() throws IOException {
    long writable = 0;
    for (Path directory : capacities().keySet()) {
      writable += writableBytes(directory);
    }
    return Math.max(0, freeBytes() - writable);
  }

  /** Looks at each file system of the tier; takes some milliseconds. */
  public List<MemoryUse> uses() throws IOException {
    List<MountInfo> mounts =
        MountInfo.of(Files.readAllLines(MOUNTS).stream()).collect(Collectors.toList());
    Map<Path, Long> capacities = capacities();
    Map<Path, Long> used = used();
    Map<MountInfo, Set<Path>> byMount = new LinkedHashMap<>();
    for (Path directory : capacities.keySet()) {
      mounts.stream()
          .filter(mount -> directory.startsWith(mount.point()))
          .reduce((outer, other) -> other.point().startsWith(outer.point()) ? other : outer)
          .ifPresent(m -> byMount.computeIfAbsent(m, any -> new LinkedHashSet<>()).add(directory));
    }
    List<MemoryUse> uses = new ArrayList<>();
    for (Map.Entry<MountInfo, Set<Path>> entry : byMount.entrySet()) {
      Set<Path> directories = entry.getValue();
      long capacity = directories.stream().mapToLong(capacities::get).sum();
      long inUse = directories.stream().mapToLong(d -> used.getOrDefault(d, 0L)).sum();
      uses.add(MemoryUse.of(entry.getKey(), directories, capacity, inUse));
    }
    return uses;
  }

  /** Says in the log what fills the tier, once a minute at most. Takes some milliseconds. */
  void explain() {
    long nowNs = System.nanoTime();
    long lastNs = explainedNs.get();
    boolean soon = lastNs != 0 && nowNs - lastNs < EXPLAIN_NS;
    if (soon || !explainedNs.compareAndSet(lastNs, nowNs)) {
      return;
    }
    try {
      for (MemoryUse use : uses()) {
        if (use.isShort()) {
          LOG.warn(
              "The worker's memory is short of what Alluxio counts: {}. {}.", use, use.remedy());
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("It cannot be found out what fills the memory", e);
    }
  }

  /** The directory that this block file lies in. */
  Path directoryOf(Path blockFile) {
    return capacities().keySet().stream()
        .filter(blockFile::startsWith)
        .findFirst()
        .orElse(blockFile.getParent());
  }
}
