// SPDX-License-Identifier: Apache-2.0
package io.mows.it.warmup;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mows.it.cluster.Build;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.Deadline;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.CrcManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** What the tests of warm-up share. */
final class Warmups {
  static final int MIB = 1 << 20;
  static final String ROLE = "alluxio.mows.role";
  static final String GROUP = "alluxio.mows.group";
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private Warmups() {}

  /** Workers that do not prefetch, with blocks of 8 MiB. */
  static ClusterConfig.Builder config(Path bucket, int workers) throws IOException {
    return ClusterConfig.builder()
        .workers(workers)
        .firstCompilerOnly(true)
        .origin(OriginConfig.serving(bucket))
        .dropInJar(Build.dropInJar())
        .property("alluxio.user.block.size.bytes.default", "8MB")
        .property("alluxio.mows.prefetch.idle", "false")
        .jobServers(false);
  }

  /** {@code alluxio fs mows warmup ...} on the master's node. */
  static CliResult warmup(LocalCluster cluster, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("fs", "mows", "warmup"));
    all.addAll(Arrays.asList(arguments));
    return cluster.cli(all.toArray(new String[0]));
  }

  /** Standard error is in the output too. */
  static JsonNode json(CliResult result) throws IOException {
    String output = result.output();
    int start = output.indexOf('{');
    assertTrue(start >= 0, result::toString);
    return new ObjectMapper().readTree(output.substring(start, output.lastIndexOf('}') + 1));
  }

  /** Waits until all workers are in the locator. */
  static void awaitPeers(LocalCluster cluster, int count) throws Exception {
    await(
        count + " peers in the locator",
        () -> {
          CliResult peers = cluster.cli("fs", "mows", "peers", "--json");
          return peers.succeeded() && json(peers).path("peers").size() == count;
        });
  }

  static long metric(WorkerNode worker, String name) throws IOException {
    return worker.metrics().value("Worker.Mows" + name);
  }

  /** Where the worker's bytes came from and what it fell back to, for a message. */
  static String sources(WorkerNode worker) throws IOException {
    StringBuilder line = new StringBuilder();
    for (String kind : List.of("counters", "meters", "gauges")) {
      worker
          .metrics()
          .json()
          .path(kind)
          .fields()
          .forEachRemaining(
              metric -> {
                boolean tells = metric.getKey().matches("Worker\\.Mows(Bytes|Fallbacks|Pieces).*");
                JsonNode value = metric.getValue();
                long number = value.path(value.has("value") ? "value" : "count").asLong();
                if (tells && number != 0) {
                  line.append(metric.getKey()).append('=').append(number).append(' ');
                }
              });
    }
    return line.toString();
  }

  /** Bytes of complete blocks, as the worker's memory has them. */
  static long inMemory(WorkerNode worker) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(worker.memoryDir())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        boolean isBlock = file.getFileName().toString().matches("\\d+");
        bytes +=
            isBlock && !worker.memoryDir().relativize(file).toString().contains("tmp")
                ? sizeOf(file)
                : 0;
      }
    } catch (UncheckedIOException e) {
      // A directory of unfinished blocks went while it was listed.
      return inMemory(worker);
    }
    return bytes;
  }

  private static long sizeOf(Path file) throws IOException {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  static void assertRight(WorkerNode worker, String model) throws Exception {
    List<?> wrong = CrcManifest.verify(worker.mountPoint().resolve(model));
    assertTrue(wrong.isEmpty(), wrong::toString);
  }

  static void await(String what, Callable<Boolean> condition) throws Exception {
    Deadline.await(what, PATIENCE, condition);
  }
}
