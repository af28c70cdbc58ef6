// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of a cluster that configured none: asks {@link HostElection} where it is, hosts it
 * if it is here, moves on when the host goes, and back when it was only slow. Has one thread,
 * {@code mows-locator-auto}.
 */
public final class AutoTransport implements LocatorTransport {
  private static final Logger LOG = LoggerFactory.getLogger(AutoTransport.class);
  private static final long SHUTDOWN_MS = 15_000;

  private final String selfAddress;
  private final WorkerListSource source;
  private final LocatorHosting hosting;
  private final LongSupplier nanoClock;
  private final HostElection election = new HostElection();
  private final ListInterval interval = new ListInterval();
  private final ScheduledThreadPoolExecutor loop;
  private final HostProbe probe;
  private final AbsentWorkers absentWorkers;
  private List<WorkerRef> lastWorkers = List.of();
  private String listFailure = "";
  private volatile LocatorPlace place = LocatorPlace.NONE;

  /**
   * @param selfAddress this worker's locator address, as the worker list names it
   * @param pollMs how often the worker list is read while the host is being found; see {@link
   *     ListInterval}
   */
  public AutoTransport(
      String selfAddress,
      WorkerListSource source,
      LocatorHosting hosting,
      long pollMs,
      LongSupplier nanoClock) {
    this.selfAddress = selfAddress;
    this.source = source;
    this.hosting = hosting;
    this.nanoClock = nanoClock;
    this.loop = NamedThreads.scheduled("mows-locator-auto");
    this.probe = new HostProbe(hosting, loop, selfAddress, this::answers);
    this.absentWorkers = new AbsentWorkers(hosting::isAbsent, loop, this::absent);
    this.loop.scheduleWithFixedDelay(this::poll, 0, pollMs, TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletableFuture<byte[]> write(byte[] entry) {
    LocatorPlace current = place;
    return watch(current, current.transport().write(entry));
  }

  @Override
  public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
    return place.transport().read(query, patienceMs);
  }

  @Override
  public String describe() {
    return place.transport().describe();
  }

  @Override
  public List<String> clocksOff() {
    return place.transport().clocksOff();
  }

  /** Whether the directory is hosted here. */
  public boolean isHost() {
    return place.isHere();
  }

  private CompletableFuture<byte[]> watch(LocatorPlace used, CompletableFuture<byte[]> reply) {
    return reply.whenComplete((bytes, error) -> loop.execute(() -> judge(used, error)));
  }

  private void judge(LocatorPlace used, Throwable error) {
    if (used != place || used == LocatorPlace.NONE) {
      return;
    }
    if (error == null) {
      election.answered();
      return;
    }
    interval.disturbed();
    if (election.failed(nowMs())) {
      LOG.warn("The locator at {} does not answer; the next worker hosts it", used.host());
      if (!used.isHere()) {
        election.passOver();
      } else {
        election.unable(nowMs());
      }
      follow();
    }
  }

  private void answers(WorkerRef passedOver) {
    LOG.info("{} answers again, the locator is there", passedOver);
    election.answers(passedOver);
    follow();
  }

  private void absent(WorkerRef worker) {
    LOG.info("{} is no worker with MoWS; the locator is at the next one", worker);
    election.absent(worker);
    follow();
  }

  private void poll() {
    // Before a host is chosen anew: that one has until the next turn to answer.
    absentWorkers.look(election.doubtful(lastWorkers, selfAddress, AbsentWorkers.MAX_WORKERS));
    if (interval.isDue()) {
      readList();
    }
    follow();
    probe.probe(election.passedOver(), nowMs());
  }

  private void readList() {
    try {
      lastWorkers = source.workers();
      interval.read(lastWorkers);
      listFailure = "";
    } catch (IOException | RuntimeException e) {
      interval.disturbed();
      if (!listFailure.equals(e.toString())) {
        listFailure = e.toString();
        LOG.warn("The list of workers cannot be read; the locator stays where it is", e);
      }
    }
  }

  private void follow() {
    Optional<WorkerRef> host = election.decide(lastWorkers, nowMs());
    if (host.isPresent() && host.map(WorkerRef::locatorAddress).equals(place.address())) {
      // Also if it counts as started anew, which all do when another master leads.
      return;
    }
    LocatorPlace old = place;
    place = host.map(this::open).orElse(LocatorPlace.NONE);
    old.close();
  }

  private LocatorPlace open(WorkerRef host) {
    AutoCloseable member = null;
    if (host.locatorAddress().equals(selfAddress)) {
      try {
        member = hosting.host(selfAddress);
      } catch (IOException e) {
        LOG.warn("This worker should host the locator and cannot; the next one does", e);
        election.unable(nowMs());
        return LocatorPlace.NONE;
      }
    }
    return connect(host, member);
  }

  /**
   * @param member ends if there is no way to it; null if another worker hosts the directory
   */
  private LocatorPlace connect(WorkerRef host, AutoCloseable member) {
    LocatorTransport transport;
    try {
      transport = hosting.connect(host.locatorAddress());
    } catch (RuntimeException e) {
      LOG.error("This worker cannot talk to the locator at {}; it is tried again", host, e);
      if (member != null) {
        new LocatorPlace(host, member, Nowhere.INSTANCE).close();
        election.unable(nowMs());
      }
      return LocatorPlace.NONE;
    }
    LOG.info("The locator is at {}{}", host, member == null ? "" : ", this worker");
    return new LocatorPlace(host, member, transport);
  }

  private long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong());
  }

  @Override
  public void close() {
    loop.shutdown();
    try {
      loop.awaitTermination(SHUTDOWN_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    probe.close();
    absentWorkers.close();
    LocatorPlace last = place;
    place = LocatorPlace.NONE;
    last.close();
  }
}
