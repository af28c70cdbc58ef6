// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.StorageTierAssoc;
import alluxio.collections.Pair;
import alluxio.worker.block.BlockStoreLocation;
import alluxio.worker.block.BlockStoreMeta;
import java.util.List;
import java.util.Map;

/** A memory tier above a disk, as a store tells of them: real ones are set once for a process. */
final class TwoTiers implements BlockStoreMeta, StorageTierAssoc {
  static final String MEMORY_DIR = "/mnt/ramdisk/alluxioworker";
  private static final String MEMORY = "MEM";
  private static final String DISK = "SSD";

  private final long memoryBytes;
  private final long usedMemoryBytes;
  private final long diskBytes;

  TwoTiers(long memoryBytes, long usedMemoryBytes, long diskBytes) {
    this.memoryBytes = memoryBytes;
    this.usedMemoryBytes = usedMemoryBytes;
    this.diskBytes = diskBytes;
  }

  @Override
  public long getCapacityBytes() {
    return memoryBytes + diskBytes;
  }

  @Override
  public Map<String, Long> getCapacityBytesOnTiers() {
    return Map.of(MEMORY, memoryBytes, DISK, diskBytes);
  }

  @Override
  public Map<Pair<String, String>, Long> getCapacityBytesOnDirs() {
    return Map.of(
        new Pair<>(MEMORY, MEMORY_DIR), memoryBytes, new Pair<>(DISK, "/mnt/ssd"), diskBytes);
  }

  @Override
  public long getUsedBytes() {
    return usedMemoryBytes;
  }

  @Override
  public Map<String, Long> getUsedBytesOnTiers() {
    return Map.of(MEMORY, usedMemoryBytes, DISK, 0L);
  }

  @Override
  public Map<Pair<String, String>, Long> getUsedBytesOnDirs() {
    return Map.of(
        new Pair<>(MEMORY, MEMORY_DIR), usedMemoryBytes, new Pair<>(DISK, "/mnt/ssd"), 0L);
  }

  @Override
  public StorageTierAssoc getStorageTierAssoc() {
    return this;
  }

  @Override
  public String getAlias(int ordinal) {
    return getOrderedStorageAliases().get(ordinal);
  }

  @Override
  public int getOrdinal(String alias) {
    return getOrderedStorageAliases().indexOf(alias);
  }

  @Override
  public int size() {
    return 2;
  }

  @Override
  public List<String> getOrderedStorageAliases() {
    return List.of(MEMORY, DISK);
  }

  @Override
  public List<Pair<BlockStoreLocation, BlockStoreLocation>> intersectionList() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, List<Long>> getBlockList() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<BlockStoreLocation, List<Long>> getBlockListByStorageLocation() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, List<String>> getDirectoryPathsOnTiers() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, List<String>> getLostStorage() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int getNumberOfBlocks() {
    throw new UnsupportedOperationException();
  }
}
