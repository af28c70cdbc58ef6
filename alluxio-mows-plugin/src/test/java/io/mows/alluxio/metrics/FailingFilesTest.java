// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FakeProgress;
import io.mows.p2p.fetch.FetchProgress;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.swarm.origin.OriginFault;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FailingFilesTest {
  private final Throwable gone =
      new TransferException(
          Remedy.STOP,
          "Cannot read piece 3 of /m/a",
          new OriginException(OriginFault.GONE, "s3://b/m/a is gone", null));

  private final AtomicLong nowNs = new AtomicLong();
  private final RecordedLog log = new RecordedLog();
  private final FailingFiles failing =
      new FailingFiles(
          new FailureLines(log.logger(), nowNs::get),
          nowNs::get,
          () -> TimeUnit.NANOSECONDS.toMillis(nowNs.get()));

  private Map<String, String> broken = Map.of();

  private List<Map<String, Object>> now(FetchProgress... fetches) {
    return new FailingFilesGauge(
            failing,
            () -> List.of(fetches),
            () -> broken,
            () -> TimeUnit.NANOSECONDS.toMillis(nowNs.get()))
        .getValue();
  }

  @Test
  void shouldSayOnceForEachFileAndMinuteWhatFailsWhereAndWhy() {
    for (int i = 0; i < 3_000; i++) {
      failing.failed("/m/" + (char) ('a' + i % 3), 4096, gone);
    }
    assertEquals(3, log.lines().size(), () -> log.lines().toString());
    assertEquals(
        "ERROR /m/a cannot be read at byte 4096: s3://b/m/a is gone. Remedy: Put it back at the"
            + " origin; or, if it is meant to be gone, run 'alluxio fs loadMetadata -F' on its"
            + " directory.",
        log.lines().get(0));
    assertEquals(List.of(), log.traces());
    nowNs.addAndGet(TimeUnit.MINUTES.toNanos(1));
    failing.failed("/m/a", 4096, gone);
    assertEquals(4, log.lines().size());
  }

  @Test
  void shouldShowOneStackTraceOfWhatIsAFaultOfOurs() {
    for (int i = 0; i < 1_000; i++) {
      failing.failed("/m/" + i, 0, new IllegalStateException("a bug"));
    }
    assertEquals(1, log.traces().size());
    assertEquals(1_001, log.lines().size());
  }

  @Test
  void shouldListWhatFailsUntilItCanBeRead() {
    nowNs.set(TimeUnit.SECONDS.toNanos(61));
    failing.failed("/m/a", 300, gone);
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(9));
    failing.failed("/m/a", 300, gone);
    Map<String, Object> value = now().get(0);
    assertEquals("/m/a", value.get(FailingFilesGauge.PATH));
    assertEquals(300L, value.get(FailingFilesGauge.OFFSET));
    assertEquals("s3://b/m/a is gone", value.get(FailingFilesGauge.CAUSE));
    assertEquals("1970-01-01T00:01:01Z", value.get(FailingFilesGauge.SINCE));
    assertEquals(2, value.get(FailingFilesGauge.FAILURES));
    failing.read("/m/a", 0, 300);
    failing.read("/m/b", 0, 1_000);
    assertEquals(1, now().size(), "that was another part of it, and another file");
    failing.read("/m/a", 200, 200);
    assertEquals(List.of(), now());
  }

  @Test
  void shouldSayOnceAMinuteWhoWaitsForAnOriginThatSendsNothing() {
    FailureLines lines = new FailureLines(log.logger(), nowNs::get);
    FetchProgress fetch = FakeProgress.waiting(1, "/m/a", OriginFault.SILENT, 2_500);
    for (int i = 0; i < 10; i++) {
      lines.waits(fetch.originWait().orElseThrow(), fetch.waiters());
    }
    assertEquals(1, log.lines().size());
    String line = log.lines().get(0);
    String start =
        "WARN /m/a waits for its origin, 3 reads from byte 0 on and 1 loads: the origin sends"
            + " nothing since 2 s: so it says. Remedy: Check the origin and the network to it;";
    assertTrue(line.startsWith(start), line);
    nowNs.addAndGet(TimeUnit.MINUTES.toNanos(1));
    lines.waits(fetch.originWait().orElseThrow(), fetch.waiters());
    assertEquals(2, log.lines().size());
  }

  @Test
  void shouldForgetWhatNobodyAsksForAnyMore() {
    failing.failed("/m/a", 0, gone);
    nowNs.addAndGet(FailingFiles.FORGET_NS + 1);
    assertEquals(List.of(), now());
  }

  @Test
  void shouldListWhoWaitsForAnOriginThatIsAway() {
    nowNs.set(TimeUnit.SECONDS.toNanos(100));
    Map<String, Object> value =
        now(FakeProgress.waiting(1, "/m/a", OriginFault.AWAY, 30_000)).get(0);
    assertEquals("the origin is away since 30 s: so it says", value.get(FailingFilesGauge.CAUSE));
    assertEquals("1970-01-01T00:01:10Z", value.get(FailingFilesGauge.SINCE));
    assertEquals(3, value.get(FailingFilesGauge.READERS));
    assertEquals(1, value.get(FailingFilesGauge.LOADS));
    assertEquals(0, value.get(FailingFilesGauge.FAILURES));
    assertTrue(value.get(FailingFilesGauge.REMEDY).toString().contains("Check the origin"));
  }

  @Test
  void shouldSayWhatTheFailureAdvisesOnlyOnce() {
    String advice = "Run 'alluxio fs loadMetadata -F /m/a'.";
    failing.failed(
        "/m/a", 0, new OriginException(OriginFault.CHANGED, "/m/a was replaced", advice, null));
    assertEquals(
        List.of("ERROR /m/a cannot be read at byte 0: /m/a was replaced. Remedy: " + advice),
        log.lines());
  }

  @Test
  void shouldListWeightsThatAreNone() {
    broken = Map.of("/m/1.safetensors", "it is a web page");
    assertEquals(
        "it is broken at the origin: it is a web page", now().get(0).get(FailingFilesGauge.CAUSE));
  }

  @Test
  void shouldNotWarnOfWhatIsKnownToFail() {
    FailureLines lines = new FailureLines(log.logger(), nowNs::get);
    lines.warn("/m/a", "{} is read once more", "/m/a");
    lines.failed("/m/a", "An open", new IOException("no"));
    lines.warn("/m/a", "{} is read once more", "/m/a");
    assertEquals(2, log.lines().size(), () -> log.lines().toString());
    assertFalse(log.lines().get(1).isEmpty());
  }
}
