// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import alluxio.metrics.MetricsSystem;
import alluxio.util.logging.SamplingLogger;
import com.codahale.metrics.Counter;
import com.codahale.metrics.Timer;
import io.mows.p2p.locator.LocatorEvents;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this worker gets on with the locator, in Alluxio's metrics. Thread-safe. */
public final class LocatorMetrics implements LocatorEvents {
  private static final Logger LOG = LoggerFactory.getLogger(LocatorMetrics.class);
  private static final Logger SAMPLED = new SamplingLogger(LOG, TimeUnit.MINUTES.toMillis(1));

  private final Timer announcements = MetricsSystem.timer("Worker.MowsLocatorAnnouncements");
  private final Timer lookups = MetricsSystem.timer("Worker.MowsLocatorLookups");
  private final Counter failures = MetricsSystem.counter("Worker.MowsLocatorFailures");
  private final Counter outages = MetricsSystem.counter("Worker.MowsLocatorOutages");
  private final Counter turnedAway = MetricsSystem.counter("Worker.MowsLocatorTurnedAway");
  private volatile String memberObstacle = "";

  @Override
  public void announced(int changes, boolean full, long elapsedNs) {
    announcements.update(elapsedNs, TimeUnit.NANOSECONDS);
  }

  @Override
  public void announceFailed(Throwable failure) {
    failures.inc();
    SAMPLED.warn("The locator did not take an announcement: {}", failure.toString());
  }

  @Override
  public void lookedUp(boolean fromCache, long elapsedNs) {
    if (!fromCache) {
      lookups.update(elapsedNs, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void lookupFailed(Throwable failure) {
    failures.inc();
    SAMPLED.warn("The locator did not answer: {}", failure.toString());
  }

  @Override
  public void reachable(boolean up) {
    if (up) {
      LOG.info("The locator is there");
    } else {
      outages.inc();
      LOG.warn("The locator cannot be reached; sharing goes on with the peers that are known");
    }
  }

  @Override
  public void directoryReplaced() {
    LOG.info("The locator has started anew; everything is announced again");
  }

  @Override
  public void memberObstacle(String why) {
    memberObstacle = why;
  }

  /** Why the member of the locator that this worker should host does not run; empty if it may. */
  public String memberObstacle() {
    return memberObstacle;
  }

  @Override
  public void turnedAway() {
    turnedAway.inc();
  }
}
