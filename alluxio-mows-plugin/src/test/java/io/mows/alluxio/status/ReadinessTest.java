// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.status.Readiness.Wish;
import io.mows.p2p.fetch.FakeStatus;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ReadinessTest {
  private static final Wish ALL = new Wish("/m/a", 100, true);

  private final Map<String, FileStatus> files = new TreeMap<>();
  private final SortedMap<String, String> absent = new TreeMap<>();

  private static String reason(Readiness readiness) {
    return readiness.json().path("reason").asText();
  }

  @Test
  void shouldBeReadyWhenAllIsWholeAndProven() {
    files.put("/m/a/1", FakeStatus.whole(1_000, Proof.PROVEN));
    files.put("/m/a/2", FakeStatus.whole(1_000, Proof.PROVEN));
    Readiness readiness = Readiness.of(ALL, files, absent);
    assertTrue(readiness.isReady());
    assertEquals(
        "{\"version\":1,\"ready\":true,\"path\":\"/m/a\",\"percent\":100.0,\"wantedPercent\":100,"
            + "\"files\":2,\"wholeFiles\":2,\"provenFiles\":2,\"bytes\":2000,\"heldBytes\":2000,"
            + "\"bytesPerSecond\":0,\"reason\":\"\"}",
        readiness.json().toString());
  }

  /** The same files as before; one of them was evicted. */
  @Test
  void shouldNotBeReadyAnyMoreWhenBlocksWereEvicted() {
    files.put("/m/a/1", FakeStatus.whole(1_000, Proof.PROVEN));
    files.put("/m/a/2", FakeStatus.cold(1_000));
    Readiness readiness = Readiness.of(ALL, files, absent);
    assertFalse(readiness.isReady());
    assertEquals(
        "1000B of 2000B are in this worker's memory, 1 of 2 files whole; nothing is arriving",
        reason(readiness));
    assertEquals(50.0, readiness.json().path("percent").asDouble());
  }

  @Test
  void shouldSayHowFarItIsAndHowLongItTakes() {
    files.put("/m/a/1", FakeStatus.arriving(1_000, 250, 100, 2));
    assertEquals(
        "250B of 1000B are in this worker's memory, 0 of 1 files whole; 50B/s, 16 s left of what is"
            + " arriving",
        reason(Readiness.of(ALL, files, absent)));
  }

  @Test
  void shouldSayWhatItWaitsFor() {
    files.put("/m/a/1", FakeStatus.waiting(1_000, "the origin is away since 3 s"));
    assertTrue(reason(Readiness.of(ALL, files, absent)).endsWith("; the origin is away since 3 s"));
  }

  @Test
  void shouldWaitForTheProof() {
    files.put("/m/a/1", FakeStatus.whole(1_000, Proof.UNPROVEN));
    Readiness readiness = Readiness.of(ALL, files, absent);
    assertFalse(readiness.isReady());
    assertTrue(readiness.lacksOnlyProof());
    assertEquals("/m/a/1 is whole, and not yet compared with its manifest", reason(readiness));
    assertTrue(
        Readiness.of(new Wish("/m/a", 100, false), files, absent).isReady(), "no proof is wanted");
  }

  @Test
  void shouldSayWhichFileNoManifestNames() {
    files.put("/m/a/1", FakeStatus.whole(1_000, Proof.PROVEN));
    files.put("/m/a/2", FakeStatus.whole(1_000, Proof.NONE));
    assertTrue(
        reason(Readiness.of(ALL, files, absent))
            .startsWith("/m/a/2 is whole, but this worker knows of no"),
        reason(Readiness.of(ALL, files, absent)));
  }

  @Test
  void shouldNeverBeAllOfAModelOfWhichAFileIsMissing() {
    files.put("/m/a/1", FakeStatus.whole(1_000, Proof.PROVEN));
    absent.put("/m/a/2", "it is not there");
    Readiness readiness = Readiness.of(ALL, files, absent);
    assertFalse(readiness.isReady());
    assertFalse(readiness.lacksOnlyProof());
    assertEquals(99.9, readiness.json().path("percent").asDouble());
    assertEquals("/m/a/2 cannot be loaded: it is not there", reason(readiness));
    absent.put("/m/a/3", "nor is this");
    assertEquals(
        "/m/a/2 and 1 more cannot be loaded: it is not there",
        reason(Readiness.of(new Wish("/m/a", 100, false), files, absent)));
    assertTrue(Readiness.of(new Wish("/m/a", 99, true), files, absent).isReady());
  }

  @Test
  void shouldNeverBeReadyWithAWrongFile() {
    files.put("/m/a/1", FakeStatus.whole(1_000, Proof.WRONG));
    for (Wish wish : new Wish[] {ALL, new Wish("/m/a", 0, false)}) {
      Readiness readiness = Readiness.of(wish, files, absent);
      assertFalse(readiness.isReady());
      assertTrue(reason(readiness).startsWith("/m/a/1 is not what its manifest says"));
      assertFalse(readiness.lacksOnlyProof());
    }
  }

  @Test
  void shouldTakeSomePercent() {
    files.put("/m/a/1", FakeStatus.arriving(1_000, 599, 0, 0));
    assertTrue(Readiness.of(new Wish("/m/a", 59, true), files, absent).isReady());
    assertFalse(Readiness.of(new Wish("/m/a", 60, true), files, absent).isReady());
  }

  @Test
  void shouldNotCallIt100PercentBeforeTheLastFileIsWhole() {
    files.put("/m/a/1", FakeStatus.arriving(1_000, 1_000, 0, 0));
    Readiness readiness = Readiness.of(ALL, files, absent);
    assertFalse(readiness.isReady());
    assertEquals(99.9, readiness.json().path("percent").asDouble());
  }

  @Test
  void shouldNotBeReadyWithNothing() {
    Readiness readiness = Readiness.of(ALL, files, absent);
    assertFalse(readiness.isReady());
    assertTrue(reason(readiness).startsWith("/m/a holds no file"));
  }
}
