// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.piece.FileLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** A request to have some blocks of a file in the cache. For the engine's thread. */
final class BlockLoad {
  private final Set<Integer> missing;
  private final CompletableFuture<Void> result;
  private final Kind kind;

  private BlockLoad(List<Integer> blocks, CompletableFuture<Void> result, Kind kind) {
    this.missing = new TreeSet<>(blocks);
    this.result = result;
    this.kind = kind;
  }

  private enum Kind {
    WHOLE,
    PACED,
    REST
  }

  /** {@link PacedLoads} asks for the pieces one by one. */
  static BlockLoad paced(int block, CompletableFuture<Void> result) {
    return new BlockLoad(List.of(block), result, Kind.PACED);
  }

  /** What a block still lacks that a reader has begun to stream, if the cache has room for it. */
  static BlockLoad restOf(int block) {
    return new BlockLoad(List.of(block), new CompletableFuture<>(), Kind.REST);
  }

  boolean isPaced() {
    return kind == Kind.PACED;
  }

  /** Whether it is for a block that has its room, and not to be begun without. */
  boolean needsRoom() {
    return kind == Kind.REST;
  }

  /** The blocks that overlap {@code length} bytes from {@code offset} on; perhaps none. */
  static BlockLoad of(FileLayout layout, long offset, long length) {
    if (offset < 0) {
      throw new IllegalArgumentException("A load from offset " + offset);
    }
    List<Integer> blocks = new ArrayList<>();
    long end = offset + Math.min(length, layout.lengthBytes() - offset);
    for (long at = offset; at < end; at = layout.blockEnd(layout.blockAt(at))) {
      blocks.add(layout.blockAt(at));
    }
    BlockLoad load = new BlockLoad(blocks, new CompletableFuture<>(), Kind.WHOLE);
    if (blocks.isEmpty()) {
      load.result.complete(null);
    }
    return load;
  }

  CompletableFuture<Void> result() {
    return result;
  }

  List<Integer> blocks() {
    return List.copyOf(missing);
  }

  boolean wants(int block) {
    return missing.contains(block);
  }

  void done(int block) {
    missing.remove(block);
    if (missing.isEmpty()) {
      result.complete(null);
    }
  }

  void fail(Throwable failure) {
    missing.clear();
    result.completeExceptionally(failure);
  }

  boolean isDone() {
    return missing.isEmpty();
  }
}
