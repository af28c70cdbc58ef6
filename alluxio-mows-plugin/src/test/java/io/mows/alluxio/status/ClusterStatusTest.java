// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.output.Json;
import io.mows.p2p.fetch.FileStatus.Proof;
import io.mows.p2p.locator.PeerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ClusterStatusTest {
  private static final int WORKERS = 200;
  private static final int FILES = 500;

  private long nowMs = 10_000;

  private WorkerStatus status(FakeFacts facts, Flows flows) {
    return new WorkerStatus(facts, flows, () -> TimeUnit.MILLISECONDS.toNanos(nowMs), () -> nowMs);
  }

  private JsonNode json(FakeFacts facts) {
    return status(facts, new Flows()).json();
  }

  @Test
  void shouldTellWhichModelIsWhere() {
    FakeFacts w1 = new FakeFacts("w1").whole(FakeFacts.file(1, "/m/a/1", 4_800), Proof.PROVEN);
    FakeFacts w2 = new FakeFacts("w2").arriving(FakeFacts.file(1, "/m/a/1", 4_800), 12);
    FakeFacts w3 = new FakeFacts("w3").whole(FakeFacts.file(2, "/m/b/1", 4_800), Proof.NONE);
    JsonNode json =
        ClusterStatus.json(
            nowMs,
            "w2:30000",
            List.of(
                WorkerAnswer.of("w2:30000", json(w2)),
                WorkerAnswer.none("w4:30000", "does not answer"),
                WorkerAnswer.of("w3:30000", json(w3)),
                WorkerAnswer.of("w1:30000", json(w1))));
    assertEquals("w1:30000", json.at("/workers/0/worker").asText(), "by name");
    assertEquals("does not answer", json.at("/workers/3/failure").asText());
    JsonNode a = json.at("/models/0");
    assertEquals("/m/a", a.path("path").asText());
    assertEquals("[1000,250,-1,-1]", a.path("permille").toString());
    assertEquals(1, a.path("whole").asInt());
    assertEquals(1, a.path("proven").asInt());
    assertEquals(1, a.at("/partial/0/worker").asInt());
    assertEquals("9".repeat(12) + "0".repeat(36), a.at("/partial/0/bar").asText());
    assertEquals(0, json.at("/models/1/proven").asInt(), "no manifest names it");
  }

  @Test
  void shouldTellWhoSendsToWhom() {
    Flows flows = new Flows();
    flows.tick(0);
    flows.received(PeerInfo.idHashOf("w1:29991"), 500);
    flows.received(PeerInfo.idHashOf("gone:29991"), 700);
    flows.tick(TimeUnit.SECONDS.toNanos(1));
    JsonNode json =
        ClusterStatus.json(
            nowMs,
            "w1:30000",
            List.of(
                WorkerAnswer.of("w1:30000", json(new FakeFacts("w1"))),
                WorkerAnswer.of("w2:30000", status(new FakeFacts("w2"), flows).json())));
    assertEquals(
        "[{\"from\":0,\"to\":1,\"bytes\":500,\"bytesPerSecond\":500}]",
        json.path("flows").toString());
  }

  @Test
  void shouldAddUpTheSameMoments() {
    FakeFacts one = new FakeFacts("w1");
    FakeFacts other = new FakeFacts("w2");
    WorkerStatus first = status(one, new Flows());
    WorkerStatus second = status(other, new Flows());
    first.tick();
    second.tick();
    one.bytes.put("fromOrigin", 2_000L);
    other.bytes.put("fromOrigin", 4_000L);
    nowMs += 2_000;
    first.tick();
    second.tick();
    JsonNode late = second.json();
    one.bytes.put("fromOrigin", 8_000L);
    nowMs += 2_000;
    first.tick();
    JsonNode history =
        ClusterStatus.json(
                nowMs,
                "w1:30000",
                List.of(
                    WorkerAnswer.of("w1:30000", first.json()), WorkerAnswer.of("w2:30000", late)))
            .path("history");
    assertEquals(3_000, history.at("/origin/88").asInt());
    assertEquals(3_000, history.at("/origin/89").asInt(), "of the second nothing is known yet");
  }

  @Test
  void shouldLeaveOutFindingsThatAreFine() {
    FakeFacts w1 = new FakeFacts("w1");
    w1.lists.put(
        "findings",
        List.of(
            Map.of("level", "OK", "subject", "kernel"),
            Map.of("level", "PROBLEM", "subject", "memory")));
    JsonNode json =
        ClusterStatus.json(nowMs, "w1:30000", List.of(WorkerAnswer.of("w1:30000", json(w1))));
    assertEquals(1, json.path("findingsCount").asInt());
    assertEquals("memory", json.at("/findings/0/subject").asText());
    assertEquals(0, json.at("/findings/0/worker").asInt());
  }

  /** Each worker is getting all of it, and gets it from many. */
  @Test
  void shouldStaySmallWithManyWorkersAndFiles() throws Exception {
    List<WorkerAnswer> answers = new ArrayList<>();
    for (int w = 0; w < WORKERS; w++) {
      FakeFacts facts = new FakeFacts("worker-" + w + ".example.com");
      for (int f = 0; f < FILES; f++) {
        facts.arriving(FakeFacts.file(f, "/models/name-" + f + "/weights", 4_800), f % 48);
      }
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int i = 0; i < FILES; i++) {
        rows.add(Map.of("path", "/models/name-" + i, "level", "NOTE", "remedy", "do something"));
      }
      facts.lists.put("findings", rows);
      facts.lists.put("fetches", rows);
      Flows flows = new Flows();
      for (int peer = 0; peer < WORKERS; peer++) {
        flows.received(PeerInfo.idHashOf("worker-" + peer + ".example.com:29991"), 1_000 + peer);
      }
      answers.add(WorkerAnswer.of(facts.worker(), status(facts, flows).json()));
    }
    JsonNode json = ClusterStatus.json(nowMs, "worker-0.example.com:30000", answers);
    assertEquals(WORKERS, json.path("workers").size());
    assertEquals(FILES, json.path("models").size());
    assertEquals(WORKERS * FILES, json.path("findingsCount").asInt(), "all are counted");
    int bytes = Json.bytes(json).length;
    assertTrue(bytes < 1_500_000, bytes + " bytes");
  }
}
