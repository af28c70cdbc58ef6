// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code alluxio fs mows ...} as Alluxio's own shell finds it in the drop-in jar. */
class MowsCliIT {
  private static final int FILE_BYTES = 3 * Clusters.MIB;

  @TempDir private Path bucket;

  @Test
  void shouldShowWhatAWorkerCounts() throws Exception {
    Clusters.randomFile(bucket.resolve("model/file"), FILE_BYTES, 1);
    try (LocalCluster cluster = LocalCluster.start(Clusters.mows(bucket).build())) {
      Clusters.readAll(cluster.worker(0).mountPoint().resolve("model/file"));
      URI web = cluster.worker(0).webUri();

      JsonNode worker = json(cluster.cli("fs", "mows", "status", "--json")).at("/workers/0");
      assertEquals(web.getHost() + ":" + web.getPort(), worker.path("worker").asText());
      assertTrue(worker.path("answers").asBoolean(), worker::toString);
      assertTrue(worker.path("mows").asBoolean(), worker::toString);
      assertEquals(FILE_BYTES, worker.at("/bytes/fromOrigin").asInt());

      JsonNode checked = json(cluster.cli("fs", "mows", "check", "--json")).at("/workers/0");
      Map<String, String> levels = new TreeMap<>();
      for (JsonNode finding : checked.path("findings")) {
        levels.put(finding.path("subject").asText(), finding.path("level").asText());
      }
      for (String subject : List.of("channel tcp", "FUSE", "kernel")) {
        assertEquals("OK", levels.get(subject), checked::toString);
      }
      for (String subject :
          List.of("sharing", "channel rdma", "locked memory", "libfuse", "read-ahead")) {
        assertTrue(levels.containsKey(subject), checked::toString);
      }
      for (String subject : List.of("memory ", "huge pages ")) {
        assertTrue(levels.keySet().stream().anyMatch(name -> name.startsWith(subject)));
      }

      JsonNode status = get(web.resolve("/mows/api/v1/status"));
      assertEquals(FILE_BYTES, status.at("/bytes/fromOrigin").asInt(), status::toString);
      assertEquals("/model", status.at("/models/0/path").asText(), status::toString);
      assertEquals(FILE_BYTES, status.at("/models/0/heldBytes").asInt(), status::toString);
      shouldTellWhenAModelIsReady(cluster, web);

      CliResult help = cluster.cli("fs", "mows");
      assertTrue(help.output().contains("mows status [PATH] [--json]"), help::toString);
    }
  }

  /** No manifest names the file, so that it cannot be proven. */
  private static void shouldTellWhenAModelIsReady(LocalCluster cluster, URI web) throws Exception {
    String host = web.getHost();
    assertEquals(503, statusOf(web.resolve("/mows/ready?path=/model")));
    assertEquals(200, statusOf(web.resolve("/mows/ready?path=/model&proof=off")));
    CliResult unproven =
        cluster.cli("fs", "mows", "ready", "/model", "--timeout", "0s", "--worker", host);
    assertEquals(2, unproven.exitCode(), unproven::toString);
    assertTrue(unproven.output().contains("no manifest that names it"), unproven::toString);
    CliResult whole = cluster.cli("fs", "mows", "ready", "/model", "--unproven", "--worker", host);
    assertEquals(0, whole.exitCode(), whole::toString);
    cluster.cli("fs", "free", "/model");
    URI probe = web.resolve("/mows/ready?path=/model&proof=off");
    long deadlineNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (statusOf(probe) != 503) {
      assertTrue(System.nanoTime() - deadlineNs < 0, "what was evicted counts as ready");
      Thread.sleep(50);
    }
  }

  private static int statusOf(URI uri) throws IOException {
    return ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode();
  }

  private static JsonNode get(URI uri) throws IOException {
    return new ObjectMapper().readTree(uri.toURL());
  }

  /** Standard error is in the output too. */
  private static JsonNode json(CliResult result) throws Exception {
    String output = result.output();
    return new ObjectMapper()
        .readTree(output.substring(output.indexOf('{'), output.lastIndexOf('}') + 1));
  }
}
