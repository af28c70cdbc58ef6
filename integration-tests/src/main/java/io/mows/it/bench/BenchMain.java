// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.cli.ParseException;

/** Runs one benchmark: {@code bench mount ...}. */
public final class BenchMain {
  private BenchMain() {}

  /** One benchmark; prints its table to standard output. */
  private interface Bench {
    void run(String[] args) throws Exception;
  }

  private static final Map<String, Bench> BENCHES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("channel", ChannelBench::run),
              Map.entry("engine", EngineBench::run),
              Map.entry("floor", FloorBench::run),
              Map.entry("flows", FlowsBench::run),
              Map.entry("fresh", FreshBench::run),
              Map.entry("mount", MountBench::run),
              Map.entry("open", OpenBench::run),
              Map.entry("rdma", RdmaBench::run),
              Map.entry("releases", ReleasesBench::run),
              Map.entry("scaleout", ScaleoutBench::run),
              Map.entry("small", SmallBench::run),
              Map.entry("verify", VerifyBench::run),
              Map.entry("warmup", WarmupBench::run)));

  public static void main(String[] args) throws Exception {
    Bench bench = args.length == 0 ? null : BENCHES.get(args[0]);
    if (bench == null) {
      System.err.println(
          "Usage: bench " + String.join("|", BENCHES.keySet()) + " [options], or [--help]");
      System.exit(2);
    }
    try {
      bench.run(Arrays.copyOfRange(args, 1, args.length));
    } catch (BenchHelp e) {
      System.out.print(e.text(args[0]));
    } catch (ParseException e) {
      System.err.println("bench " + args[0] + ": " + e.getMessage());
      System.exit(2);
    }
    System.exit(0);
  }
}
