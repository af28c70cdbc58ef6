// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The warm-up jobs as the locator told them last. They outlive it: when another worker has begun to
 * host the locator with an empty directory, whoever notices submits again what he knows, and all
 * work on as before until everybody has had the time to announce himself there. For one thread.
 *
 * <p>A worker that has just started has no workers from before to go on with, and cannot know how
 * long the directory has been there: where it is the host that has come back, the others move to it
 * one by one, and the first of them brings the jobs along. Who took two workers for all would load
 * half of the model. So a job that is older than this worker waits until the directory has been
 * known here for that long, too.
 */
final class KnownJobs {
  private static final Logger LOG = LoggerFactory.getLogger(KnownJobs.class);
  private static final long ANSWER_MS = 3_000;
  private static final int MODELS = 20;

  /** A new job is heard of at once; a worker that comes or goes within this time. */
  private static final long PATIENCE_MS = 3_000;

  /** Several heartbeats: by then all workers that live are in a new directory. */
  static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(15);

  private final JobClient directory;
  private final String group;
  private final long startedMs;
  private final Executor thread;
  private final LongSupplier nanoClock;
  private final Runnable heard;
  private final Runnable moved;
  private boolean asking;
  private JobsView view = JobsView.NONE;
  private JobsView next = JobsView.NONE;
  private long settledNs;

  /** From then on jobs that are older than this worker are worked on. */
  private long olderJobsNs;

  private boolean unreachable;

  /**
   * @param group whose most used models are wanted
   * @param startedMs when this worker started, by the wall clock, as jobs say when they were asked
   *     for
   * @param thread calls what follows, and changes what is known
   * @param heard is called after each answer
   * @param moved is called when another directory has taken over: it lacks all reports
   */
  KnownJobs(
      JobClient directory,
      String group,
      long startedMs,
      Executor thread,
      LongSupplier nanoClock,
      Runnable heard,
      Runnable moved) {
    this.directory = directory;
    this.group = group;
    this.startedMs = startedMs;
    this.thread = thread;
    this.nanoClock = nanoClock;
    this.heard = heard;
    this.moved = moved;
  }

  JobsView view() {
    return view;
  }

  /** Whether all workers that live are probably in the {@link #view}. */
  boolean isSettled(long nowNs) {
    return view.hasBegun() && nowNs - olderJobsNs >= 0;
  }

  /** Those of the {@link #view} that run and are to be worked on now. */
  List<WarmupJob> due(long nowNs) {
    List<WarmupJob> due = new ArrayList<>();
    for (WarmupJob job : view.jobs()) {
      boolean waits = job.submittedMs() < startedMs && !isSettled(nowNs);
      if (!job.isStopped() && !waits) {
        due.add(job);
      }
    }
    return due;
  }

  /** Whether the locator gave no answer when it was last asked. */
  boolean isUnreachable() {
    return unreachable;
  }

  /**
   * Asks the locator, unless it is being asked already; if it does not answer, what is known stays.
   * To be called now and then.
   */
  void refresh() {
    if (asking) {
      return;
    }
    CompletableFuture<JobsView> answer = directory.jobs(view, group, MODELS, PATIENCE_MS);
    asking = true;
    answer
        .orTimeout(PATIENCE_MS + ANSWER_MS, TimeUnit.MILLISECONDS)
        .whenComplete((now, failure) -> thread.execute(() -> answered(now, failure)));
  }

  private void answered(JobsView now, Throwable failure) {
    asking = false;
    if (failure == null) {
      take(now);
    } else {
      unheard(failure);
    }
    heard.run();
  }

  private void take(JobsView now) {
    try {
      unreachable = false;
      long nowNs = nanoClock.getAsLong();
      if (!view.isReplacedBy(now) || hasSettled(now, nowNs)) {
        if (!view.hasBegun()) {
          olderJobsNs = nowNs + SETTLE_NS;
        }
        view = now;
      }
    } catch (ExecutionException | TimeoutException e) {
      unheard(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void unheard(Throwable failure) {
    if (!unreachable) {
      LOG.info("The warm-up jobs are not known anew: {}", failure.toString());
    }
    unreachable = true;
  }

  private boolean hasSettled(JobsView now, long nowNs)
      throws ExecutionException, TimeoutException, InterruptedException {
    if (!now.hasBegun()) {
      return false;
    }
    if (!next.hasBegun() || next.isReplacedBy(now)) {
      for (WarmupJob job : view.jobs()) {
        if (now.job(job.id()).isEmpty()) {
          LOG.info("The locator's directory is a new one: job {} is submitted again", job.id());
          await(directory.submit(job));
        }
      }
      next = now;
      settledNs = nowNs + SETTLE_NS;
      if (nowNs - olderJobsNs < 0) {
        // The directory before was not settled either.
        olderJobsNs = settledNs;
      }
      moved.run();
    }
    return nowNs - settledNs >= 0;
  }

  private static <T> T await(CompletableFuture<T> answer)
      throws ExecutionException, TimeoutException, InterruptedException {
    return answer.get(ANSWER_MS, TimeUnit.MILLISECONDS);
  }
}
