// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import java.util.function.Function;

/** Lets simulated worlds happen, one after the other, until one of them breaks a rule. */
public final class Fuzzer implements Function<long[], String> {
  /**
   * Runs worlds.
   *
   * @param seedAndEvents the seed of the first world, and how many decisions are enough
   * @return which rule was broken in which world; null if none was
   */
  @Override
  public String apply(long[] seedAndEvents) {
    long events = 0;
    for (long seed = seedAndEvents[0]; events < seedAndEvents[1]; seed++) {
      SimWorld world = new SimWorld(seed);
      String complaint;
      try {
        complaint = world.run();
      } catch (RuntimeException | AssertionError e) {
        StackTraceElement[] at = e.getStackTrace();
        complaint = e + " at " + (at.length > 0 ? at[0] : "?");
      }
      if (complaint != null) {
        return "world " + seed + " after " + world.events() + " decisions: " + complaint;
      }
      events += world.events();
    }
    return null;
  }
}
