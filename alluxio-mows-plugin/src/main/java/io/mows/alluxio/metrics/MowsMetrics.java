// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import alluxio.metrics.MetricsSystem;
import alluxio.util.logging.SamplingLogger;
import com.codahale.metrics.Counter;
import com.codahale.metrics.Timer;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FetchEvents;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the worker does, counted in Alluxio's own metrics system: all names start with {@code
 * Worker.Mows}, so they are on the worker's JSON and Prometheus endpoints. Thread-safe.
 */
public final class MowsMetrics implements FetchEvents {
  private static final Logger LOG = LoggerFactory.getLogger(MowsMetrics.class);
  private static final Logger SAMPLED = new SamplingLogger(LOG, TimeUnit.SECONDS.toMillis(10));

  private final Map<ServedFrom, Counter> bytesServed = new EnumMap<>(ServedFrom.class);
  private final Map<Fallback, Counter> fallbacks = new EnumMap<>(Fallback.class);
  private final Counter bytesFromOrigin = counter("BytesFromOrigin");
  private final Counter piecesArrived = counter("PiecesArrived");
  private final Counter piecesRetried = counter("PiecesRetried");
  private final Counter piecesFailed = counter("PiecesFailed");
  private final Counter blocksCommitted = counter("BlocksCommitted");
  private final Counter blocksRefused = counter("BlocksRefused");
  private final Counter blocksAborted = counter("BlocksAborted");
  private final Counter sourcesChanged = counter("SourcesChanged");
  private final Timer readerWait = MetricsSystem.timer(name("ReaderWait"));

  public MowsMetrics() {
    bytesServed.put(ServedFrom.MEMORY, counter("BytesServedMemory"));
    bytesServed.put(ServedFrom.IN_FLIGHT, counter("BytesServedInFlight"));
    bytesServed.put(ServedFrom.UNCACHED, counter("BytesServedUncached"));
    for (Fallback reason : Fallback.values()) {
      fallbacks.put(reason, counter("Fallbacks" + reason.metricName()));
    }
  }

  private static Counter counter(String name) {
    return MetricsSystem.counter(name(name));
  }

  private static String name(String name) {
    return "Worker.Mows" + name;
  }

  /** Shows how many files are being fetched. */
  public void registerFetchesInFlight(IntSupplier count) {
    MetricsSystem.registerGaugeIfAbsent(
        MetricsSystem.getMetricName(name("FetchesInFlight")), count::getAsInt);
  }

  /** Something was left to stock Alluxio. */
  public void fellBack(Fallback reason, String what, Throwable cause) {
    fallbacks.get(reason).inc();
    SAMPLED.warn("Left to stock Alluxio ({}): {}", reason, what, cause);
  }

  @Override
  public void served(ServedFrom from, int bytes) {
    bytesServed.get(from).inc(bytes);
  }

  @Override
  public void pieceArrived(int bytes) {
    piecesArrived.inc();
    bytesFromOrigin.inc(bytes);
  }

  @Override
  public void pieceFailed(Throwable failure, boolean givenUp) {
    if (givenUp) {
      piecesFailed.inc();
      SAMPLED.error(
          TransferException.remedyOf(failure) == Remedy.STOP
              ? "A piece cannot be read: {}"
              : "A piece could not be read in spite of several attempts: {}",
          failure.getMessage(),
          failure);
    } else {
      piecesRetried.inc();
      SAMPLED.warn("A piece is read once more: {}", failure.getMessage());
    }
  }

  @Override
  public void readerWaited(long waitNs) {
    readerWait.update(waitNs, TimeUnit.NANOSECONDS);
  }

  @Override
  public void blockCommitted() {
    blocksCommitted.inc();
  }

  @Override
  public void blockRefused() {
    blocksRefused.inc();
  }

  @Override
  public void blockAborted() {
    blocksAborted.inc();
  }

  @Override
  public void sourceChanged() {
    sourcesChanged.inc();
  }
}
