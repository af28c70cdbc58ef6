// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.model.CrcManifest;
import io.mows.it.model.CrcMismatch;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three workers without any MoWS setting that want the same model at the same moment. */
final class ScaleoutIT {
  private static final int WORKERS = 3;
  private static final long MODEL_BYTES = 48L << 20;
  private static final double MAX_ORIGIN_TIMES = 1.2;
  private static final int PROBES = 2000;
  private static final int PROBE_BYTES = 64 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path bucket;

  @Test
  void shouldReadTheOriginOnceForAllWorkers() throws Exception {
    System.out.println("seed 11");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 2, 11);
    Files.createDirectories(bucket.resolve("probes"));
    for (int probe = 0; probe < PROBES; probe++) {
      Files.write(bucket.resolve("probes/" + probe), new byte[PROBE_BYTES]);
    }
    ClusterConfig config =
        ClusterConfig.builder()
            .workers(WORKERS)
            .origin(OriginConfig.serving(bucket))
            .dropInJar(Build.dropInJar())
            .jobServers(false)
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      awaitSharing(cluster);
      cluster.origin().admin().resetCounters();
      for (List<CrcMismatch> wrong : readOnAllAtOnce(cluster)) {
        assertEquals(List.of(), wrong);
      }
      double originTimes = (double) cluster.origin().admin().stats().bytesSent() / MODEL_BYTES;
      assertTrue(
          originTimes >= 1 && originTimes <= MAX_ORIGIN_TIMES,
          "the origin sent " + originTimes + " times the model");
    }
  }

  /**
   * Workers that have just started do not know each other yet. Reads small files, each once, on the
   * first worker and then on another, until every other one got bytes from a peer.
   */
  private static void awaitSharing(LocalCluster cluster) throws IOException {
    AtomicInteger probe = new AtomicInteger();
    for (int i = 1; i < cluster.workers(); i++) {
      WorkerNode worker = cluster.worker(i);
      Await.until(
          "worker " + i + " to get bytes from a peer",
          PATIENCE,
          () -> {
            String file = "probes/" + probe.getAndIncrement();
            Files.readAllBytes(cluster.worker(0).mountPoint().resolve(file));
            Files.readAllBytes(worker.mountPoint().resolve(file));
            return worker.metrics().value("Worker.MowsBytesFromPeers") > 0;
          },
          () -> "It read " + probe.get() + " files that another worker had.");
    }
  }

  private static List<List<CrcMismatch>> readOnAllAtOnce(LocalCluster cluster) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(cluster.workers());
    try {
      List<Callable<List<CrcMismatch>>> reads = new ArrayList<>();
      for (int i = 0; i < cluster.workers(); i++) {
        Path mounted = cluster.worker(i).mountPoint().resolve("model");
        reads.add(() -> CrcManifest.verify(mounted));
      }
      List<List<CrcMismatch>> results = new ArrayList<>();
      for (Future<List<CrcMismatch>> read : threads.invokeAll(reads)) {
        results.add(read.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
