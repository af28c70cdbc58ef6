// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.fetch.LaneLoads;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.thread.NamedThreads;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does this worker's part of all warm-up jobs, of its own preload and of idle-time prefetch, and
 * tells the locator how far it is. Has one thread, {@code mows-warmup}. Thread-safe.
 *
 * <p>When the locator does not answer, the jobs that are known go on.
 */
public final class WarmupWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WarmupWorker.class);
  private static final long STEP_MS = 500;

  private final PeerInfo self;
  private final WarmupFiles files;
  private final WarmupMemory memory;
  private final LaneLoads loads;
  private final Preload preload;
  private final IdlePrefetch prefetch;
  private final KnownJobs jobs;
  private final LongSupplier nanoClock;
  private final ScheduledThreadPoolExecutor loop;
  private final Map<String, JobWork> works = new HashMap<>();
  private final JobReports reports;
  private final ModelUseNews news;
  private volatile Map<Long, BitSet> keptShares = Map.of();

  /**
   * @param session as this worker announces itself: when it started, by the wall clock
   * @param loads is closed by its owner, after this
   */
  public WarmupWorker(
      PeerInfo self,
      long session,
      JobClient directory,
      WarmupFiles files,
      WarmupMemory memory,
      LaneLoads loads,
      WarmupSettings settings,
      LongSupplier nanoClock) {
    this.self = self;
    this.files = files;
    this.memory = memory;
    this.loads = loads;
    this.reports = new JobReports(directory, self.id(), session, this::run);
    this.news = new ModelUseNews(directory, self.id(), session, this::run);
    this.jobs =
        new KnownJobs(
            directory,
            self.group(),
            session,
            this::run,
            nanoClock,
            this::safeStep,
            reports::forgetAll);
    this.nanoClock = nanoClock;
    this.preload = new Preload(self, settings.preloadPaths(), files, this::work);
    this.prefetch = new IdlePrefetch(settings, files, memory, loads, this::run);
    this.loop = new ScheduledThreadPoolExecutor(1, NamedThreads.one("mows-warmup"));
    loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Starts to work: now, and not before the worker serves. */
  public void start() {
    loop.scheduleWithFixedDelay(this::tick, 0, STEP_MS, TimeUnit.MILLISECONDS);
  }

  /** A reader has opened a file of {@code model}, a directory. Returns at once. */
  public void used(String model) {
    run(() -> news.used(model));
  }

  /**
   * The master has had {@code model}, a directory, removed from memory here or a part of it:
   * somebody freed it, and idle-time prefetch must not bring it back. Returns at once.
   */
  public void freed(String model) {
    run(
        () -> {
          news.freed(model);
          prefetch.freed(model, nanoClock.getAsLong());
        });
  }

  /**
   * Whether a block belongs to a model that is larger than this worker's memory, of which it holds
   * another part: it may only be cached where nothing has to go for it.
   */
  public boolean isOnlyForFreeMemory(long fileId, int block) {
    BitSet kept = keptShares.get(fileId);
    return kept != null && !kept.get(block);
  }

  /** Bytes of the preload that are not in memory yet, for metrics. */
  public long preloadMissingBytes() {
    return preload.missingBytes();
  }

  /** Bytes that idle-time prefetch has brought, for metrics. */
  public long prefetchedBytes() {
    return prefetch.prefetchedBytes();
  }

  private void run(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("The worker ends", e);
    }
  }

  private JobWork work(String lane) {
    return new JobWork(self.id(), lane, files, memory, loads, this::run, this::safeStep);
  }

  private void tick() {
    try {
      jobs.refresh();
    } catch (RuntimeException e) {
      LOG.error("The warm-up jobs cannot be asked for", e);
    }
    safeStep();
  }

  private void safeStep() {
    try {
      step();
    } catch (RuntimeException e) {
      LOG.error("A step of warm-up failed; it goes on with the next one", e);
    }
  }

  private void step() {
    long nowNs = nanoClock.getAsLong();
    JobsView view = jobs.view();
    Set<String> running = new HashSet<>();
    for (WarmupJob job : jobs.due(nowNs)) {
      running.add(job.id());
      JobWork work = works.computeIfAbsent(job.id(), id -> work("job " + id));
      work.step(job, view.members(), nowNs);
      if (work.hasShare() && !jobs.isUnreachable()) {
        reports.report(work.report(), work.isComplete(), nowNs);
      }
    }
    for (String id : new ArrayList<>(works.keySet())) {
      if (!running.contains(id)) {
        works.remove(id).end();
        reports.forget(id);
      }
    }
    Map<Long, BitSet> kept = new HashMap<>();
    works.values().forEach(work -> addTo(kept, work.keptShares()));
    addTo(kept, preload.keptShares());
    keptShares = kept;
    preload.step(view.members(), jobs.isSettled(nowNs), memory.capacityBytes(), nowNs);
    boolean busy =
        preload.missingBytes() > 0 || works.values().stream().anyMatch(w -> !w.isComplete());
    prefetch.step(view.models(), busy, nowNs);
    if (!jobs.isUnreachable()) {
      news.tell();
    }
  }

  private static void addTo(Map<Long, BitSet> all, Map<Long, BitSet> more) {
    more.forEach((file, blocks) -> all.computeIfAbsent(file, id -> new BitSet()).or(blocks));
  }

  /** Ends what is under way. What is in memory stays there. */
  @Override
  public void close() {
    NamedThreads.stop(loop, "mows-warmup");
  }
}
