// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies at the origin below the paths of a job and can never be loaded, because Alluxio does
 * not show it. Looked at before the job is said to be complete, and now and then after that. One
 * worker of those with a share does it. For the warm-up thread.
 */
final class HiddenFailures {
  static final long AGAIN_NS = TimeUnit.MINUTES.toNanos(5);
  private static final int MAX_LINES = 20;
  private static final Logger LOG = LoggerFactory.getLogger(HiddenFailures.class);

  private final String peerId;
  private final WarmupFiles files;
  private List<Failure> failures = List.of();
  private WarmupJob job;
  private long lookedNs;

  HiddenFailures(String peerId, WarmupFiles files) {
    this.peerId = peerId;
    this.files = files;
  }

  /**
   * @param plan of the job, now
   * @param failed told of paths and reasons
   */
  void step(ShardPlan plan, long nowNs, BiConsumer<String, String> failed) {
    boolean isMine =
        plan.workers().stream()
            .map(worker -> worker.peer().id())
            .filter(id -> !plan.share(id).isEmpty())
            .findFirst()
            .filter(peerId::equals)
            .isPresent();
    if (!isMine) {
      job = null;
      return;
    }
    if (job != plan.job() || nowNs - lookedNs >= AGAIN_NS) {
      job = plan.job();
      lookedNs = nowNs;
      List<Failure> before = failures;
      failures = look();
      say(before);
    }
    failures.forEach(failure -> failed.accept(failure.path(), failure.reason()));
  }

  private void say(List<Failure> before) {
    Set<String> known = before.stream().map(Failure::path).collect(Collectors.toSet());
    failures.stream()
        .filter(failure -> !known.contains(failure.path()))
        .limit(MAX_LINES)
        .forEach(failure -> LOG.warn("{} cannot be loaded: {}", failure.path(), failure.reason()));
  }

  private List<Failure> look() {
    List<Failure> found = new ArrayList<>();
    for (String path : job.paths()) {
      try {
        found.addAll(files.hidden(path));
      } catch (IOException | RuntimeException e) {
        LOG.info("What is hidden below {} is not known: {}", path, e.toString());
      }
    }
    return found;
  }
}
