// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.HostMemory;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.CrcManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Starts and reads of one row of {@link FreshBench}, on one cluster. */
final class FreshRun {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private static final Duration STOP_GRACE = Duration.ofMinutes(1);

  private final FreshRow row;
  private final FreshOptions options;
  private final ScaleoutCluster cluster;
  private final MountReader reader;
  private final HostMemory memory;
  private final List<Integer> readers;
  private WorkerArchive archive;

  FreshRun(
      FreshRow row,
      FreshOptions options,
      ScaleoutCluster cluster,
      MountReader reader,
      HostMemory memory) {
    this.row = row;
    this.options = options;
    this.cluster = cluster;
    this.reader = reader;
    this.memory = memory;
    this.readers = IntStream.range(row.holders(), row.nodes()).boxed().collect(Collectors.toList());
  }

  /** Ends the readers' processes, and makes an archive where a variant has one. */
  void begin(Path archiveFile) throws Exception {
    archive = new WorkerArchive(archiveFile);
    stop();
    if (options.variants().stream().anyMatch(FreshVariant::hasArchive)) {
      makeArchive();
    }
  }

  /** A worker makes it by itself when it has read a model, and ends. */
  private void makeArchive() throws Exception {
    int node = readers.get(0);
    cluster.node(node).startAsInstalled(archive.options(cluster.node(node)));
    reader.read(node, ScaleoutBench.WARM_UP_MODEL);
    archive.await(cluster.node(node));
    cluster.freeAndWait(ScaleoutBench.WARM_UP_MODEL);
    cluster.node(node).stop(STOP_GRACE);
  }

  private List<String> javaOptions(FreshVariant variant, WorkerNode worker) throws IOException {
    return variant.javaOptions(worker, archive, options.javaOptions());
  }

  /** Starts the readers' processes, reads a model that they have not, and ends them. */
  void measure(FreshVariant variant, String model, FreshTable table) throws Exception {
    for (int holder = 0; holder < row.holders(); holder++) {
      cluster.load(holder, model);
    }
    double startSeconds = start(variant);
    TimeUnit.SECONDS.sleep(options.settleSeconds());
    memory.hold(row.nodes(), row.modelBytes());
    cluster.limitLinks(row.linkBitsPerSecond(), row.linkBitsPerSecond());
    cluster.resetOriginBytes();
    double atOpen = cluster.processorSeconds(readers);
    FreshThreads threads = FreshThreads.of(options.showsThreads() ? processes() : List.of());
    ProcessorTime before = ProcessorTime.now();
    EveryNode reads = EveryNode.start(readers, node -> reader.read(node, model));
    double times = EveryNode.slowest(reads.await(TIMEOUT)) / row.boundSeconds();
    double forRead = cluster.processorSeconds(readers) - atOpen;
    String byThreads = threads.end();
    double busy = ProcessorTime.now().busySince(before);
    double origin = (double) cluster.originBytes() / row.modelBytes();
    cluster.liftLimits();
    memory.release();
    check(model);
    System.out.printf(
        Locale.ROOT,
        "  %s: started in %.1f s with %.1f s of processor, read in %.2fx, origin %.2fx, with %.1f s"
            + " of processor; all processors busy for %.0f %%, load %s%n",
        model,
        startSeconds,
        atOpen,
        times,
        origin,
        forRead,
        busy * 100,
        Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
    if (options.showsThreads()) {
      System.out.println("    " + byThreads);
    }
    table.aim(row + ": x of the link's time", row.aim());
    table.add(row + ": x of the link's time", variant.flag(), times);
    table.add(row + ": origin, x of the model", variant.flag(), origin);
    table.add(row + ": processor, s per GB", variant.flag(), forRead / row.gigabytes());
    table.add(row + ": start of all, s", variant.flag(), startSeconds);
    table.add(row + ": processor until the open, s", variant.flag(), atOpen / readers.size());
    cluster.freeAndWait(model);
    stop();
  }

  private double start(FreshVariant variant) throws Exception {
    EveryNode starts =
        EveryNode.start(
            readers,
            node -> cluster.node(node).startAsInstalled(javaOptions(variant, cluster.node(node))));
    return EveryNode.slowest(starts.await(TIMEOUT));
  }

  private void stop() throws Exception {
    EveryNode stops = EveryNode.start(readers, node -> cluster.node(node).stop(STOP_GRACE));
    EveryNode.slowest(stops.await(TIMEOUT));
  }

  private List<Long> processes() {
    return readers.stream().map(node -> cluster.node(node).pid()).collect(Collectors.toList());
  }

  private void check(String model) throws Exception {
    EveryNode checks =
        EveryNode.start(
            readers,
            node -> {
              Path mounted = cluster.node(node).mountPoint().resolve(model);
              if (!CrcManifest.verify(mounted).isEmpty()) {
                throw new IOException(mounted + " was read wrong");
              }
            });
    EveryNode.slowest(checks.await(TIMEOUT));
  }
}
