// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.fetch.sim.FuzzWorld.Extra;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lets simulated worlds happen, one after the other, until one of them breaks a rule. */
public final class Fuzzer implements Function<long[], String> {
  /** So often it is said how far it is, for who lets it run for a night. */
  private static final long TELL_EVENTS = 100_000_000;

  private final int maxWorkers;
  private final Set<Extra> extras;

  /** Worlds of few workers. */
  public Fuzzer() {
    this(4);
  }

  /**
   * Worlds of few workers.
   *
   * @param extra the name of what happens in them besides
   */
  public Fuzzer(String extra) {
    this(4, Set.of(Extra.valueOf(extra)));
  }

  /**
   * @param maxWorkers how many workers a world has at most
   */
  Fuzzer(int maxWorkers) {
    this(maxWorkers, Set.of());
  }

  /** As the other one, with more that happens. */
  Fuzzer(int maxWorkers, Set<Extra> extras) {
    this.maxWorkers = maxWorkers;
    this.extras = extras;
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
      FuzzWorld world = new FuzzWorld(seed, maxWorkers, extras, lines);
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

  /** Runs worlds: the first seed, how many decisions, how many workers at most, and what more. */
  public static void main(String[] args) {
    Set<Extra> extras =
        Stream.of(args).skip(3).map(Extra::valueOf).collect(Collectors.toUnmodifiableSet());
    String found =
        new Fuzzer(Integer.parseInt(args[2]), extras)
            .apply(new long[] {Long.parseLong(args[0]), Long.parseLong(args[1])});
    System.out.println(found == null ? "all right" : found);
  }
}
