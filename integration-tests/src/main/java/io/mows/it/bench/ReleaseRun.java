// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.HostMemory;
import io.mows.it.model.CrcManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One release in one round of {@link ReleasesBench}: its cluster, and what reads took there. */
final class ReleaseRun implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /** Read before anything counts. */
  static final String FIRST = ScaleoutBench.WARM_UP_MODEL;

  private final String name;
  private final ReleasesOptions options;
  private final ScaleoutCluster cluster;
  private final MountReader reader;
  private final Sum cold = new Sum();
  private final Sum fromPeer = new Sum();
  private double originBytes;
  private double hot;

  private ReleaseRun(
      String name, ReleasesOptions options, ScaleoutCluster cluster, MountReader reader) {
    this.name = name;
    this.options = options;
    this.cluster = cluster;
    this.reader = reader;
  }

  /** Starts a cluster, on which each worker reads {@link #FIRST}. */
  static ReleaseRun start(String name, Path jar, ReleasesOptions options, Path bucket)
      throws Exception {
    ScaleoutCluster cluster =
        ScaleoutCluster.startMows(
            jar, options.nodes(), options.modelBytes(), bucket, ScaleoutCluster.ONE_BLOCK);
    try {
      MountReader reader = new MountReader(cluster, bucket);
      reader.warmUp();
      return new ReleaseRun(name, options, cluster, reader);
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  /** All nodes at once read what none of them has. */
  void cold(String model) throws Exception {
    HostMemory.touch(options.nodes(), options.modelBytes());
    cluster.limitLinks(options.linkBitsPerSecond(), options.linkBitsPerSecond());
    cluster.resetOriginBytes();
    read(cold, cluster.nodes(), cluster.nodes(), model);
    originBytes += cluster.originBytes();
    cluster.liftLimits();
    cluster.freeAndWait(model);
  }

  /** One reader of what is in its worker's memory. */
  void hot() throws IOException {
    List<Path> weights = BenchModels.weights(cluster.node(0).mountPoint().resolve(FIRST));
    double took = FileReads.sequentialNs(weights);
    hot = Math.max(hot, BenchModels.size(weights) / took);
  }

  /** One node reads what another one has, over links without a limit. */
  void fromPeer(String model) throws Exception {
    cluster.load(0, model);
    HostMemory.touch(1, options.modelBytes());
    read(fromPeer, List.of(1), List.of(0, 1), model);
    cluster.freeAndWait(model);
  }

  private void read(Sum sum, List<Integer> readers, List<Integer> paying, String model)
      throws Exception {
    double before = cluster.processorSeconds(paying);
    EveryNode reads = EveryNode.start(readers, node -> reader.read(node, model));
    sum.seconds += EveryNode.slowest(reads.await(TIMEOUT));
    sum.processorSeconds += cluster.processorSeconds(paying) - before;
    sum.bytes += (double) readers.size() * options.modelBytes();
    Path mounted = cluster.node(1).mountPoint().resolve(model);
    if (!CrcManifest.verify(mounted).isEmpty()) {
      throw new IOException(mounted + " was read wrong");
    }
  }

  /** What all reads together took. */
  Map<String, Double> figures() {
    double models = cold.bytes / options.nodes() / options.modelBytes();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(
        "cold, " + options.nodes() + " nodes at once: x of the link's time",
        cold.seconds / models / options.boundSeconds());
    figures.put("cold: origin, x of the model", originBytes / models / options.modelBytes());
    figures.put("cold: processor of workers, s per GB", cold.processorSeconds / cold.bytes * 1e9);
    figures.put("hot: GB/s", hot);
    figures.put("from a peer: MB/s", fromPeer.bytes / 1e6 / fromPeer.seconds);
    figures.put(
        "from a peer: processor of both, s per GB",
        fromPeer.processorSeconds / fromPeer.bytes * 1e9);
    return figures;
  }

  @Override
  public String toString() {
    StringBuilder words = new StringBuilder(name);
    figures()
        .forEach(
            (figure, value) ->
                words.append(String.format(Locale.ROOT, "%n  %s: %.3f", figure, value)));
    return words.toString();
  }

  @Override
  public void close() throws IOException {
    reader.close();
    cluster.close();
  }

  /** Of reads of one kind. */
  private static final class Sum {
    private double seconds;
    private double processorSeconds;
    private double bytes;
  }
}
