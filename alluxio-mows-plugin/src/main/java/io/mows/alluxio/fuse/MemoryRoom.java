// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import io.mows.alluxio.block.ModelMemory;
import io.mows.alluxio.model.ReadAheadRoom;
import io.mows.p2p.fetch.FileSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The room there is for models that are being read. For one thread. */
final class MemoryRoom {
  /** Looking at more files at once is not worth the time. */
  private static final int MAX_FILES = 256;

  private final ModelMemory memory;
  private final FileUses uses;

  MemoryRoom(ModelMemory memory, FileUses uses) {
    this.memory = memory;
    this.uses = uses;
  }

  FileUses uses() {
    return uses;
  }

  /** How far {@code file}, which is being read, may be read ahead. */
  long windowBytes(FileSpec file, Collection<ActiveModel> models, long nowNs) {
    if (file.layout().lengthBytes() <= ReadAheadRoom.EVICTING_BYTES) {
      return new ReadAheadRoom(0, 0).windowBytes(0, memory.capacityBytes());
    }
    Map<Long, Long> held = memory.evictableBytes();
    long free = memory.freeBytes() - promisedBytes(models);
    return new ReadAheadRoom(free, coldBytes(held, models, nowNs, nowNs))
        .windowBytes(held.getOrDefault(file.fileId(), 0L), memory.capacityBytes());
  }

  /** Which of the next files of {@code model} are begun now. */
  List<FileSpec> admit(ActiveModel model, Collection<ActiveModel> models, long nowNs) {
    List<FileSpec> next = model.next();
    next = next.subList(0, Math.min(MAX_FILES, next.size()));
    if (next.isEmpty()) {
      return next;
    }
    List<Long> missing = new ArrayList<>();
    next.forEach(file -> missing.add(memory.missingBytes(file)));
    long freeBytes = memory.freeBytes() - promisedBytes(models);
    int count = new ReadAheadRoom(freeBytes, 0).admit(missing, 0);
    if (count < next.size() && model.mayEvict()) {
      Map<Long, Long> held = memory.evictableBytes();
      uses.held(held.keySet(), warm(models), nowNs);
      long usedNs = model.usedNs(uses.open(), nowNs);
      ReadAheadRoom room = new ReadAheadRoom(freeBytes, coldBytes(held, models, usedNs, nowNs));
      count = room.admit(missing, underWayBytes(model));
      if (count > 0) {
        // The store evicts what was used longest ago: not what is open and lies still.
        memory.touch(warm(models));
      }
    }
    return next.subList(0, count);
  }

  /** Whether all of it is in memory already. */
  boolean isHeld(FileSpec file) {
    return memory.unfinishedBytes(file) == 0;
  }

  /** How much of what has been begun has no room yet. */
  private long promisedBytes(Collection<ActiveModel> models) {
    Map<Long, FileSpec> begun = new HashMap<>();
    models.forEach(model -> model.begun().forEach(file -> begun.put(file.fileId(), file)));
    return begun.values().stream().mapToLong(memory::missingBytes).sum();
  }

  private long underWayBytes(ActiveModel model) {
    return model.begun().stream().mapToLong(memory::unfinishedBytes).sum();
  }

  private Set<Long> warm(Collection<ActiveModel> models) {
    Set<Long> warm = uses.open();
    models.forEach(model -> warm.addAll(model.fileIds()));
    return warm;
  }

  private long coldBytes(
      Map<Long, Long> held, Collection<ActiveModel> models, long usedNs, long nowNs) {
    return ReadAheadRoom.coldBytes(
        held, warm(models), fileId -> uses.lastUseNs(fileId, nowNs), usedNs);
  }
}
