// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.HostMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/** Starts engines on the nodes of a cluster that is up, one case after the other. */
final class EngineRun {
  private final EngineOptions options;
  private final EngineModels models;
  private final Path scripts;
  private final ScaleoutCluster cluster;
  private final HostMemory memory;

  EngineRun(
      EngineOptions options,
      EngineModels models,
      Path scripts,
      ScaleoutCluster cluster,
      HostMemory memory) {
    this.options = options;
    this.models = models;
    this.scripts = scripts;
    this.cluster = cluster;
    this.memory = memory;
  }

  /**
   * Runs one case, and takes its model out of the memory again.
   *
   * @param answer what every node has to load
   * @throws IOException if the case could not be run; a node that fails is part of the result
   */
  EngineResult run(EngineWorkload workload, EngineVariant variant, EngineCase which, String answer)
      throws IOException, InterruptedException {
    String model = EngineModels.name(workload, which, variant);
    System.out.println(workload.flag() + ", " + variant.title() + ": " + which.flag());
    Path copies = Files.createTempDirectory("mows-bench-copies");
    Map<Integer, EngineNode> nodes = new TreeMap<>();
    try {
      int starters = which.starters(options.nodes(workload));
      boolean copied = variant.cluster() == ScaleoutVariant.DOWNLOAD;
      if (!copied) {
        hold(which, starters, model);
      }
      for (int node = 0; node < starters; node++) {
        nodes.put(node, node(node, workload, variant, model, copies));
      }
      for (EngineNode node : nodes.values()) {
        node.prepare();
      }
      if (copied && which == EngineCase.WARM) {
        nodes.get(0).copy();
      }
      EngineResult result = measure(workload, variant, which, nodes, answer);
      if (!copied) {
        cluster.free(model);
      }
      return result;
    } finally {
      nodes.values().forEach(EngineNode::close);
      FileUtils.deleteDirectory(copies.toFile());
    }
  }

  /** Brings the model to who has it. */
  private void hold(EngineCase which, int starters, String model) throws IOException {
    if (which == EngineCase.SCALE_OUT) {
      cluster.load(starters, model);
    } else if (which == EngineCase.WARM) {
      cluster.load(0, model);
    }
  }

  private EngineNode node(
      int node, EngineWorkload workload, EngineVariant variant, String model, Path copies)
      throws IOException {
    EngineCommand command = new EngineCommand(workload, options.python(), scripts, variant.way());
    List<String> enter = cluster.node(node).enter();
    if (variant.cluster() != ScaleoutVariant.DOWNLOAD) {
      Path mounted = cluster.node(node).mountPoint().resolve(model);
      return new EngineNode(command, enter, mounted, Optional.empty());
    }
    Path directory = copies.resolve(Integer.toString(node));
    DownloadProcess download = DownloadProcess.start(cluster.node(node), model, directory);
    return new EngineNode(command, enter, directory.resolve(model), Optional.of(download));
  }

  private EngineResult measure(
      EngineWorkload workload,
      EngineVariant variant,
      EngineCase which,
      Map<Integer, EngineNode> nodes,
      String answer)
      throws IOException, InterruptedException {
    TimeUnit.SECONDS.sleep(options.settleSeconds());
    memory.hold(nodes.size(), models.bytes(workload) + workload.processBytes());
    cluster.limitLinks(options.linkBitsPerSecond(), options.originBitsPerSecond());
    cluster.limitConnections(options.connectionBytesPerSecond());
    cluster.resetOriginBytes();
    Map<Integer, EngineStart> starts = new ConcurrentSkipListMap<>();
    ProcessorTime before = ProcessorTime.now();
    EveryNode all =
        EveryNode.start(nodes.keySet(), node -> starts.put(node, nodes.get(node).start()));
    Map<Integer, EveryNode.Outcome> outcomes =
        all.await(Duration.ofSeconds(options.patienceSeconds()));
    double busy = ProcessorTime.now().busySince(before);
    double originTimes = (double) cluster.originBytes() / models.bytes(workload);
    cluster.liftLimits();
    cluster.limitConnections(0);
    memory.release();
    Map<Integer, String> problems = new TreeMap<>(EveryNode.problems(outcomes));
    starts.forEach((node, start) -> check(node, start, answer, problems));
    boolean givenUp =
        !problems.isEmpty()
            && problems.keySet().stream().allMatch(node -> outcomes.get(node).isLate());
    problems.forEach((node, problem) -> System.out.println("  node " + node + ": " + problem));
    System.out.printf(
        Locale.ROOT, "  origin %.2fx, processors %.0f %% busy%n", originTimes, busy * 100);
    Map<Integer, EngineStart> ended = new TreeMap<>(starts);
    outcomes.forEach((node, outcome) -> ended.putIfAbsent(node, EngineStart.unended(outcome)));
    return new EngineResult(
        workload, variant, which, ended.values(), originTimes, busy, givenUp, problems);
  }

  private static void check(
      int node, EngineStart start, String answer, Map<Integer, String> problems) {
    System.out.printf(
        Locale.ROOT,
        "  node %d: %.1f s, load %.1f s%n",
        node,
        start.seconds(),
        start.loadSeconds());
    if (!start.loader().isEmpty()) {
      System.out.println("  node " + node + ": " + start.loader());
    }
    if (!start.answer().equals(answer)) {
      problems.put(node, "has loaded " + start.answer() + " instead of " + answer);
    }
  }
}
