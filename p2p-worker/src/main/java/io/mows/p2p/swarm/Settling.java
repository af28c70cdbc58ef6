// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * The files of which it is too early to read from the origin, until when at most. Whatever ends
 * that sooner is noticed by others. For one thread.
 */
final class Settling {
  private final PriorityQueue<Wait> waits =
      new PriorityQueue<>((a, b) -> Long.signum(a.untilNs - b.untilNs));

  void add(FileSwarm file, long untilNs) {
    if (!file.marks.isSettling || untilNs - file.marks.settlingUntilNs < 0) {
      file.marks.isSettling = true;
      file.marks.settlingUntilNs = untilNs;
      waits.add(new Wait(file, untilNs));
    }
  }

  /** Hands out those whose time has come. */
  void end(long nowNs, Consumer<FileSwarm> ended) {
    while (!waits.isEmpty() && waits.peek().untilNs - nowNs <= 0) {
      FileSwarm file = waits.poll().file;
      file.marks.isSettling = false;
      ended.accept(file);
    }
  }

  private static final class Wait {
    private final FileSwarm file;
    private final long untilNs;

    Wait(FileSwarm file, long untilNs) {
      this.file = file;
      this.untilNs = untilNs;
    }
  }
}
