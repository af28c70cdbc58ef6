// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import alluxio.metrics.MetricsSystem;
import com.codahale.metrics.Gauge;
import io.mows.p2p.fetch.FetchProgress;
import io.mows.p2p.piece.FileLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The files that are being fetched, as {@value #NAME} on the worker's JSON endpoint: a list of
 * {@value #PATH}, {@value #DONE_BYTES}, {@value #TOTAL_BYTES}, {@value #BYTES_PER_SECOND} and, of
 * those that wait for their origin, {@value #WAITS}, by path. The rate is that from one reading to
 * the next, 0 at the first; whoever wants it now reads twice.
 *
 * <p>It is no number, so Prometheus does not show it (it passes over such gauges), and the worker
 * does not report it to the master (it reports only what Alluxio declares). Thread-safe.
 */
public final class FetchGauge implements Gauge<List<Map<String, Object>>> {
  public static final String NAME = "Worker.MowsFetches";
  public static final String PATH = "path";
  public static final String DONE_BYTES = "doneBytes";
  public static final String TOTAL_BYTES = "totalBytes";
  public static final String BYTES_PER_SECOND = "bytesPerSecond";
  public static final String WAITS = "waits";

  /** Readings that follow one another faster, of two readers say, share one rate. */
  private static final long MIN_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Supplier<List<FetchProgress>> fetches;
  private final LongSupplier nanoClock;
  private final Map<Long, Sample> samples = new ConcurrentHashMap<>();

  FetchGauge(Supplier<List<FetchProgress>> fetches, LongSupplier nanoClock) {
    this.fetches = fetches;
    this.nanoClock = nanoClock;
  }

  /**
   * Shows it, unless another worker of this process does.
   *
   * @param fetches asked at each reading, on any thread; must not block
   */
  public static FetchGauge register(Supplier<List<FetchProgress>> fetches) {
    FetchGauge gauge = new FetchGauge(fetches, System::nanoTime);
    MetricsSystem.registerGaugeIfAbsent(MetricsSystem.getMetricName(NAME), gauge);
    return gauge;
  }

  @Override
  public synchronized List<Map<String, Object>> getValue() {
    long nowNs = nanoClock.getAsLong();
    List<FetchProgress> live = new ArrayList<>(fetches.get());
    live.removeIf(fetch -> fetch.readablePieces() >= fetch.file().layout().pieceCount());
    live.sort((a, b) -> a.file().path().compareTo(b.file().path()));
    List<Map<String, Object>> values = new ArrayList<>();
    Map<Long, Sample> current = new LinkedHashMap<>();
    for (FetchProgress fetch : live) {
      long id = fetch.file().fileId();
      long doneBytes = doneBytes(fetch);
      Sample sample = Sample.next(samples.get(id), doneBytes, nowNs);
      current.put(id, sample);
      values.add(value(fetch, doneBytes, sample.bytesPerSecond));
    }
    samples.keySet().retainAll(current.keySet());
    samples.putAll(current);
    return values;
  }

  private static long doneBytes(FetchProgress fetch) {
    FileLayout layout = fetch.file().layout();
    // The last piece may be shorter, so this may be a piece too little while it is there.
    long bytes = (long) fetch.readablePieces() * layout.pieceBytes();
    return Math.min(bytes, layout.lengthBytes());
  }

  private static Map<String, Object> value(FetchProgress fetch, long doneBytes, long rate) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put(PATH, fetch.file().path());
    value.put(DONE_BYTES, doneBytes);
    value.put(TOTAL_BYTES, fetch.file().layout().lengthBytes());
    value.put(BYTES_PER_SECOND, rate);
    fetch.originWait().ifPresent(wait -> value.put(WAITS, wait.what()));
    return value;
  }

  /** How far a fetch was, and how fast until then. Immutable. */
  private static final class Sample {
    private final long doneBytes;
    private final long timeNs;
    final long bytesPerSecond;

    private Sample(long doneBytes, long timeNs, long bytesPerSecond) {
      this.doneBytes = doneBytes;
      this.timeNs = timeNs;
      this.bytesPerSecond = bytesPerSecond;
    }

    /**
     * @param last null if there is none
     */
    static Sample next(Sample last, long doneBytes, long nowNs) {
      if (last == null) {
        return new Sample(doneBytes, nowNs, 0);
      }
      long elapsedNs = nowNs - last.timeNs;
      if (elapsedNs < MIN_INTERVAL_NS) {
        return last;
      }
      // Blocks that were evicted count as not done any more.
      double bytes = Math.max(0, doneBytes - last.doneBytes);
      double seconds = (double) elapsedNs / TimeUnit.SECONDS.toNanos(1);
      return new Sample(doneBytes, nowNs, (long) (bytes / seconds));
    }
  }
}
