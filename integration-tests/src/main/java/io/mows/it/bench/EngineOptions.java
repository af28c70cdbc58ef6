// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.NetworkConfig;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** The command line of {@code bench engine}. Immutable. */
final class EngineOptions {
  private static final long MEGA = 1_000_000;

  private final Path python;
  private final Set<EngineWorkload> workloads;
  private final Set<EngineCase> cases;
  private final Set<EngineVariant> variants;
  private final int nodes;
  private final int engineNodes;
  private final int shards;
  private final int layers;
  private final long modelBytes;
  private final long linkBitsPerSecond;
  private final long originBitsPerSecond;
  private final long connectionBytesPerSecond;
  private final long settleSeconds;
  private final long patienceSeconds;

  private EngineOptions(CommandLine line) throws ParseException {
    BenchFlags flags = new BenchFlags(line);
    python = Path.of(line.getOptionValue("python"));
    nodes = (int) flags.number("n", 1, EngineWorkload.SAFETENSORS.nodes());
    engineNodes = (int) flags.number("vllm-nodes", 1, EngineWorkload.VLLM.nodes());
    shards = (int) flags.number("shards", 1, 4);
    layers = (int) flags.number("layers", 1, 16);
    modelBytes = flags.number("bytes", 1 << 20, 256 << 20);
    linkBitsPerSecond = flags.number("link-mbit", 1, 300) * MEGA;
    originBitsPerSecond = flags.number("origin-mbit", 0, linkBitsPerSecond / MEGA) * MEGA;
    connectionBytesPerSecond = flags.number("connection-mbyte", 0, 0) * MEGA;
    settleSeconds = flags.number("settle-seconds", 0, 3);
    patienceSeconds = flags.number("patience-seconds", 1, 120);
    workloads =
        EnumSet.copyOf(flags.chosen("workload", EngineWorkload.values(), EngineWorkload::flag));
    variants = EnumSet.copyOf(flags.chosen("only", EngineVariant.values(), EngineVariant::flag));
    cases = EnumSet.copyOf(flags.chosen("case", EngineCase.values(), EngineCase::flag));
  }

  /**
   * Reads the flags.
   *
   * @throws ParseException if a flag is missing or unknown, or its value is wrong
   */
  static EngineOptions parse(String... args) throws ParseException {
    Options options = new Options();
    options.addRequiredOption(null, "python", true, "Python with vLLM and mows-loader");
    options.addOption("n", "nodes", true, "nodes that start at once, of safetensors");
    options.addOption(null, "vllm-nodes", true, "nodes that start at once, of vLLM");
    options.addOption(null, "bytes", true, "size of the model, of safetensors");
    options.addOption(null, "shards", true, "number of that model's files");
    options.addOption(null, "layers", true, "layers of vLLM's model, 25 MB each");
    options.addOption(null, "link-mbit", true, "link of each node, in each direction");
    options.addOption(null, "origin-mbit", true, "link of the origin; 0: no limit");
    options.addOption(null, "connection-mbyte", true, "a connection of the origin; 0: no limit");
    options.addOption(null, "workload", true, "vllm, safetensors or all");
    options.addOption(null, "case", true, "cold, cold-all, scale-out, warm or all");
    options.addOption(null, "only", true, "mows, mows-auto, stock, stock-eager, copy or all");
    options.addOption(null, "settle-seconds", true, "pause before each start");
    options.addOption(null, "patience-seconds", true, "a start that takes longer has failed");
    return new EngineOptions(BenchFlags.parse(options, args));
  }

  /** The Python that has the engine and the loader. */
  Path python() {
    return python;
  }

  /** How many start at once where more than one does. */
  int nodes(EngineWorkload workload) {
    return workload == EngineWorkload.VLLM ? engineNodes : nodes;
  }

  /** All nodes of a cluster: those that start, and one that has the model. */
  int clusterNodes() {
    return 1 + workloads.stream().mapToInt(this::nodes).max().orElseThrow();
  }

  int shards() {
    return shards;
  }

  int layers() {
    return layers;
  }

  /** Of the model of {@link EngineWorkload#SAFETENSORS}; that of vLLM is as large as it is. */
  long modelBytes() {
    return modelBytes;
  }

  long linkBitsPerSecond() {
    return linkBitsPerSecond;
  }

  /** The origin's link; may be {@link NetworkConfig#UNLIMITED}. */
  long originBitsPerSecond() {
    return originBitsPerSecond;
  }

  /** What the origin gives one connection; 0: it does not limit them. */
  long connectionBytesPerSecond() {
    return connectionBytesPerSecond;
  }

  long settleSeconds() {
    return settleSeconds;
  }

  long patienceSeconds() {
    return patienceSeconds;
  }

  Set<EngineWorkload> workloads() {
    return workloads;
  }

  /** Those that run on such nodes. */
  List<EngineVariant> variantsOn(ScaleoutVariant cluster) {
    return variants.stream()
        .filter(variant -> variant.cluster() == cluster)
        .collect(Collectors.toList());
  }

  /** Those that mean something on the variant, with the workload's nodes. */
  List<EngineCase> cases(EngineWorkload workload, EngineVariant variant) {
    return cases.stream()
        .filter(which -> variant.has(which, nodes(workload)))
        .collect(Collectors.toList());
  }
}
