// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.output.Json;
import io.mows.p2p.fetch.FakeStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import io.mows.p2p.locator.PeerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WorkerStatusTest {
  private final FakeFacts facts = new FakeFacts("w1");
  private final Flows flows = new Flows();
  private long nowMs = 1_000_000;
  private final WorkerStatus status =
      new WorkerStatus(facts, flows, () -> TimeUnit.MILLISECONDS.toNanos(nowMs), () -> nowMs);

  @Test
  void shouldTellWhatTheWorkerHolds() {
    facts
        .whole(FakeFacts.file(1, "/models/a/1.safetensors", 1_000), Proof.PROVEN)
        .whole(FakeFacts.file(2, "/models/a/config.json", 200), Proof.PROVEN)
        .arriving(FakeFacts.file(3, "/models/b/x.gguf", 4_800), 24)
        .arriving(FakeFacts.file(4, "/models/cold/x.gguf", 4_800), 0);
    JsonNode json = status.json();
    assertEquals(1, json.path("version").asInt());
    assertEquals("w1:30000", json.path("worker").asText());
    assertEquals("w1:29991", json.path("peer").asText());
    assertEquals("instance", json.path("role").asText());
    assertEquals("/models/b", json.at("/models/0/path").asText(), "what arrives comes first");
    assertEquals(2_400, json.at("/models/0/heldBytes").asInt());
    assertEquals(500, json.at("/models/0/bytesPerSecond").asInt());
    assertEquals(
        "9".repeat(24) + "0".repeat(24), json.at("/models/0/bar").asText(), "half of it is here");
    JsonNode whole = json.at("/models/2");
    assertEquals("/models/a", whole.path("path").asText());
    assertEquals(2, whole.path("provenFiles").asInt());
    assertFalse(whole.has("bar"), "a model that is whole needs none");
    assertEquals(3, json.path("modelCount").asInt());
  }

  @Test
  void shouldForgetAModelThatWasEvicted() {
    facts.whole(FakeFacts.file(1, "/models/a/1", 1_000), Proof.PROVEN);
    assertEquals(1, status.json().path("modelCount").asInt());
    facts.files.replaceAll((file, any) -> FakeStatus.cold(1_000));
    nowMs += 1_000;
    assertEquals(1, facts.files.size(), "the worker still knows it");
  }

  @Test
  void shouldTellWhoSendsHowFast() {
    long peer = PeerInfo.idHashOf("w2:29991");
    status.tick();
    flows.received(peer, 3_000);
    nowMs += 1_000;
    status.tick();
    JsonNode flow = status.json().at("/from/0");
    assertEquals(Long.toHexString(peer), flow.path("peerHash").asText());
    assertEquals(3_000, flow.path("bytes").asInt());
    assertEquals(3_000, flow.path("bytesPerSecond").asInt());
    for (int i = 0; i < 4; i++) {
      nowMs += 1_000;
      status.tick();
    }
    assertEquals(0, status.json().at("/from/0/bytesPerSecond").asInt(), "it has stopped");
  }

  @Test
  void shouldKeepTheRatesOfTheLastMinutes() {
    status.tick();
    for (int step = 1; step <= 200; step++) {
      nowMs += 2_000;
      facts.bytes.merge("fromOrigin", 2_000L * step, Long::sum);
      status.tick();
    }
    JsonNode history = status.json().path("history");
    assertEquals(90, history.path("origin").size());
    assertEquals(200_000, history.at("/origin/89").asInt());
    assertEquals(199_000, history.at("/origin/88").asInt());
    assertEquals(0, history.at("/peers/89").asInt());
    assertEquals(nowMs, history.path("endMs").asLong());
  }

  @Test
  void shouldAnswerTheSameForAMoment() {
    JsonNode first = status.json();
    nowMs += 499;
    assertSame(first, status.json());
    nowMs += 1;
    assertNotSame(first, status.json());
  }

  @Test
  void shouldStaySmallWhateverItHolds() throws Exception {
    for (int i = 0; i < 5_000; i++) {
      facts.arriving(FakeFacts.file(i, "/models/of-some-length-" + i + "/x", 4_800), 1);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      rows.add(Map.of("path", "/models/" + i, "cause", "gone"));
    }
    facts.lists.put("failingFiles", rows);
    JsonNode json = status.json();
    assertEquals(5_000, json.path("modelCount").asInt());
    assertEquals(500, json.path("models").size());
    assertEquals(5_000, json.path("failingFilesCount").asInt());
    assertEquals(100, json.path("failingFiles").size());
    int bytes = Json.bytes(json).length;
    assertTrue(bytes < 200_000, bytes + " bytes");
  }
}
