// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a locator group, hosted in this worker. It looks after itself: a thread, {@code
 * mows-locator-member}, starts it again when Ratis has closed it (a full disk, say), and sets
 * damaged files aside, because the others have all that was in them, and if there are no others the
 * peers announce it again. Thread-safe.
 *
 * <p>Threads that are left after {@link #close}, all daemons, one set for the process: Ratis'
 * {@code timer0} to {@code timer7}, which nothing can end; gRPC's shared pools ({@code grpc-...})
 * for a second, or for good if a start failed because of damaged files.
 */
public final class RaftMember implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RaftMember.class);
  private static final long CHECK_MS = 1_000;
  private static final long SHUTDOWN_MS = 20_000;

  /** Elections from one snapshot to the next while a leader still seals with an older secret. */
  private static final int RESEAL_ELECTIONS = 15;

  private final RaftLocatorSettings settings;
  private final String bindHost;
  private final String address;
  private final Path dir;
  private final LocatorEvents events;
  private final ScheduledExecutorService keeper;
  private MemberRun run;
  private long resealedNs;
  private boolean isClosed;

  private RaftMember(
      RaftLocatorSettings settings,
      String bindHost,
      String address,
      Path dir,
      LocatorEvents events) {
    this.settings = settings;
    this.bindHost = bindHost;
    this.address = address;
    this.events = events;
    // Ratis starts every group that it finds, so one of another member list must not be seen.
    this.dir = dir.resolve(settings.group().getGroupId().getUuid().toString());
    this.keeper =
        Executors.newSingleThreadScheduledExecutor(NamedThreads.one("mows-locator-member"));
  }

  /**
   * Starts a member. Does not wait until the group has a leader.
   *
   * @param bindHost the local address to listen on, {@code 0.0.0.0} for all
   * @param address this worker's, as in the list of members
   * @param dir for the log and the snapshots
   * @param events hears of connections that are turned away
   * @throws IOException if the port or the directory cannot be used, with the remedy
   */
  public static RaftMember start(
      RaftLocatorSettings settings, String bindHost, String address, Path dir, LocatorEvents events)
      throws IOException {
    if (!settings.members().contains(address)) {
      throw new IllegalArgumentException(
          "This worker, " + address + ", is not a member of the locator " + settings.members());
    }
    RatisProcess.contain();
    RaftMember member = new RaftMember(settings, bindHost, address, dir, events);
    try {
      member.open();
    } catch (IOException e) {
      member.keeper.shutdown();
      throw e;
    }
    member.keeper.scheduleWithFixedDelay(member::keep, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
    return member;
  }

  private synchronized void open() throws IOException {
    try {
      run = MemberRun.start(settings, bindHost, address, dir, events);
    } catch (IOException e) {
      if (!BadFiles.areTheReason(e)) {
        throw e;
      }
      BadFiles.setAside(dir, e);
      run = MemberRun.start(settings, bindHost, address, dir, events);
    }
    LOG.info("This worker is member {} of the locator {}", address, settings.members());
  }

  private synchronized void keep() {
    if (isClosed) {
      return;
    }
    if (isAlive()) {
      reseal();
      return;
    }
    LOG.warn("The locator's member {} has ended; it is started again", address);
    try {
      run.close();
      open();
    } catch (IOException | RuntimeException e) {
      LOG.error("The locator's member {} cannot be started again yet", address, e);
    }
  }

  /**
   * What was sealed with an older secret is written anew, so that the older one can be forgotten
   * some time later. As a snapshot: the log before it is not read again.
   */
  private void reseal() {
    long nowNs = System.nanoTime();
    long pauseMs = RESEAL_ELECTIONS * settings.timing().electionMs();
    if (!run.stateMachine().canReseal()
        || (resealedNs != 0 && nowNs - resealedNs < TimeUnit.MILLISECONDS.toNanos(pauseMs))) {
      return;
    }
    resealedNs = nowNs;
    run.takeSnapshot();
  }

  /** Whether it takes part in the group. */
  public synchronized boolean isAlive() {
    try {
      return !isClosed && division().getInfo().isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether it leads the group and is ready to. */
  public synchronized boolean isLeader() {
    try {
      return !isClosed && division().getInfo().isLeaderReady();
    } catch (IOException e) {
      return false;
    }
  }

  /** Peers and files in its directory, for tests and metrics. */
  synchronized LocatorStateMachine stateMachine() {
    return run.stateMachine();
  }

  synchronized RaftServer.Division division() throws IOException {
    return run.division();
  }

  @Override
  public void close() {
    keeper.shutdown();
    synchronized (this) {
      isClosed = true;
      run.close();
    }
    try {
      if (!keeper.awaitTermination(SHUTDOWN_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("The thread mows-locator-member did not end within {} ms", SHUTDOWN_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
