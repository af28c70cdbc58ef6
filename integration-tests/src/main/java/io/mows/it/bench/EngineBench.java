// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.HostMemory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.FileUtils;

/**
 * An inference engine that starts on a node: vLLM from its process's start to the first token, and
 * safetensors alone, with MoWS (load format {@code mows} and the default one), stock Alluxio with
 * {@code direct_io}, and a plain copy to the node's disk, one after the other in one run, on nodes
 * with limited links.
 *
 * <p>Options: {@code --workload vllm|safetensors|all}, {@code -n 3} and {@code --vllm-nodes 1}
 * (that start at once), {@code --bytes 268435456} and {@code --shards 4} (the model of
 * safetensors), {@code --layers 16} (that of vLLM), {@code --link-mbit 300}, {@code --origin-mbit
 * N} (as the nodes' link; 0: no limit), {@code --connection-mbyte 0} (what the origin gives each;
 * 0: no limit), {@code --case cold|cold-all|scale-out|warm|all}, {@code --only
 * mows|mows-auto|stock|stock-eager|copy|all}, {@code --settle-seconds 3}, {@code --patience-seconds
 * 120}.
 */
final class EngineBench {
  private final EngineOptions options;
  private final EngineModels models;
  private final Path scripts;
  private final Map<EngineWorkload, EngineStart> plain = new EnumMap<>(EngineWorkload.class);
  private final List<EngineResult> results = new ArrayList<>();

  private EngineBench(EngineOptions options, EngineModels models, Path scripts) {
    this.options = options;
    this.models = models;
    this.scripts = scripts;
  }

  /**
   * Measures and prints.
   *
   * @throws IOException if a node failed or loaded something wrong, after the tables are printed
   */
  static void run(String[] args) throws Exception {
    EngineOptions options = EngineOptions.parse(args);
    Path directory = Files.createTempDirectory("mows-bench");
    try {
      String load = Files.readString(Path.of("/proc/loadavg")).trim();
      Path bucket = Files.createDirectories(directory.resolve("bucket"));
      EngineBench bench =
          new EngineBench(options, EngineModels.write(bucket, options), writeScripts(directory));
      bench.measure();
      System.out.println();
      System.out.println("Load of the machine before: " + load);
      for (EngineWorkload workload : options.workloads()) {
        System.out.println();
        System.out.println(
            new EngineTable(
                workload,
                options,
                bench.models.bytes(workload),
                bench.plain.get(workload),
                bench.results));
      }
      if (!bench.results.stream().allMatch(EngineResult::isRight)) {
        throw new IOException("A node failed or loaded something wrong; see above");
      }
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  /** Python needs files. */
  private static Path writeScripts(Path directory) throws IOException {
    for (EngineWorkload workload : EngineWorkload.values()) {
      try (InputStream script = EngineBench.class.getResourceAsStream(workload.script())) {
        Files.copy(script, directory.resolve(workload.script()));
      }
    }
    return directory;
  }

  private void measure() throws Exception {
    for (EngineWorkload workload : options.workloads()) {
      loadPlain(workload);
    }
    for (ScaleoutVariant variant : ScaleoutVariant.values()) {
      measure(variant);
    }
  }

  /**
   * Loads from a plain directory of this machine: what the engine needs with no network at all, and
   * the answer that all others have to give. Twice where that is short, since the first reads the
   * libraries; a vLLM's were read, most of them, when its model was made.
   */
  private void loadPlain(EngineWorkload workload) throws IOException {
    System.out.println(workload.flag() + ", from a plain directory");
    EngineCommand command =
        new EngineCommand(workload, options.python(), scripts, EngineVariant.COPY.way());
    for (int i = workload.isStartedBefore() ? 0 : 1; i < 2; i++) {
      try (EngineNode node =
          new EngineNode(command, List.of(), models.model(workload), Optional.empty())) {
        node.prepare();
        plain.put(workload, node.start());
      }
    }
    EngineStart start = plain.get(workload);
    System.out.printf(Locale.ROOT, "  %.1f s, load %.1f s%n", start.seconds(), start.loadSeconds());
  }

  private void measure(ScaleoutVariant nodes) throws Exception {
    List<EngineVariant> variants = options.variantsOn(nodes);
    if (variants.isEmpty()) {
      return;
    }
    System.out.println("Starting " + options.clusterNodes() + " nodes for " + nodes.title());
    try (ScaleoutCluster cluster =
            ScaleoutCluster.start(
                nodes, options.clusterNodes(), models.mostBytes(), models.bucket());
        HostMemory memory = new HostMemory()) {
      if (nodes != ScaleoutVariant.DOWNLOAD) {
        rehearse(cluster);
      }
      EngineRun run = new EngineRun(options, models, scripts, cluster, memory);
      for (EngineWorkload workload : options.workloads()) {
        String answer = plain.get(workload).answer();
        for (EngineVariant variant : variants) {
          for (EngineCase which : options.cases(workload, variant)) {
            if (!isHopeless(workload, variant, which)) {
              results.add(run.run(workload, variant, which, answer));
            }
          }
        }
      }
    }
  }

  /** Whether the variant was given up with one node already, and this asks for no less. */
  private boolean isHopeless(EngineWorkload workload, EngineVariant variant, EngineCase which) {
    return which != EngineCase.WARM
        && results.stream()
            .filter(result -> result.workload() == workload && result.variant() == variant)
            .anyMatch(EngineResult::isGivenUp);
  }

  /** A cold read that does not count, of all nodes; see {@link ScaleoutBench}. */
  private void rehearse(ScaleoutCluster cluster) throws Exception {
    System.out.println("A cold read that does not count");
    cluster.limitLinks(options.linkBitsPerSecond(), options.originBitsPerSecond());
    try (MountReader reader = new MountReader(cluster, models.bucket())) {
      reader.warmUp();
    }
    cluster.liftLimits();
    cluster.free(ScaleoutBench.WARM_UP_MODEL);
  }
}
