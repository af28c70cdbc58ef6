// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.JobDirectory;
import io.mows.p2p.locator.JobsView;
import io.mows.p2p.locator.WarmupJob;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The warm-up jobs as the locator told them last. They outlive it: when another worker has begun to
 * host the locator with an empty directory, whoever notices submits again what he knows, and all
 * work on as before until everybody has had the time to announce himself there. For one thread.
 */
final class KnownJobs {
  private static final Logger LOG = LoggerFactory.getLogger(KnownJobs.class);
  private static final long ANSWER_MS = 3_000;
  private static final int MODELS = 20;

  /** Several heartbeats: by then all workers that live are in a new directory. */
  static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(15);

  private final JobDirectory directory;
  private final String group;
  private final Runnable moved;
  private JobsView view = JobsView.NONE;
  private JobsView next = JobsView.NONE;
  private long settledNs;
  private boolean unreachable;

  /**
   * @param group whose most used models are wanted
   * @param moved is called when another directory has taken over: it lacks all reports
   */
  KnownJobs(JobDirectory directory, String group, Runnable moved) {
    this.directory = directory;
    this.group = group;
    this.moved = moved;
  }

  JobsView view() {
    return view;
  }

  /** Whether the locator gave no answer when it was last asked. */
  boolean isUnreachable() {
    return unreachable;
  }

  /** Asks the locator; if it does not answer, what is known stays. */
  void refresh(long nowNs) {
    try {
      JobsView now = await(directory.jobs(view, group, MODELS));
      unreachable = false;
      if (!view.isReplacedBy(now) || hasSettled(now, nowNs)) {
        view = now;
      }
    } catch (ExecutionException | TimeoutException e) {
      if (!unreachable) {
        LOG.info("The warm-up jobs are not known anew: {}", e.toString());
      }
      unreachable = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
      moved.run();
    }
    return nowNs - settledNs >= 0;
  }

  private static <T> T await(CompletableFuture<T> answer)
      throws ExecutionException, TimeoutException, InterruptedException {
    return answer.get(ANSWER_MS, TimeUnit.MILLISECONDS);
  }
}
