// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

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
