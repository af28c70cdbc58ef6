// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.metrics.sink.MetricsServlet;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.CommandRun;
import io.mows.alluxio.cli.cluster.FakeCluster;
import io.mows.alluxio.cli.cluster.WorkerMetrics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CheckCommandTest {
  private static final Map<String, Object> FINE =
      Map.of("level", "OK", "subject", "channel tcp", "found", "epoll", "remedy", "");
  private static final Map<String, Object> COULD_BE_BETTER =
      Map.of("level", "NOTE", "subject", "libfuse", "found", "2.9", "remedy", "install 3");
  private static final Map<String, Object> BAD =
      Map.of("level", "PROBLEM", "subject", "locked memory", "found", "64KB", "remedy", "ulimit");

  private final FakeCluster cluster = new FakeCluster();

  private CommandRun run(String... arguments) throws Exception {
    return CommandRun.of((out, err) -> new CheckCommand(() -> cluster, out, err), arguments);
  }

  private static WorkerMetrics worker(String name, List<Map<String, Object>> findings)
      throws IOException {
    MetricRegistry registry = new MetricRegistry();
    registry.counter("Worker.MowsBytesFromOrigin.10_0_0_1").inc();
    registry.register(
        "Worker.MowsChecks.10_0_0_1", (Gauge<List<Map<String, Object>>>) () -> findings);
    return WorkerMetrics.parse(name, MetricsServlet.OBJECT_MAPPER.writeValueAsString(registry));
  }

  @Test
  void shouldPrintEachFindingWithItsRemedy() throws Exception {
    cluster.metrics(
        worker("w1:30000", List.of(FINE, COULD_BE_BETTER)), worker("w2:30000", List.of(FINE)));
    CommandRun run = run();
    assertEquals(0, run.exitCode(), run::err);
    assertEquals(
        String.join(
            "\n",
            "Worker w1:30000",
            "  OK       channel tcp: epoll",
            "  NOTE     libfuse: 2.9",
            "           do: install 3",
            "Worker w2:30000",
            "  OK       channel tcp: epoll",
            ""),
        run.out());
  }

  @Test
  void shouldFailIfAWorkerHasAProblem() throws Exception {
    cluster.metrics(worker("w1:30000", List.of(FINE)), worker("w2:30000", List.of(BAD)));
    CommandRun run = run();
    assertEquals(1, run.exitCode());
    assertEquals("w2:30000: locked memory: 64KB\n", run.err());
  }

  /** Whoever may name a file could move the cursor, or what is in the clipboard, otherwise. */
  @Test
  void shouldNotTellATerminalWhatToDo() throws Exception {
    String found = "/models/a\u001b[2J\u009b31mb is wrong";
    cluster.metrics(
        worker(
            "w1:30000",
            List.of(
                Map.of(
                    "level", "PROBLEM", "subject", "files", "found", found, "remedy", "\u0007"))));
    CommandRun run = run();
    assertEquals(
        String.join(
            "\n",
            "Worker w1:30000",
            "  PROBLEM  files: /models/a?[2J?31mb is wrong",
            "           do: ?",
            ""),
        run.out());
    assertEquals("w1:30000: files: /models/a?[2J?31mb is wrong\n", run.err());
    String json = run("--json").out();
    assertTrue(json.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'), json);
    assertEquals(
        found,
        MetricsServlet.OBJECT_MAPPER.readTree(json).at("/workers/0/findings/0/found").asText());
  }

  @Test
  void shouldPrintJson() throws Exception {
    cluster.metrics(worker("w1:30000", List.of(COULD_BE_BETTER)));
    JsonNode json = run("--json").json();
    assertEquals("w1:30000", json.at("/workers/0/worker").asText());
    assertTrue(json.at("/workers/0/mows").asBoolean());
    assertEquals("NOTE", json.at("/workers/0/findings/0/level").asText());
    assertEquals("libfuse", json.at("/workers/0/findings/0/subject").asText());
    assertEquals("2.9", json.at("/workers/0/findings/0/found").asText());
    assertEquals("install 3", json.at("/workers/0/findings/0/remedy").asText());
  }

  @Test
  void shouldNameWorkersThatAreSilentAndTheMasterThatIsAway() throws Exception {
    cluster.metrics(WorkerMetrics.silent("w1:30000", "refused"));
    assertEquals("w1:30000 is silent: refused\n", run().err());
    cluster.masterIsAway();
    assertEquals("The master does not list the workers: no master at m:19998\n", run().err());
  }
}
