// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import java.util.function.Consumer;
import java.util.function.Function;

/** Lets simulated worlds happen, one after the other, until one of them breaks a rule. */
public final class Fuzzer implements Function<long[], String> {
  /** So often it is said how far it is, for who lets it run for a night. */
  private static final long TELL_EVENTS = 100_000_000;

  private final int maxWorkers;
  private final boolean hasTwins;

  /** Worlds of few workers. */
  public Fuzzer() {
    this(4);
  }

  /**
   * @param maxWorkers how many workers a world has at most
   */
  Fuzzer(int maxWorkers) {
    this(maxWorkers, false);
  }

  /** As the other one; {@code hasTwins} as {@link FuzzWorld} says. */
  Fuzzer(int maxWorkers, boolean hasTwins) {
    this.maxWorkers = maxWorkers;
    this.hasTwins = hasTwins;
  }

  /**
   * Runs worlds.
   *
   * @param seedAndEvents the seed of the first world, and how many decisions are enough
   * @return which rule was broken in which world; null if none was
   */
  @Override
  public String apply(long[] seedAndEvents) {
    Consumer<String> lines = Boolean.getBoolean("mows.fuzz.trace") ? System.out::println : null;
    long events = 0;
    for (long seed = seedAndEvents[0]; events < seedAndEvents[1]; seed++) {
      FuzzWorld world = new FuzzWorld(seed, maxWorkers, hasTwins, lines);
      String complaint = run(world);
      if (complaint != null) {
        return "world " + seed + " after " + world.events() + " decisions: " + complaint;
      }
      long before = events;
      events += world.events();
      if (events / TELL_EVENTS > before / TELL_EVENTS) {
        System.out.println(events + " decisions, all right; the next world is " + (seed + 1));
      }
    }
    return null;
  }

  private static String run(FuzzWorld world) {
    try {
      return world.run();
    } catch (RuntimeException | AssertionError e) {
      StackTraceElement[] at = e.getStackTrace();
      return e + " at " + (at.length > 0 ? at[0] : "?");
    }
  }

  /** Runs worlds: the first seed, how many decisions, and how many workers at most. */
  public static void main(String[] args) {
    String found =
        new Fuzzer(Integer.parseInt(args[2]))
            .apply(new long[] {Long.parseLong(args[0]), Long.parseLong(args[1])});
    System.out.println(found == null ? "all right" : found);
  }
}
