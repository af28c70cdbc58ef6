// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.attributes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mows.p2p.fetch.FakeStatus;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AttributesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static String value(String name, FileStatus... files) {
    ModelStatus status = ModelStatus.of(Arrays.asList(files), true, false);
    byte[] value = Attributes.value("user.mows." + name, status).orElseThrow();
    return new String(value, StandardCharsets.UTF_8);
  }

  @Test
  void shouldSayAllInOneLineOfJson() {
    assertEquals(
        "{\"version\":1,\"files\":2,\"bytes\":1100,\"heldBytes\":600,\"wholeFiles\":1,"
            + "\"provenFiles\":1,\"wrongFiles\":0,\"unprovenFiles\":0,\"originBytes\":100,"
            + "\"peerBytes\":1,\"bytesPerSecond\":250,\"endSeconds\":2,\"waitsFor\":null,"
            + "\"passthrough\":true}",
        value(
            "status",
            FakeStatus.whole(100, Proof.PROVEN),
            FakeStatus.arriving(1_000, 500, 500, 2)));
    assertTrue(value("status", FakeStatus.cold(1)).contains("\"endSeconds\":null,"));
  }

  @Test
  void shouldSayWhenThereAreMoreFiles() throws Exception {
    ModelStatus status = ModelStatus.of(Arrays.asList(FakeStatus.cold(1)), false, true);
    JsonNode json = JSON.readTree(Attributes.value("user.mows.status", status).orElseThrow());
    assertTrue(json.get("partial").asBoolean());
    assertFalse(json.get("passthrough").asBoolean());
  }

  @Test
  void shouldSayEachThingByItself() {
    FileStatus arriving = FakeStatus.arriving(1_000, 500, 500, 2);
    assertEquals("500", value("held_bytes", arriving));
    assertEquals("0", value("whole", arriving));
    assertEquals("250", value("rate", arriving));
    assertEquals("2", value("end_seconds", arriving));
    assertEquals("none", value("proof", arriving));
    assertEquals("", value("waits_for", arriving));
    FileStatus whole = FakeStatus.whole(7, Proof.WRONG);
    assertEquals("1", value("whole", whole));
    assertEquals("wrong", value("proof", whole));
    assertEquals("", value("end_seconds", whole));
  }

  @Test
  void shouldKeepToOneShortLineWhateverAnOriginSays() throws Exception {
    for (String bad : new String[] {"\u0001", "\"\\", "漢", "\uD83D\uDE00", "x\uD83D\uDE00"}) {
      FileStatus waiting = FakeStatus.waiting(5, "away: " + bad.repeat(5_000) + "\nat line");
      String json = value("status", waiting);
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      assertTrue(bytes.length <= Attributes.MAX_STATUS_BYTES, bytes.length + " bytes of " + bad);
      assertFalse(json.contains("\n"), bad);
      assertTrue(JSON.readTree(bytes).get("waitsFor").asText().startsWith("away:"), bad);
      String line = value("waits_for", waiting);
      assertFalse(line.contains("\n") || line.contains("\u0001") || line.contains("?"), bad);
    }
  }

  @Test
  void shouldKnowNoOtherNames() {
    ModelStatus status = ModelStatus.of(Arrays.asList(), false, false);
    for (String name : new String[] {"", "user.mows.", "user.mows.Status", "security.selinux"}) {
      assertFalse(Attributes.has(name), name);
      assertEquals(Optional.empty(), Attributes.value(name, status), name);
    }
    for (String name : Attributes.names()) {
      assertTrue(Attributes.has(name) && name.startsWith("user.mows."), name);
    }
  }

  @Test
  void shouldEndEachNameWithAZero() {
    assertEquals(
        "a\0ö\0", new String(Attributes.joined(Arrays.asList("a", "ö")), StandardCharsets.UTF_8));
    assertEquals(0, Attributes.joined(Arrays.asList()).length);
  }
}
