// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.HostMemory;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.CrcMismatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs the cases of one variant, one after the other, on nodes that are up. */
final class ScaleoutRun {
  /** In which a run that hangs is told from a slow one, beside what all links together allow. */
  private static final double PATIENCE_SECONDS = 120;

  private static final double PATIENCE_TIMES = 5;

  private final ScaleoutVariant variant;
  private final ScaleoutOptions options;
  private final ScaleoutCluster cluster;
  private final ModelReader reader;
  private final HostMemory memory;

  ScaleoutRun(
      ScaleoutVariant variant,
      ScaleoutOptions options,
      ScaleoutCluster cluster,
      ModelReader reader,
      HostMemory memory) {
    this.variant = variant;
    this.options = options;
    this.cluster = cluster;
    this.reader = reader;
    this.memory = memory;
  }

  /**
   * Runs one case and checks every byte that was read.
   *
   * @throws IOException if the case could not be run; a node that fails is part of the result
   */
  ScaleoutResult run(ScaleoutCase which) throws IOException, InterruptedException {
    System.out.println(variant.title() + ": " + which.flag());
    List<Integer> readers = cluster.nodes();
    if (which == ScaleoutCase.WARM) {
      cluster.load(readers.remove(0), which.flag());
    }
    TimeUnit.SECONDS.sleep(options.settleSeconds());
    memory.hold(readers.size(), options.modelBytes());
    Map<Integer, NodeBytes> before = nodeBytes(readers);
    double bound = options.boundSeconds(which, options.modelBytes());
    cluster.limitLinks(options.linkBitsPerSecond(), options.originBitsPerSecond(which));
    cluster.limitConnections(options.connectionBytesPerSecond());
    cluster.resetOriginBytes();
    EveryNode reads = EveryNode.start(readers, node -> reader.read(node, which));
    if (which == ScaleoutCase.CRASH) {
      TimeUnit.MILLISECONDS.sleep((long) (bound * 1000 / 2));
      readers = killLast(readers);
    }
    Map<Integer, EveryNode.Outcome> outcomes = reads.await(readers, patience(bound));
    double originTimes = (double) cluster.originBytes() / options.modelBytes();
    cluster.liftLimits();
    cluster.limitConnections(0);
    memory.release();
    Map<Integer, String> problems = new TreeMap<>(EveryNode.problems(outcomes));
    readers.removeAll(problems.keySet());
    Map<Integer, NodeBytes> after = nodeBytes(readers);
    for (int node : readers) {
      say(node, outcomes.get(node).seconds(), after.get(node).since(before.get(node)));
    }
    problems.putAll(wrongBytes(readers, which));
    problems.forEach((node, problem) -> System.out.println("  node " + node + ": " + problem));
    List<Double> seconds =
        readers.stream().map(node -> outcomes.get(node).seconds()).collect(Collectors.toList());
    ScaleoutResult result =
        new ScaleoutResult(variant, which, seconds, bound, originTimes, problems);
    System.out.println("  " + result);
    return result;
  }

  /** Kills the last workers as a crash would; returns the nodes that live. */
  private List<Integer> killLast(List<Integer> nodes) throws IOException {
    int alive = nodes.size() - ScaleoutCase.KILLED;
    for (int node : nodes.subList(alive, nodes.size())) {
      cluster.node(node).kill9();
      System.out.println("  node " + node + ": killed");
    }
    return new ArrayList<>(nodes.subList(0, alive));
  }

  private Map<Integer, NodeBytes> nodeBytes(List<Integer> nodes) throws IOException {
    Map<Integer, NodeBytes> bytes = new TreeMap<>();
    for (int node : nodes) {
      bytes.put(node, NodeBytes.of(cluster.node(node)));
    }
    return bytes;
  }

  private Map<Integer, String> wrongBytes(List<Integer> nodes, ScaleoutCase which)
      throws InterruptedException {
    EveryNode checks =
        EveryNode.start(
            nodes,
            node -> {
              List<CrcMismatch> wrong = CrcManifest.verify(reader.result(node, which));
              if (!wrong.isEmpty()) {
                throw new IOException("wrong bytes: " + wrong);
              }
            });
    return EveryNode.problems(checks.await(patience(0)));
  }

  private Duration patience(double boundSeconds) {
    double seconds = PATIENCE_SECONDS + PATIENCE_TIMES * options.nodes() * boundSeconds;
    return Duration.ofMillis((long) (seconds * 1000));
  }

  private void say(int node, double seconds, NodeBytes bytes) {
    String line = String.format(Locale.ROOT, "  node %d: %.1f s", node, seconds);
    System.out.println(variant == ScaleoutVariant.MOWS ? line + ", " + bytes : line);
  }
}
