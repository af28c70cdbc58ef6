// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Prints how long swarms of 2 to 1,000 peers take over the shortest possible time, and how often
 * the origin is read. All links 200 Mbit/s, a file of 256 MiB.
 *
 * <p>Arguments, all optional: number of pieces (256), part of a scenario's name, smallest and
 * largest swarm (if these are the same, a swarm of just so many).
 */
public final class SwarmSimMain {
  private static final int[] SIZES = {2, 4, 8, 16, 64, 256, 1000};

  private SwarmSimMain() {}

  public static Map<String, Consumer<Scenario>> scenarios() {
    Map<String, Consumer<Scenario>> all = new LinkedHashMap<>();
    all.put("cold start", s -> {});
    all.put("cold start, slow origin", s -> s.originFactor = 0.35);
    all.put(
        "slow connections",
        s -> {
          s.originFactor = 4;
          s.originConnectionBytesPerSecond = s.linkBytesPerSecond / 10;
        });
    all.put(
        "very slow connections",
        s -> {
          s.originFactor = 4;
          s.originConnectionBytesPerSecond = s.linkBytesPerSecond / 100;
        });
    all.put("staggered joins", s -> s.startSpreadNs = (long) s.linkNs());
    all.put("one holder", s -> s.holders = 1);
    all.put("warm-up holder", s -> s.warmupHolders = 1);
    all.put("5 % crash", s -> s.crashShare = 0.05);
    all.put("readers", s -> s.readers = true);
    all.put(
        "one holder, readers",
        s -> {
          s.holders = 1;
          s.readers = true;
        });
    all.put("one hangs", s -> s.hungNodes = 1);
    all.put(
        "an owner hangs",
        s -> {
          s.hungNodes = 1;
          s.ownersHang = true;
        });
    all.put(
        "faults",
        s -> {
          s.crashShare = 0.05;
          s.slowShare = 0.05;
          s.corruptShare = 0.05;
          s.lossRate = 0.01;
          s.originFailureRate = 0.02;
          s.outageFromNs = Scenario.ms(3_000);
          s.outageToNs = Scenario.ms(8_000);
        });
    return all;
  }

  public static Scenario scenario(String name, int nodes, int pieces, long seed) {
    Scenario scenario = new Scenario();
    scenario.nodes = nodes;
    scenario.pieces = pieces;
    scenario.pieceBytes = (int) ((256L << 20) / pieces);
    scenario.seed = seed;
    scenarios().get(name).accept(scenario);
    return scenario;
  }

  /**
   * Runs what {@code args} ask for, a line each, and calls {@code next} after each of them.
   *
   * @param next given the scenario's name and the scenario anew
   */
  public static void run(String[] args, BiConsumer<String, Scenario> next) {
    int pieces = args.length > 0 ? Integer.parseInt(args[0]) : 256;
    String only = args.length > 1 ? args[1] : "";
    int min = args.length > 2 ? Integer.parseInt(args[2]) : 2;
    int max = args.length > 3 ? Integer.parseInt(args[3]) : 1000;
    System.out.printf(
        "%-24s %5s %6s %6s %6s %7s %9s %6s  (%d pieces)%n",
        "scenario", "peers", "p50", "p99", "max", "origin", "messages", "s", pieces);
    for (String name : scenarios().keySet()) {
      for (int nodes : sizes(min, max)) {
        if (name.contains(only)) {
          Scenario scenario = scenario(name, nodes, pieces, nodes);
          print(name, scenario, () -> new SimWorld(scenario).run());
          next.accept(name, scenario(name, nodes, pieces, nodes));
        }
      }
    }
  }

  /** One of a size that is not among the usual ones may be asked for. */
  private static int[] sizes(int min, int max) {
    return min == max
        ? new int[] {min}
        : IntStream.of(SIZES).filter(n -> n >= min && n <= max).toArray();
  }

  /** Runs one, and prints how it went. */
  public static void print(String name, Scenario scenario, Supplier<SimResult> run) {
    long startNs = System.nanoTime();
    SimResult r = run.get();
    double seconds = (System.nanoTime() - startNs) / 1e9;
    System.out.printf(
        "%-24s %5d %6.2f %6.2f %6.2f %7.3f %9d %6.1f%n",
        name, scenario.nodes, r.p50, r.p99, r.worst, r.origin, r.messages, seconds);
  }

  /** Runs the table. */
  public static void main(String[] args) {
    run(args, (name, scenario) -> {});
  }
}
