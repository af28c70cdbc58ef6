// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.ChannelCount;
import io.mows.p2p.thread.NamedThreads;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Brings blocks into the cache behind what readers wait for: asks for a few pieces ahead only, so
 * that it can be slowed down to a rate, give way, and end at once. Blocks are loaded in lanes, each
 * with its own rate and in its own order.
 *
 * <p>Thread-safe. The thread {@code mows-paced} does nothing but wake the engine, and runs only
 * while something is loaded.
 */
public final class PacedLoads implements BlockLoads, AutoCloseable {
  private static final long TICK_MS = 20;
  private static final long AWAY_NS = TimeUnit.MILLISECONDS.toNanos(300);

  private final FetchEngine engine;
  private final long windowBytes;
  private final Map<String, PacedLane> lanes = new ConcurrentHashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(NamedThreads.one("mows-paced"));
  private volatile boolean othersFetch;
  private boolean ticking;

  /**
   * @param windowBytes what a lane may have asked for and not yet got, at most
   */
  public PacedLoads(FetchEngine engine, long windowBytes) {
    this.engine = engine;
    this.windowBytes = windowBytes;
    engine.run(() -> engine.reading().readers().onBegin(this::giveWay));
  }

  /** At once, not with the next tick. */
  private void giveWay() {
    if (ticking) {
      step();
    }
  }

  @Override
  public void configure(String lane, long bytesPerSecond, Manners manners) {
    PacedLane known = lane(lane);
    engine.run(
        () -> {
          known.pace().setRate(bytesPerSecond, engine.nowNs());
          known.setManners(manners);
        });
  }

  private PacedLane lane(String name) {
    return lanes.computeIfAbsent(name, n -> new PacedLane(engine, windowBytes));
  }

  @Override
  public CompletableFuture<Void> load(String lane, FileSpec file, int block, boolean assigned) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    PacedLane known = lane(lane);
    boolean taken =
        engine.run(
            () -> {
              known.add(new PacedBlock(file, block, assigned, result));
              startTicking();
            });
    if (!taken) {
      result.completeExceptionally(engine.closed());
    }
    return result;
  }

  @Override
  public void end(String lane) {
    PacedLane known = lanes.get(lane);
    if (known != null) {
      engine.run(known::end);
    }
  }

  @Override
  public long partialBytes(String lane) {
    PacedLane known = lanes.get(lane);
    return known == null ? 0 : known.partialBytes();
  }

  /** What others want is as it was at the last call: only the engine's thread knows it. */
  @Override
  public Activity activity() {
    engine.run(() -> othersFetch = isAnybodyElseServed());
    long sent = engine.channelStats().map(stats -> stats.count(ChannelCount.BYTES_SENT)).orElse(0L);
    ReaderWatch readers = engine.reading().readers();
    return new Activity(readers.hadReaders(), readers.lastNs(), othersFetch, sent);
  }

  private boolean isAnybodyElseServed() {
    return engine.progress().stream()
        .flatMap(progress -> engine.current(progress.file()).stream())
        .anyMatch(
            fetch ->
                fetch.plan().isAnyAwaited()
                    || fetch.plan().hasMoreAhead()
                    || !fetch.loads().areAllPaced());
  }

  private void startTicking() {
    if (!ticking) {
      ticking = true;
      later();
    }
  }

  private void later() {
    try {
      ticker.schedule(() -> engine.run(this::tick), TICK_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      ticking = false;
    }
  }

  private void tick() {
    boolean busy = step();
    if (busy) {
      later();
    } else {
      ticking = false;
    }
  }

  private boolean step() {
    long now = engine.nowNs();
    boolean readers = engine.reading().readers().isActive(AWAY_NS, now);
    boolean busy = false;
    for (PacedLane lane : lanes.values()) {
      lane.step(readers, now);
      busy |= !lane.isEmpty();
    }
    return busy;
  }

  @Override
  public void close() {
    NamedThreads.stop(ticker, "mows-paced");
    lanes.values().forEach(lane -> engine.run(lane::end));
  }
}
