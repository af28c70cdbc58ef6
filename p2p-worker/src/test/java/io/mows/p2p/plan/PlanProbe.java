// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import io.mows.p2p.Fields;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** Looks into a plan for how often its pieces were tried, and how long they rest. */
public final class PlanProbe {
  private PlanProbe() {}

  private static Object attemptsOf(PieceTable plan) {
    return Fields.of(Fields.of(plan, "states"), "attempts");
  }

  /** How often each piece was tried in vain, and which were given up. */
  public static String attempts(PieceTable plan) {
    Object attempts = attemptsOf(plan);
    return Fields.of(attempts, "counts") + " " + Fields.of(attempts, "givenUp");
  }

  /** Until when each piece rests, of those that go on doing so. */
  public static Map<Integer, Long> pauses(PieceTable plan, long nowNs) {
    Map<Integer, Long> untilNs = new TreeMap<>();
    for (String queue : new String[] {"pauses", "longRests"}) {
      RetryQueue rests = Fields.of(attemptsOf(plan), queue);
      Iterable<?> all = Fields.of(rests, "pauses");
      for (Iterator<?> each = all.iterator(); each.hasNext(); ) {
        Object rest = each.next();
        long endNs = Fields.<Long>of(rest, "endNs");
        if (endNs > nowNs) {
          untilNs.merge(Fields.<Integer>of(rest, "piece"), endNs, Math::max);
        }
      }
    }
    return untilNs;
  }
}
