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
  private final boolean paced;

  BlockLoad(List<Integer> blocks, CompletableFuture<Void> result) {
    this(blocks, result, false);
  }

  /**
   * @param paced whether {@link PacedLoads} asks for the pieces one by one
   */
  BlockLoad(List<Integer> blocks, CompletableFuture<Void> result, boolean paced) {
    this.missing = new TreeSet<>(blocks);
    this.result = result;
    this.paced = paced;
  }

  boolean isPaced() {
    return paced;
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
    BlockLoad load = new BlockLoad(blocks, new CompletableFuture<>());
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
