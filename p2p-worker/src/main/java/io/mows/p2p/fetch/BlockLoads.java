// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.ArrayList;
import java.util.List;

/** The loads of one file that are not done. For the engine's thread. */
final class BlockLoads {
  private final List<BlockLoad> loads = new ArrayList<>();

  void add(BlockLoad load) {
    if (!load.isDone()) {
      loads.add(load);
    }
  }

  boolean isEmpty() {
    return loads.isEmpty();
  }

  boolean want(int block) {
    return loads.stream().anyMatch(load -> load.wants(block));
  }

  void done(int block) {
    loads.forEach(load -> load.done(block));
    loads.removeIf(BlockLoad::isDone);
  }

  /** Fails those that want {@code block}. */
  void fail(int block, Throwable failure) {
    loads.stream().filter(load -> load.wants(block)).forEach(load -> load.fail(failure));
    loads.removeIf(BlockLoad::isDone);
  }

  void failAll(Throwable failure) {
    takeAll().forEach(load -> load.fail(failure));
  }

  /** They are somebody else's to bring now. */
  List<BlockLoad> takeAll() {
    List<BlockLoad> all = new ArrayList<>(loads);
    loads.clear();
    return all;
  }
}
