// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Which pieces of a file may be read from the origin now, and when more may be although nothing
 * happens. For one thread.
 */
final class OriginReadiness {
  private final SwarmState swarm;
  private final Unheard unheard;

  /** What has been found since {@link #look}: whether it is too early to read the file. */
  private final Map<FileSwarm, Boolean> tooEarly = new HashMap<>();

  /** Until when at most it is too early; whatever ends that sooner is noticed by others. */
  private final PriorityQueue<Wait> waits =
      new PriorityQueue<>((a, b) -> Long.signum(a.untilNs - b.untilNs));

  private final Map<FileSwarm, Long> waitingUntilNs = new HashMap<>();
  private long nowNs;

  OriginReadiness(SwarmState swarm) {
    this.swarm = swarm;
    this.unheard = new Unheard(swarm);
  }

  /** All that follows is about this time; {@code ended} gets the files that wait no longer. */
  void look(long atNs, Consumer<FileSwarm> ended) {
    nowNs = atNs;
    tooEarly.clear();
    while (!waits.isEmpty() && waits.peek().untilNs - atNs <= 0) {
      FileSwarm file = waits.poll().file;
      waitingUntilNs.remove(file);
      ended.accept(file);
    }
  }

  /** Whether the origin answers: if not, nobody says when that is over. */
  boolean mayAsk(FileSwarm file) {
    return swarm.origins().mayAsk(file.fileId(), nowNs);
  }

  /** Whether what nobody has may be read of a shared file. */
  boolean isOpen(FileSwarm file) {
    return !file.fetching().isCompleteElsewhere() && !isTooEarly(file);
  }

  /** The first piece from {@code from} on that we may read now, or -1. */
  int next(FileSwarm file, int from) {
    if (!mayAsk(file)) {
      return -1;
    }
    if (!file.isShared()) {
      return from;
    }
    return isOpen(file) ? Unseen.nextOfOurs(file, from) : -1;
  }

  /** Whether peers may have {@code file} of which we have not heard yet. */
  private boolean isTooEarly(FileSwarm file) {
    Boolean known = tooEarly.get(file);
    if (known == null) {
      known = unheard.mayHave(file, nowNs);
      tooEarly.put(file, known);
      if (known) {
        await(file, file.members().waitsUntilNs(nowNs));
      }
    }
    return known;
  }

  private void await(FileSwarm file, long untilNs) {
    Long before = waitingUntilNs.get(file);
    if (before == null || untilNs - before < 0) {
      waitingUntilNs.put(file, untilNs);
      waits.add(new Wait(file, untilNs));
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
