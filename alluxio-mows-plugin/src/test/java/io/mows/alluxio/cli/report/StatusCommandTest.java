// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.exception.status.InvalidArgumentException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.CommandRun;
import io.mows.alluxio.cli.cluster.FakeCluster;
import io.mows.alluxio.cli.cluster.WorkerMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StatusCommandTest {
  private final FakeCluster cluster = new FakeCluster();
  private int pauses;

  private CommandRun run(String... arguments) throws Exception {
    return CommandRun.of(
        (out, err) -> new StatusCommand(() -> cluster, out, err, () -> pauses++), arguments);
  }

  private static WorkerMetrics worker(String name, long fromOrigin, String... fetches)
      throws IOException {
    return WorkerMetrics.parse(
        name,
        "{\"counters\":{\"Worker.MowsBytesFromOrigin.x\":{\"count\":"
            + fromOrigin
            + "},\"Worker.MowsBytesToPeers.x\":{\"count\":1048576}},"
            + "\"gauges\":{\"Worker.MowsFetches.x\":{\"value\":["
            + String.join(",", fetches)
            + "]}}}");
  }

  private static String fetch(String path, long rate) {
    return "{\"path\":\""
        + path
        + "\",\"doneBytes\":52428800,\"totalBytes\":209715200,\"bytesPerSecond\":"
        + rate
        + "}";
  }

  private void aWorkingCluster() throws IOException {
    cluster
        .directory(TestModels.directory())
        .metrics(
            worker("w1:30000", 1 << 20),
            worker("w2:30000", 2 << 20, fetch("/models/llama/1.safetensors", 0)),
            WorkerMetrics.parse("w3:30000", "{\"counters\":{}}"),
            WorkerMetrics.silent("w4:30000", "Connection refused"))
        .metrics(
            worker("w1:30000", 1 << 20),
            worker("w2:30000", 3 << 20, fetch("/models/llama/1.safetensors", 10 << 20)),
            WorkerMetrics.parse("w3:30000", "{\"counters\":{}}"),
            WorkerMetrics.silent("w4:30000", "Connection refused"));
  }

  @Test
  void shouldShowEverythingAsText() throws Exception {
    aWorkingCluster();
    CommandRun run = run();
    assertEquals(0, run.exitCode(), run::err);
    assertEquals("", run.err());
    assertEquals(
        String.join(
            "\n",
            "Locator: w1:29990 (auto), healthy",
            "Peers",
            "  PEER  GROUP  ROLE      MEMORY FREE  MEMORY  FILES",
            "  w1    chat   instance    1024.00MB  8.00GB      2",
            "  w2    chat   instance           0B      0B      2",
            "  root  warm   warmup             0B      0B      2",
            "Models",
            "  MODEL           FILES       SIZE  GROUP  COMPLETE ON  FETCHED BY     BEST",
            "  /models/llama       2  4096.00MB  chat             1           1  100.0 %",
            "  /models/llama       2  4096.00MB  warm             0           1   18.7 %",
            "  /models/llama2      1  2048.00MB  warm             1           0  100.0 %",
            "Bytes since the workers started",
            "  WORKER    FROM ORIGIN  FROM PEERS  FROM WARM-UP  SERVED FROM MEMORY   TO PEERS",
            "  w1:30000    1024.00KB          0B            0B                  0B  1024.00KB",
            "  w2:30000    3072.00KB          0B            0B                  0B  1024.00KB",
            "  all         4096.00KB          0B            0B                  0B  2048.00KB",
            "  w3:30000 is stock",
            "  w4:30000 does not answer: Connection refused",
            "Fetches",
            "  WORKER    FILE                            DONE      SIZE  PROGRESS       RATE",
            "  w2:30000  /models/llama/1.safetensors  50.00MB  200.00MB    25.0 %  10.00MB/s",
            ""),
        run.out());
    assertEquals(1, pauses, "a rate takes two readings");
  }

  @Test
  void shouldSayWhatWaitsForItsOrigin() throws Exception {
    String waiting =
        fetch("/models/llama/1.safetensors", 0)
            .replace("}", ",\"waits\":\"the origin denies it since 9 s: 403\"}");
    cluster
        .directory(TestModels.directory())
        .metrics(worker("w2:30000", 0, waiting))
        .metrics(worker("w2:30000", 0, waiting));
    assertTrue(
        run()
            .out()
            .contains(
                "  /models/llama/1.safetensors waits on w2:30000: the origin denies it since 9 s:"
                    + " 403\n"));
    assertEquals(
        "the origin denies it since 9 s: 403",
        run("--json").json().at("/workers/0/fetches/0/waits").asText());
  }

  @Test
  void shouldListTheFilesThatFailNow() throws Exception {
    String worker =
        "{\"counters\":{\"Worker.MowsBytesFromOrigin.x\":{\"count\":1}},\"gauges\":{"
            + "\"Worker.MowsFailingFiles.x\":{\"value\":[{\"path\":\"/models/a\",\"offset\":8192,"
            + "\"cause\":\"s3://b/a is gone\",\"remedy\":\"Put it back.\","
            + "\"since\":\"2026-11-29T12:34:56Z\",\"waitingReads\":2,\"waitingLoads\":1,"
            + "\"failures\":7},{\"path\":\"/other/b\"}]}}}";
    cluster
        .directory(TestModels.directory())
        .metrics(WorkerMetrics.parse("w1:30000", worker))
        .metrics(WorkerMetrics.parse("w1:30000", worker));
    String text = run("/models").out();
    assertTrue(
        text.contains(
            "Files that fail now\n"
                + "  /models/a cannot be read at byte 8192 on w1:30000 since 2026-11-29T12:34:56Z"
                + " (2 reads and 1 loads wait, 7 have failed): s3://b/a is gone. Remedy: Put it"
                + " back.\n"),
        text);
    assertFalse(text.contains("/other/b"), text);
    JsonNode json = run("/models", "--json").json();
    assertEquals(8192, json.at("/workers/0/failingFiles/0/offset").asInt());
    assertEquals(1, json.at("/workers/0/failingFiles").size());
  }

  @Test
  void shouldShowEverythingAsJson() throws Exception {
    aWorkingCluster();
    JsonNode json = run("--json").json();
    assertEquals("w1:29990", json.at("/locator/where").asText());
    assertEquals("auto", json.at("/locator/setting").asText());
    assertTrue(json.at("/locator/healthy").asBoolean());
    assertTrue(json.at("/locator/failure").isNull());
    assertTrue(json.at("/locator/epoch").isTextual());
    assertEquals(7, json.at("/locator/ageMs").asInt());
    assertEquals(3, json.path("peers").size());
    assertEquals(
        List.of(
            "id",
            "address",
            "group",
            "role",
            "files",
            "heldBytes",
            "freeBytes",
            "capacityBytes",
            "outstandingBytes",
            "sendBytesPerSecond",
            "leaseLeftMs"),
        names(json.at("/peers/0")));
    assertEquals(4 * TestModels.GIB, json.at("/peers/0/heldBytes").asLong());
    assertEquals(
        "{\"path\":\"/models/llama\",\"files\":2,\"bytes\":4294967296,\"groups\":["
            + "{\"group\":\"chat\",\"completePeers\":1,\"fetchingPeers\":1,\"bestPermille\":1000},"
            + "{\"group\":\"warm\",\"completePeers\":0,\"fetchingPeers\":1,\"bestPermille\":187}]}",
        json.at("/models/0").toString());
    assertEquals(3, json.path("filesMatching").asInt());
    assertEquals(3, json.path("filesListed").asInt());
    assertEquals(
        "{\"fromOrigin\":4194304,\"fromPeers\":0,\"fromWarmup\":0,\"servedMemory\":0,"
            + "\"toPeers\":2097152}",
        json.path("bytes").toString());
    assertEquals(
        List.of(
            "worker",
            "answers",
            "mows",
            "failure",
            "bytes",
            "fetches",
            "wrongFiles",
            "failingFiles"),
        names(json.at("/workers/1")));
    assertEquals(10 << 20, json.at("/workers/1/fetches/0/bytesPerSecond").asInt());
    assertFalse(json.at("/workers/2/mows").asBoolean());
    assertFalse(json.at("/workers/3/answers").asBoolean());
    assertEquals("Connection refused", json.at("/workers/3/failure").asText());
  }

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void shouldShowWhatLiesBelowAPath() throws Exception {
    aWorkingCluster();
    JsonNode json = run("alluxio://master:19998/models/llama2/", "--json").json();
    assertEquals("/models/llama2", cluster.askedFor);
    assertEquals(1, json.path("models").size());
    assertEquals("/models/llama2", json.at("/models/0/path").asText());
    assertEquals(0, json.at("/workers/1/fetches").size());
    assertEquals(0, pauses, "no fetch, no rate");
  }

  @Test
  void shouldShowWhatItCanWithoutALocator() throws Exception {
    cluster.metrics(worker("w1:30000", 1 << 20));
    CommandRun run = run();
    assertEquals(1, run.exitCode());
    assertEquals("The locator (auto) cannot be reached: w1:29990 is silent\n", run.err());
    assertTrue(
        run.out().startsWith("Locator: auto, not reachable\nPeers\n  not known\n"), run.out());
    assertTrue(run.out().contains("w1:30000    1024.00KB"), run.out());

    JsonNode json = run("--json").json();
    assertFalse(json.at("/locator/healthy").asBoolean());
    assertTrue(json.at("/locator/where").isNull());
    assertTrue(json.at("/locator/failure").asText().contains("is silent"));
  }

  @Test
  void shouldSayThatTheMasterIsAway() throws Exception {
    CommandRun run =
        CommandRun.of((out, err) -> new StatusCommand(cluster::masterIsAway, out, err, () -> {}));
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("no master at m:19998"), run.err());
    assertNull(cluster.askedFor, "without the master nobody knows whom to ask");
  }

  @Test
  void shouldAskMembersThatAreConfiguredThoughTheMasterIsAway() throws Exception {
    cluster.setting("w1:29990").directory(TestModels.directory()).masterIsAway();
    CommandRun run = run();
    assertEquals(1, run.exitCode());
    assertTrue(run.out().startsWith("Locator: w1:29990, healthy\n"), run.out());
    assertTrue(run.out().contains("/models/llama2"), run.out());
    assertTrue(run.err().contains("no master at m:19998"), run.err());
  }

  @Test
  void shouldRefuseOtherArguments() {
    assertThrows(InvalidArgumentException.class, () -> run("/a", "/b"));
    assertThrows(InvalidArgumentException.class, () -> run("models"));
    assertThrows(InvalidArgumentException.class, () -> run("--xml"));
  }
}
