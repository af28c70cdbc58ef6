// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.FakeProgress;
import io.mows.p2p.fetch.FakeStatus;
import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LoadTrackerTest implements LoadTracker.Surroundings {
  private static final int MB = 1_000_000;

  private final List<String> log = new ArrayList<>();
  private final Map<FileSpec, FileStatus> files = new HashMap<>();
  private long nowMs = 5_000;
  private double processorShare;
  private double link;
  private boolean originWaits;
  private boolean reader = true;
  private final LoadTracker tracker =
      new LoadTracker(log::add, () -> TimeUnit.MILLISECONDS.toNanos(nowMs), () -> nowMs);

  @Override
  public FileStatus status(FileSpec file) {
    return files.get(file);
  }

  @Override
  public double processorShare() {
    return processorShare;
  }

  @Override
  public double linkBytesPerSecond() {
    return link;
  }

  @Override
  public boolean originWaits(String model) {
    return originWaits;
  }

  @Override
  public boolean readerWaits(String model) {
    return reader;
  }

  @Override
  public boolean loadWaits(String model) {
    return !reader;
  }

  @Override
  public double peakBytesPerSecond() {
    return 100.0 * MB;
  }

  private FileSpec file(String path) {
    FileSpec file = FakeProgress.of(path.hashCode(), path, 2 * MB, 0).file();
    files.put(file, FakeStatus.cold(2 * MB));
    return file;
  }

  /** Half a second in which so much comes. */
  private void comes(FileSpec file, int megabytes, Source from) {
    for (int i = 0; i < megabytes; i++) {
      tracker.arrived(file, MB, from);
    }
    nowMs += 500;
    tracker.look(this);
  }

  private void pass(long ms) {
    for (long passed = 0; passed < ms; passed += 500) {
      nowMs += 500;
      tracker.look(this);
    }
  }

  private void isWhole(FileSpec file, Proof proof) {
    files.put(file, FakeStatus.whole(2 * MB, proof));
  }

  private Map<String, Object> newest() {
    return tracker.rows(10).get(0);
  }

  @Test
  void shouldFollowALoadToItsProof() {
    FileSpec one = file("/m/a/1");
    FileSpec other = file("/m/a/2");
    tracker.begun(one);
    nowMs += 100;
    comes(one, 20, Source.ORIGIN);
    tracker.begun(other);
    isWhole(one, Proof.UNPROVEN);
    comes(other, 30, Source.PEER);
    assertEquals("running", newest().get("state"));
    assertNull(newest().get("wholeMs"));
    comes(other, 30, Source.PEER);
    isWhole(other, Proof.UNPROVEN);
    tracker.look(this);
    nowMs += 200;
    isWhole(one, Proof.PROVEN);
    isWhole(other, Proof.PROVEN);
    tracker.proven(other);
    pass(4_000);
    Map<String, Object> row = newest();
    assertEquals("proven", row.get("state"));
    assertEquals("/m/a", row.get("model"));
    assertEquals("reader", row.get("by"));
    assertEquals(100L, row.get("firstByteMs"));
    assertEquals(1_100L, row.get("wholeMs"));
    assertEquals(1_800L, row.get("provenMs"));
    assertEquals(20L * MB, row.get("fromOrigin"));
    assertEquals(60L * MB, row.get("fromPeers"));
    assertEquals(2, row.get("files"));
    assertEquals(1.38, row.get("overBound"), "0.8 s at the fastest");
    assertEquals(1, log.size());
    assertTrue(log.get(0).startsWith("Loaded /m/a for a reader: 76.29MB in 2 files"), log.get(0));
    assertTrue(log.get(0).contains("proven after 1800 ms; 1.38 times the bound"), log.get(0));
  }

  @Test
  void shouldSayWhatLimitedItForTheLongestTime() {
    FileSpec file = file("/m/a/1");
    tracker.begun(file);
    link = 1_000.0 * MB;
    comes(file, 10, Source.ORIGIN);
    comes(file, 10, Source.PEER);
    comes(file, 10, Source.PEER);
    assertEquals("peer", newest().get("limit"));
    assertEquals("{origin=500, peer=1000}", newest().get("limitMs").toString());
    processorShare = 1;
    comes(file, 10, Source.PEER);
    comes(file, 10, Source.PEER);
    comes(file, 10, Source.PEER);
    assertEquals("processor", newest().get("limit"));
  }

  @Test
  void shouldTellAFullStoreAndAnOriginThatIsAway() {
    FileSpec file = file("/m/a/1");
    tracker.begun(file);
    comes(file, 1, Source.ORIGIN);
    tracker.storeFailed();
    comes(file, 10, Source.PEER);
    originWaits = true;
    comes(file, 10, Source.PEER);
    assertEquals("{origin=1000, store=500}", newest().get("limitMs").toString());
  }

  @Test
  void shouldNotCallItALoadWhenAllWasHere() {
    FileSpec file = file("/m/a/1");
    isWhole(file, Proof.PROVEN);
    tracker.begun(file);
    pass(20_000);
    assertEquals(List.of(), tracker.rows(10));
    assertEquals(List.of(), log);
  }

  @Test
  void shouldGiveUpOnALoadThatNobodyWantsAnyMore() {
    reader = false;
    FileSpec file = file("/m/a/1");
    tracker.begun(file);
    comes(file, 1, Source.ORIGIN);
    pass(TimeUnit.MINUTES.toMillis(4));
    assertEquals("partial", newest().get("state"));
    assertEquals("load", newest().get("by"));
    assertNull(newest().get("wholeMs"));
    assertEquals(List.of(), log);
    comes(file, 1, Source.ORIGIN);
    assertEquals(2, tracker.rows(10).size(), "what comes later is another one");
  }

  @Test
  void shouldEndWithoutAProofWhereNoManifestIs() {
    FileSpec file = file("/m/a/1");
    tracker.begun(file);
    isWhole(file, Proof.NONE);
    comes(file, 2, Source.ORIGIN);
    pass(20_000);
    assertEquals("whole", newest().get("state"));
    assertNull(newest().get("provenMs"));
    assertTrue(log.get(0).contains("not proven"), log.get(0));
  }

  @Test
  void shouldKeepTheLastHundred() {
    for (int i = 0; i < 150; i++) {
      FileSpec file = file("/m/" + i + "/x");
      isWhole(file, Proof.PROVEN);
      comes(file, 1, Source.ORIGIN);
      pass(4_000);
    }
    assertEquals(100, tracker.rows(1_000).size());
    assertEquals("/m/149", newest().get("model"));
    assertEquals(20, tracker.rows(20).size());
  }
}
