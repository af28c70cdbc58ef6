// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

      CliResult help = cluster.cli("fs", "mows");
      assertTrue(help.output().contains("mows status [PATH] [--json]"), help::toString);
    }
  }

  /** Standard error is in the output too. */
  private static JsonNode json(CliResult result) throws Exception {
    String output = result.output();
    return new ObjectMapper()
        .readTree(output.substring(output.indexOf('{'), output.lastIndexOf('}') + 1));
  }
}
