// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.fetch.core.FetchCore;
import io.mows.p2p.fetch.file.FetchProbe;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.plan.PlanProbe;
import io.mows.p2p.swarm.SwarmProbe;
import io.mows.p2p.swarm.origin.OriginProbe;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a fault of a worker's own store must not change, as it was at one moment: how often pieces
 * were tried and how long they rest, and what peers and origins are blamed for.
 */
final class SimBlame {
  /** What finds no room is tried again that soon, or when bytes can be written. */
  private static final long NO_ROOM_NS = 10_000_000L;

  private final FetchCore core;
  private final long nowNs;
  private final List<FileFetch> fetches;
  private final String others;
  private final Map<FileFetch, String> attempts = new HashMap<>();
  private final Map<FileFetch, Map<Integer, Long>> pauses = new HashMap<>();

  /** By fetch: what waits for room has none if the store fails, and may rest for that. */
  private final Map<FileFetch, Set<Integer>> waiting = new HashMap<>();

  SimBlame(FetchCore core, long nowNs) {
    this.core = core;
    this.nowNs = nowNs;
    this.fetches = core.fetches().all();
    this.others = others();
    for (FileFetch fetch : fetches) {
      attempts.put(fetch, PlanProbe.attempts(fetch.plan()));
      pauses.put(fetch, PlanProbe.pauses(fetch.plan(), nowNs));
      waiting.put(fetch, FetchProbe.waiting(fetch));
    }
  }

  private String others() {
    return SwarmProbe.blame(core.state().swarm().node())
        + " "
        + OriginProbe.failures(core.state().origins().gates());
  }

  /** Complains of each of these things that is another one now, at the same time. */
  void check(Complaints complaints) {
    if (!others().equals(others)) {
      counted(complaints, "", others, others());
    }
    for (FileFetch fetch : fetches) {
      String now = PlanProbe.attempts(fetch.plan());
      if (!now.equals(attempts.get(fetch))) {
        counted(complaints, " as an attempt", attempts.get(fetch), now);
      }
      checkPauses(fetch, complaints);
    }
  }

  private void checkPauses(FileFetch fetch, Complaints complaints) {
    Map<Integer, Long> before = pauses.get(fetch);
    Map<Integer, Long> now = PlanProbe.pauses(fetch.plan(), nowNs);
    long noRoomUntilNs = Math.max(nowNs + NO_ROOM_NS, core.state().storeHealth().untilNs());
    for (int piece = 0; piece < fetch.file().layout().pieceCount(); piece++) {
      long longest = before.getOrDefault(piece, 0L);
      if (waiting.get(fetch).contains(piece)) {
        longest = Math.max(longest, noRoomUntilNs);
      }
      if (now.getOrDefault(piece, 0L) > longest) {
        counted(complaints, " by a pause of piece " + piece, "" + before, "" + now);
      }
    }
  }

  private static void counted(Complaints complaints, String how, String before, String now) {
    complaints.add(
        "a fault of the store was counted" + how + ": before " + before + ", then " + now);
  }
}
