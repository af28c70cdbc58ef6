// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import alluxio.metrics.MetricsSystem;
import alluxio.util.logging.SamplingLogger;
import com.codahale.metrics.Counter;
import com.codahale.metrics.Timer;
import io.mows.alluxio.status.Flows;
import io.mows.alluxio.trace.LoadTracker;
import io.mows.channel.StoreException;
import io.mows.p2p.fetch.ArrivedBytes;
import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore.NoSpaceException;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.Waiters;
import io.mows.p2p.fetch.WrongFile;
import io.mows.p2p.swarm.origin.OriginFault;
import io.mows.p2p.thread.Futures;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the worker does, counted in Alluxio's own metrics system: all names start with {@code
 * Worker.Mows}, so they are on the worker's JSON and Prometheus endpoints. Thread-safe.
 */
public final class MowsMetrics implements FetchMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(MowsMetrics.class);
  private static final Logger SAMPLED = new SamplingLogger(LOG, TimeUnit.SECONDS.toMillis(10));
  private static final Logger STORE = new SamplingLogger(LOG, TimeUnit.MINUTES.toMillis(1));

  private final Map<ServedFrom, Counter> bytesServed = new EnumMap<>(ServedFrom.class);
  private final Map<Fallback, Counter> fallbacks = new EnumMap<>(Fallback.class);
  private final Map<Source, Counter> bytesFrom = new EnumMap<>(Source.class);
  private final Counter piecesArrived = counter("PiecesArrived");
  private final Counter piecesRetried = counter("PiecesRetried");
  private final Counter piecesFailed = counter("PiecesFailed");
  private final Map<OriginFault, Counter> originRefusals = new EnumMap<>(OriginFault.class);
  private final FailureLines lines = new FailureLines(LOG, System::nanoTime);
  private final FailingFiles failing =
      new FailingFiles(lines, System::nanoTime, System::currentTimeMillis);
  private final Counter peerDownloadsFailed = counter("PeerDownloadsFailed");
  private final Counter blocksCommitted = counter("BlocksCommitted");
  private final Counter blocksRefused = counter("BlocksRefused");
  private final Counter storeFailures = counter("StoreFailures");
  private final Counter blocksAborted = counter("BlocksAborted");
  private final Counter sourcesChanged = counter("SourcesChanged");
  private final Counter filesProven = counter("FilesProven");
  private final Counter filesWrong = counter("FilesWrong");
  private final Counter piecesWrong = counter("PiecesWrong");
  private final Counter piecesRotten = counter("PiecesRotten");
  private final Counter peersQuarantined = counter("PeersQuarantined");
  private final Counter filesPassedThrough = counter("FilesPassedThrough");
  private final LinkRate linkRate = new LinkRate();
  private final ArrivedBytes arrived = new ArrivedBytes(System::nanoTime);
  private final Flows flows = new Flows();
  private final LoadTracker loads =
      new LoadTracker(LOG::info, System::nanoTime, System::currentTimeMillis);
  private volatile double lastFileTimeOverBound;
  private final Timer readerWait = MetricsSystem.timer(name("ReaderWait"));

  public MowsMetrics() {
    bytesServed.put(ServedFrom.MEMORY, counter("BytesServedMemory"));
    bytesServed.put(ServedFrom.IN_FLIGHT, counter("BytesServedInFlight"));
    bytesServed.put(ServedFrom.UNCACHED, counter("BytesServedUncached"));
    bytesFrom.put(Source.ORIGIN, counter("BytesFromOrigin"));
    bytesFrom.put(Source.PEER, counter("BytesFromPeers"));
    bytesFrom.put(Source.WARMUP, counter("BytesFromWarmup"));
    bytesFrom.put(Source.LINK, counter("BytesLinked"));
    originRefusals.put(OriginFault.AWAY, counter("OriginRequestsAway"));
    originRefusals.put(OriginFault.DENIED, counter("OriginRequestsDenied"));
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
    gauge("FetchesInFlight", count::getAsInt);
  }

  /**
   * Shows how long the last file took over the time that it would have taken at the fastest this
   * worker has received anything in the last minutes: 1 is as good as it gets.
   */
  public void registerTimeOverBound() {
    gauge("LastFileTimeOverBound", () -> lastFileTimeOverBound);
  }

  /** A file was opened that the kernel reads by itself. */
  public void passedThrough() {
    filesPassedThrough.inc();
  }

  /** Shows how often a read of the origin was stuck. */
  public void registerOrigin(LongSupplier stuckReads) {
    gauge("OriginReadsStuck", stuckReads::getAsLong);
  }

  /** Shows how much of what Alluxio counts as free memory is not there; -1 if not known. */
  public void registerMemory(Callable<Long> missingBytes) {
    gauge(
        "MemoryMissingBytes",
        () -> {
          try {
            return missingBytes.call();
          } catch (Exception e) {
            return -1L;
          }
        });
  }

  /** Shows what the warm-up thread does on its own account. */
  public void registerWarmup(LongSupplier preloadMissingBytes, LongSupplier prefetchedBytes) {
    gauge("PreloadMissingBytes", preloadMissingBytes::getAsLong);
    gauge("BytesPrefetched", prefetchedBytes::getAsLong);
  }

  /** The fastest that this worker has received anything in the last minutes; 0 if not known. */
  public long peakLinkBytesPerSecond() {
    return (long) (linkRate.peakBytesPerNs() * TimeUnit.SECONDS.toNanos(1));
  }

  static <T> void gauge(String name, Supplier<T> value) {
    // Not "if absent": a second worker in one process, as in tests, shows its own.
    String key = MetricsSystem.getMetricName(name(name));
    MetricsSystem.METRIC_REGISTRY.remove(key);
    MetricsSystem.registerGaugeIfAbsent(key, value::get);
  }

  /** Something was left to stock Alluxio. */
  public void fellBack(Fallback reason, String what, Throwable cause) {
    fallbacks.get(reason).inc();
    lines.warn(what, "Left to stock Alluxio ({}): {}: {}", reason, what, cause.toString());
    lines.trace(what, cause);
  }

  /** A load of {@code what}, or of a block of it, has ended without it. */
  public void notLoaded(String what, Throwable failure) {
    if (Futures.causeOf(failure) instanceof NoSpaceException) {
      lines.warn(what, "{} was not loaded: {}", what, failure.getMessage());
    }
    // Other failures are said when they happen, with the file's path.
    LOG.debug("{} was not loaded", what, failure);
  }

  /** A job of Alluxio's has removed a block because there were too many copies of it. */
  public void copyRemoved(FileSpec file, int maxCopies, String remedy) {
    lines.warn(
        file.path(),
        "Alluxio has removed a block of {} from this worker: it allows {} copies, and counts those"
            + " that workers share. It is fetched again when it is read. Remedy: {}",
        file.path(),
        maxCopies,
        remedy);
  }

  /** What cannot be read now. */
  public FailingFiles failing() {
    return failing;
  }

  /** Whether a piece has come since the worker started. */
  public boolean hasArrived() {
    return piecesArrived.getCount() > 0;
  }

  /** What has come of each file. */
  public ArrivedBytes arrived() {
    return arrived;
  }

  /** Pieces that have come from there since the worker started, in bytes. */
  public long bytesFrom(Source source) {
    return bytesFrom.get(source).getCount();
  }

  /** What readers were given from there since the worker started. */
  public long bytesServed(ServedFrom from) {
    return bytesServed.get(from).getCount();
  }

  /** How each load goes. */
  public LoadTracker loads() {
    return loads;
  }

  /** What each peer sends. */
  public Flows flows() {
    return flows;
  }

  @Override
  public void fetchBegun(FileSpec file) {
    loads.begun(file);
  }

  @Override
  public void receivedFrom(long peerId, int bytes) {
    flows.received(peerId, bytes);
  }

  @Override
  public void served(ServedFrom from, int bytes) {
    bytesServed.get(from).inc(bytes);
  }

  @Override
  public void pieceArrived(FileSpec file, int piece, Source from) {
    int bytes = file.layout().pieceLength(piece);
    failing.read(file.path(), file.layout().pieceOffset(piece), bytes);
    arrived.add(file.fileId(), from, bytes);
    bytesFrom.get(from).inc(bytes);
    if (from != Source.LINK) {
      loads.arrived(file, bytes, from);
      piecesArrived.inc();
      linkRate.arrived(bytes, System.nanoTime());
    }
  }

  @Override
  public void downloadFailed(FileSpec file, Throwable failure) {
    peerDownloadsFailed.inc();
    SAMPLED.warn("A piece of {} is had from elsewhere: {}", file.path(), failure.getMessage());
  }

  @Override
  public void fileArrived(long bytes, long elapsedNs) {
    double peak = linkRate.peakBytesPerNs();
    if (peak > 0) {
      lastFileTimeOverBound = elapsedNs / (bytes / peak);
    }
  }

  @Override
  public void pieceFailed(FileSpec file, long offset, Throwable failure, boolean givenUp) {
    LOG.debug("A piece of {} failed", file, failure);
    if (givenUp) {
      piecesFailed.inc();
      failing.failed(file.path(), offset, FailureWords.of(failure));
    } else {
      piecesRetried.inc();
      String cause = FailureWords.of(failure).cause();
      lines.warn(file.path(), "{}: byte {} is read once more: {}", file.path(), offset, cause);
    }
  }

  @Override
  public void originRefused(FileSpec file, OriginException why) {
    originRefusals.get(why.fault()).inc();
    String cause = FailureWords.of(why).cause();
    lines.warn(file.path(), "{} waits for its origin: {}", file.path(), cause);
  }

  @Override
  public void originClosed(long mountId, OriginFault fault, String reason) {
    LOG.warn(
        "The origin behind mount point {} {}: {}. All that reads from it waits, at most as long as"
            + " alluxio.mows.origin.patience says; until it answers, it is asked one question at a"
            + " time.",
        mountId,
        fault == OriginFault.DENIED ? "denies what it is asked for" : "is away",
        reason);
  }

  @Override
  public void originOpened(long mountId, OriginFault fault, long forMs) {
    LOG.info(
        "The origin behind mount point {}, which {} for {} ms, gives what it is asked for again:"
            + " all goes on",
        mountId,
        fault == OriginFault.DENIED ? "denied" : "was away",
        forMs);
  }

  @Override
  public void originSilent(OriginWait wait, Waiters waiters) {
    lines.waits(wait, waiters);
  }

  @Override
  public void originGivenUp(OriginWait wait, long offset) {
    piecesFailed.inc();
    failing.failed(wait.file().path(), offset, FailureWords.of(wait));
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
  public void blockRefused(FileSpec file, int block, Throwable why) {
    blocksRefused.inc();
    loads.storeFailed();
    if (why instanceof NoSpaceException) {
      String said = NoSpaceException.of(file, block, why).getMessage();
      lines.warn(file.path(), "{} It is read without being cached.", said);
    } else {
      lines.failed(file.path(), "Room in memory for block " + block, why);
    }
  }

  @Override
  public void storeFailed(StoreException failure) {
    storeFailures.inc();
    loads.storeFailed();
    STORE.warn(
        "This worker's memory takes no bytes: {}. Readers are served without it. Run 'alluxio fs"
            + " mows check' to see what fills it.",
        failure.getMessage());
  }

  @Override
  public void blockAborted() {
    blocksAborted.inc();
  }

  @Override
  public void fileProven(FileSpec file) {
    filesProven.inc();
    loads.proven(file);
  }

  @Override
  public void fileWrong(WrongFile file, boolean again) {
    filesWrong.inc();
    if (again) {
      LOG.error("{}, also when read again from the origin: nobody gets it", file);
    } else {
      LOG.error("{}: all of it is dropped and read again from the origin", file);
    }
  }

  @Override
  public void pieceWrong() {
    piecesWrong.inc();
  }

  @Override
  public void pieceRotten() {
    piecesRotten.inc();
  }

  @Override
  public void peerQuarantined() {
    peersQuarantined.inc();
  }

  @Override
  public void sourceChanged() {
    sourcesChanged.inc();
  }
}
