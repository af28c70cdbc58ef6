// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.model.CrcManifest;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stock worker and one with the drop-in jar, in namespaces, over the test origin. */
final class OriginClusterIT {
  private static final long MODEL_BYTES = 48L << 20;
  private static final long ORIGIN_BITS_PER_SECOND = 200_000_000;
  private static final int MOWS = 0;
  private static final int STOCK = 1;

  @TempDir Path bucket;

  @Test
  void shouldKeepStockAndMowsApartAndReadBothFromTheLimitedOrigin() throws Exception {
    System.out.println("seed 7");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 2, 7);
    ClusterConfig config =
        ClusterConfig.builder()
            .workers(2)
            .firstCompilerOnly(true)
            .origin(OriginConfig.serving(bucket))
            .dropInJar(Build.dropInJar())
            .stockWorker(STOCK)
            .ramdiskBytes(256L << 20)
            .jobServers(false)
            .network(NetworkConfig.namespaces().withOriginLink(ORIGIN_BITS_PER_SECOND))
            .build();
    Instance instance;
    try (LocalCluster cluster = LocalCluster.start(config)) {
      instance = cluster.instance();
      shouldPutJarBeforeAlluxio(cluster.worker(MOWS));
      assertTrue(cluster.worker(MOWS).metrics().json().toString().contains("Worker.Mows"));
      shouldHaveNoClassOfOurs(cluster.worker(STOCK));
      assertFalse(cluster.worker(STOCK).metrics().json().toString().contains("Worker.Mows"));

      long startNs = System.nanoTime();
      CliResult load = cluster.worker(STOCK).cli("fs", "load", "--local", "/model");
      double seconds = (System.nanoTime() - startNs) / 1e9;
      assertTrue(load.succeeded(), load.toString());
      long sentBytes = cluster.origin().admin().stats().bytesSent();
      assertTrue(sentBytes >= MODEL_BYTES, "the origin sent " + sentBytes + " bytes");
      assertTrue(
          seconds >= 0.95 * sentBytes * 8 / ORIGIN_BITS_PER_SECOND,
          sentBytes + " bytes came through the limited link in " + seconds + " s");

      for (int i = 0; i < cluster.workers(); i++) {
        Path mounted = cluster.worker(i).mountPoint().resolve("model");
        assertEquals(List.of(), CrcManifest.verify(mounted), "worker " + i);
      }
    }
    Leftovers.assertNone(instance);
  }

  /** In a cluster that people start, the configuration directory comes first: ClusterMainIT. */
  private static void shouldPutJarBeforeAlluxio(WorkerNode worker) throws IOException {
    List<String> classPath = new ArrayList<>(classPath(worker));
    classPath.removeIf(entry -> entry.endsWith("/conf/"));
    assertEquals(Build.dropInJar().toString(), classPath.get(0));
    assertTrue(classPath.get(1).contains("alluxio"), classPath.get(1));
  }

  private static void shouldHaveNoClassOfOurs(WorkerNode worker) throws IOException {
    for (String entry : classPath(worker)) {
      if (entry.endsWith(".jar")) {
        try (JarFile jar = new JarFile(entry)) {
          assertFalse(jar.stream().anyMatch(e -> e.getName().startsWith("io/mows/")), entry);
        }
      } else {
        assertFalse(Files.exists(Path.of(entry, "io/mows")), entry);
      }
    }
  }

  /** The class path of the process, as the kernel shows it. */
  private static List<String> classPath(WorkerNode worker) throws IOException {
    String commandLine = Files.readString(Path.of("/proc/" + worker.pid() + "/cmdline"));
    List<String> arguments = List.of(commandLine.split("\0", -1));
    return List.of(arguments.get(arguments.indexOf("-cp") + 1).split(":", -1));
  }
}
