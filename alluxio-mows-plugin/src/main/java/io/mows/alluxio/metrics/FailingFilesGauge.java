// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import alluxio.metrics.MetricsSystem;
import com.codahale.metrics.Gauge;
import io.mows.p2p.fetch.FetchProgress;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.Waiters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The files of which something cannot be read now, as {@value #NAME} on the worker's JSON endpoint:
 * those whose reads failed, and those that wait for an origin that is away or denies them. No
 * number, so Prometheus does not show it. Thread-safe.
 */
public final class FailingFilesGauge implements Gauge<List<Map<String, Object>>> {
  public static final String NAME = "Worker.MowsFailingFiles";
  public static final String PATH = "path";
  public static final String OFFSET = "offset";
  public static final String CAUSE = "cause";
  public static final String REMEDY = "remedy";

  /** Since when, such as {@code 2026-11-29T12:34:56Z}, by the worker's clock. */
  public static final String SINCE = "since";

  /** How many reads wait for bytes of it now. */
  public static final String READERS = "waitingReads";

  /** How many loads wait for bytes of it now. */
  public static final String LOADS = "waitingLoads";

  /** How often somebody was told that it cannot be read; 0 while all still wait. */
  public static final String FAILURES = "failures";

  private static final long SECOND_MS = 1_000;

  private final FailingFiles failing;
  private final Supplier<List<FetchProgress>> fetches;
  private final Supplier<Map<String, String>> broken;
  private final LongSupplier millisClock;

  FailingFilesGauge(
      FailingFiles failing,
      Supplier<List<FetchProgress>> fetches,
      Supplier<Map<String, String>> broken,
      LongSupplier millisClock) {
    this.broken = broken;
    this.failing = failing;
    this.fetches = fetches;
    this.millisClock = millisClock;
  }

  /**
   * Shows it, unless another worker of this process does.
   *
   * @param fetches asked at each reading, on any thread; must not block
   * @param broken files in memory that are no whole weights, and why; as {@code fetches}
   */
  public static FailingFilesGauge register(
      FailingFiles failing,
      Supplier<List<FetchProgress>> fetches,
      Supplier<Map<String, String>> broken) {
    FailingFilesGauge gauge =
        new FailingFilesGauge(failing, fetches, broken, System::currentTimeMillis);
    MetricsSystem.registerGaugeIfAbsent(MetricsSystem.getMetricName(NAME), gauge);
    return gauge;
  }

  @Override
  public List<Map<String, Object>> getValue() {
    Map<String, FetchProgress> live = new TreeMap<>();
    fetches.get().forEach(fetch -> live.put(fetch.file().path(), fetch));
    Map<String, Map<String, Object>> values = new TreeMap<>();
    for (FailingFile file : failing.now()) {
      values.put(file.path(), value(file, live.get(file.path())));
    }
    for (FetchProgress fetch : live.values()) {
      fetch
          .originWait()
          .ifPresent(wait -> values.computeIfAbsent(fetch.file().path(), p -> value(fetch, wait)));
    }
    broken.get().forEach((path, why) -> values.computeIfAbsent(path, p -> brokenValue(path, why)));
    return new ArrayList<>(values.values());
  }

  /** Nobody has failed: readers get the bytes that are there. */
  private Map<String, Object> brokenValue(String path, String why) {
    Map<String, Object> value =
        value(path, 0, FailureWords.ofBroken(why), Instant.ofEpochMilli(millisClock.getAsLong()));
    putWaiters(value, Waiters.NONE);
    value.put(FAILURES, 0);
    return value;
  }

  private static Map<String, Object> value(FailingFile file, FetchProgress fetch) {
    Map<String, Object> value =
        value(file.path(), file.offset(), file.words(), Instant.ofEpochMilli(file.sinceMs()));
    putWaiters(value, fetch == null ? Waiters.NONE : fetch.waiters());
    value.put(FAILURES, file.count());
    return value;
  }

  private Map<String, Object> value(FetchProgress fetch, OriginWait wait) {
    Waiters waiters = fetch.waiters();
    Map<String, Object> value =
        value(
            fetch.file().path(),
            fetch.file().layout().pieceOffset(waiters.firstPiece()),
            FailureWords.of(wait),
            Instant.ofEpochMilli(millisClock.getAsLong() - wait.forMs()));
    putWaiters(value, waiters);
    value.put(FAILURES, 0);
    return value;
  }

  private static Map<String, Object> value(
      String path, long offset, FailureWords words, Instant since) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put(PATH, path);
    value.put(OFFSET, offset);
    value.put(CAUSE, words.cause());
    value.put(REMEDY, words.remedy());
    value.put(SINCE, since.minusMillis(since.toEpochMilli() % SECOND_MS).toString());
    return value;
  }

  private static void putWaiters(Map<String, Object> value, Waiters waiters) {
    value.put(READERS, waiters.readers());
    value.put(LOADS, waiters.loads());
  }
}
