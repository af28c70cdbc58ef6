// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trace;

import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Follows the loads of models, a directory each, and keeps the last {@value #MAX_ENDED} that have
 * ended. Told of what happens by the engine's thread, and looks at the rest when it is asked to.
 * Thread-safe.
 */
public final class LoadTracker {
  static final int MAX_ENDED = 100;
  private static final int MAX_RUNNING = 200;

  /** Its reader may open the next file a moment later: that is the same load. */
  private static final long SAME_LOAD_NS = TimeUnit.SECONDS.toNanos(3);

  /** The manifest is read, and perhaps memory, when all bytes are here. */
  private static final long PROOF_NS = TimeUnit.SECONDS.toNanos(15);

  /** What is not whole and gets nothing for so long was given up by its readers. */
  private static final long GIVEN_UP_NS = TimeUnit.MINUTES.toNanos(3);

  private final Consumer<String> log;
  private final LongSupplier nanoClock;
  private final LongSupplier millisClock;
  private final Map<String, LoadTrace> running = new LinkedHashMap<>();
  private final Deque<Map<String, Object>> ended = new ArrayDeque<>();
  private final SourceRates rates = new SourceRates();
  private long storeFaults;
  private long lookedNs;

  /**
   * @param log gets a line for each load that is whole
   */
  public LoadTracker(Consumer<String> log, LongSupplier nanoClock, LongSupplier millisClock) {
    this.log = log;
    this.nanoClock = nanoClock;
    this.millisClock = millisClock;
    this.lookedNs = nanoClock.getAsLong();
  }

  /** What cannot be known from what happens. All methods return at once. */
  public interface Surroundings {
    FileStatus status(FileSpec file);

    /** Of all processors that the process may use, since the last look: 0 to 1. */
    double processorShare();

    /** What the network devices can do; 0 if they do not tell. */
    double linkBytesPerSecond();

    /** Whether an origin is away or denies something of the files of this model. */
    boolean originWaits(String model);

    boolean readerWaits(String model);

    boolean loadWaits(String model);

    /** The fastest that anything was received in the last minutes. */
    double peakBytesPerSecond();
  }

  /** Something of a file is wanted that was not being fetched. */
  public synchronized void begun(FileSpec file) {
    load(file).ifPresent(load -> load.begun(file, nanoClock.getAsLong()));
  }

  public synchronized void arrived(FileSpec file, int bytes, Source from) {
    rates.arrived(bytes, from);
    load(file).ifPresent(load -> load.arrived(file, bytes, from, nanoClock.getAsLong()));
  }

  public synchronized void proven(FileSpec file) {
    LoadTrace load = running.get(modelOf(file));
    if (load != null) {
      load.proven(nanoClock.getAsLong());
    }
  }

  /** Memory took no bytes or had no room for a block. */
  public synchronized void storeFailed() {
    storeFaults++;
  }

  private Optional<LoadTrace> load(FileSpec file) {
    String model = modelOf(file);
    LoadTrace known = running.get(model);
    if (known == null && running.size() < MAX_RUNNING) {
      known = new LoadTrace(model, millisClock.getAsLong(), nanoClock.getAsLong());
      running.put(model, known);
    }
    return Optional.ofNullable(known);
  }

  /** What is called a model: the directory that a file lies in. */
  public static String modelOf(FileSpec file) {
    String path = file.path();
    int slash = path.lastIndexOf('/');
    return slash > 0 ? path.substring(0, slash) : "/";
  }

  /** Looks how far the loads are. To be called about twice a second. */
  public synchronized void look(Surroundings now) {
    long nowNs = nanoClock.getAsLong();
    long forNs = nowNs - lookedNs;
    lookedNs = nowNs;
    LoadLimit.Measured measured = rates.measured(forNs);
    measured.processorShare = now.processorShare();
    measured.linkBytesPerSecond = now.linkBytesPerSecond();
    measured.storeFaults = storeFaults;
    storeFaults = 0;
    Iterator<LoadTrace> loads = running.values().iterator();
    while (loads.hasNext()) {
      LoadTrace load = loads.next();
      boolean wasWhole = load.isWhole();
      load.wantedBy(now.readerWaits(load.model()), now.loadWaits(load.model()));
      look(load, now, nowNs);
      if (!wasWhole) {
        measured.originWaits = now.originWaits(load.model());
        load.limited(LoadLimit.of(measured), forNs);
      }
      if (isOver(load, nowNs)) {
        loads.remove();
        end(load, nowNs);
      }
    }
    rates.settle();
  }

  private static void look(LoadTrace load, Surroundings now, long nowNs) {
    boolean whole = !load.files().isEmpty();
    boolean proven = whole;
    for (FileSpec file : load.files().values()) {
      FileStatus status = now.status(file);
      whole &= status.isWhole();
      proven &= status.isWhole() && status.proof() == Proof.PROVEN;
    }
    load.looked(whole, proven, now.peakBytesPerSecond(), nowNs);
  }

  private static boolean isOver(LoadTrace load, long nowNs) {
    long quietNs = load.quietNs(nowNs);
    if (!load.isWhole()) {
      return quietNs >= (load.hasArrived() ? GIVEN_UP_NS : PROOF_NS);
    }
    return quietNs >= (load.isProven() ? SAME_LOAD_NS : PROOF_NS);
  }

  /** What was in memory already was no load. */
  private void end(LoadTrace load, long nowNs) {
    if (!load.hasArrived()) {
      return;
    }
    load.end();
    if (load.isWhole()) {
      log.accept(load.line(nowNs));
    }
    ended.addFirst(load.row(nowNs));
    if (ended.size() > MAX_ENDED) {
      ended.removeLast();
    }
  }

  /** Those that run, then those that have ended, newest first; {@code max} at most. */
  public synchronized List<Map<String, Object>> rows(int max) {
    long nowNs = nanoClock.getAsLong();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (LoadTrace load : running.values()) {
      if (load.hasArrived()) {
        rows.add(load.row(nowNs));
      }
    }
    rows.addAll(ended);
    return rows.size() > max ? List.copyOf(rows.subList(0, max)) : rows;
  }
}
