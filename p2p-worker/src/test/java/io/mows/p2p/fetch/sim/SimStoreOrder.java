// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When the store's calls for each block begin and end. All but commits are made one after the
 * other, as they were asked for; commits have threads of their own, so it is for who asks that none
 * overlaps another call for its block.
 */
final class SimStoreOrder {
  private final SimTime time;
  private final Complaints complaints;
  private final Map<Long, List<Call>> byBlock = new HashMap<>();
  private final Map<Long, Long> freeNs = new HashMap<>();

  SimStoreOrder(SimTime time, Complaints complaints) {
    this.time = time;
    this.complaints = complaints;
  }

  /**
   * A call is asked for.
   *
   * @param isOrdered whether it is made after those that are ordered and were asked for before
   * @return how long it is until it has been made
   */
  long ask(long blockId, String what, boolean isOrdered, long takesNs) {
    long nowNs = time.nowNs();
    long sinceNs = nowNs;
    long doneNs = nowNs + takesNs;
    if (isOrdered) {
      long lastNs = freeNs.getOrDefault(blockId, 0L);
      sinceNs = Math.max(nowNs, lastNs);
      doneNs = Math.max(doneNs, lastNs + 1);
      freeNs.put(blockId, doneNs);
    }
    add(blockId, new Call(what, sinceNs, doneNs));
    return doneNs - nowNs;
  }

  private void add(long blockId, Call call) {
    List<Call> open = byBlock.computeIfAbsent(blockId, id -> new ArrayList<>());
    open.removeIf(other -> other.doneNs <= time.nowNs());
    for (Call other : open) {
      if (call.sinceNs < other.doneNs && other.sinceNs < call.doneNs) {
        complaints.add(
            "the store is to "
                + call.what
                + " block "
                + blockId
                + " and to "
                + other.what
                + " it at once");
      }
    }
    open.add(call);
  }

  /** Immutable. */
  private static final class Call {
    private final String what;
    private final long sinceNs;
    private final long doneNs;

    Call(String what, long sinceNs, long doneNs) {
      this.what = what;
      this.sinceNs = sinceNs;
      this.doneNs = doneNs;
    }
  }
}
