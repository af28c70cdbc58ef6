// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.raft.SnapshotStore.CorruptSnapshotException;
import io.mows.p2p.locator.wire.SealException;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.rpc.CallId;
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
  private final RaftGroup group;
  private final ScheduledExecutorService keeper;
  private RaftServer server;
  private FrontDoor door;
  private LocatorStateMachine stateMachine;
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
    this.group = settings.group();
    // Ratis starts every group that it finds, so one of another member list must not be seen.
    this.dir = dir.resolve(group.getGroupId().getUuid().toString());
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
      tryOpen();
    } catch (IOException e) {
      if (!isBecauseOf(e, cause -> cause instanceof SealException || isDamage(cause))) {
        throw e;
      }
      setAside(e);
      tryOpen();
    }
  }

  private void setAside(IOException why) throws IOException {
    boolean isSealed = isBecauseOf(why, cause -> cause instanceof SealException);
    String name = isSealed ? ".unopened-" : ".damaged-";
    Path aside = dir.resolveSibling(dir.getFileName() + name + System.currentTimeMillis());
    Files.move(dir, aside);
    LOG.error(
        "The locator's files in {} {} They are now in {}, where they may be deleted; this member"
            + " starts empty and gets everything from the other members, or, if there are none,"
            + " from the workers.",
        dir,
        isSealed
            ? "cannot be opened with this worker's secrets (is alluxio.mows.security.secret.file"
                + " another one, or alluxio.mows.security.insecure?)."
            : "are damaged: check the disk.",
        aside,
        why);
  }

  private void tryOpen() throws IOException {
    Files.createDirectories(dir);
    checkPort();
    LocatorStateMachine machine = new LocatorStateMachine(group.getGroupId(), settings.seal());
    RaftServer opened =
        RaftServer.newBuilder()
            .setServerId(RaftNames.peerId(address))
            .setGroup(group)
            .setStateMachine(machine)
            .setProperties(MemberProperties.server(settings, dir.toFile()))
            .setParameters(MemberProperties.parameters(settings))
            .setThreadGroup(new ThreadGroup("mows-locator"))
            .build();
    try {
      opened.start();
    } catch (IOException | RuntimeException e) {
      closeQuietly(opened);
      throw explained(e);
    }
    FrontDoor entrance =
        new FrontDoor(
            opened.getServerRpc().getInetSocketAddress().getPort(),
            settings.tls().isPresent(),
            FrontDoor.Limits.DEFAULT,
            events,
            System::nanoTime);
    try {
      entrance.open(bindHost, RaftNames.port(address));
    } catch (IOException e) {
      entrance.close();
      closeQuietly(opened);
      throw e;
    }
    door = entrance;
    server = opened;
    stateMachine = machine;
    LOG.info("This worker is member {} of the locator {}", address, settings.members());
  }

  /** Before Ratis does: gRPC does not give back its threads when it cannot have the port. */
  private void checkPort() throws IOException {
    int port = RaftNames.port(address);
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(bindHost, port));
    } catch (BindException e) {
      throw new IOException(
          "The locator cannot listen on port "
              + port
              + ": "
              + e.getMessage()
              + ". Free it, or set another one in alluxio.mows.locator.addresses on all workers.",
          e);
    }
  }

  private IOException explained(Exception failure) {
    return new IOException(
        "The locator cannot start from its files in " + dir + ": " + rootOf(failure), failure);
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Damaged files, in contrast to a taken port or lock, a full disk or missing rights. */
  private static boolean isDamage(Throwable cause) {
    String name = cause.getClass().getSimpleName();
    return cause instanceof CorruptSnapshotException
        || name.startsWith("Checksum")
        || name.startsWith("Corrupt")
        || name.equals("WireException")
        || name.equals("EOFException");
  }

  private static boolean isBecauseOf(Throwable failure, Predicate<Throwable> what) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).anyMatch(what);
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
      closeQuietly(server);
      door.close();
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
    if (!stateMachine.canReseal()
        || (resealedNs != 0 && nowNs - resealedNs < TimeUnit.MILLISECONDS.toNanos(pauseMs))) {
      return;
    }
    resealedNs = nowNs;
    SnapshotManagementRequest request =
        SnapshotManagementRequest.newCreate(
            ClientId.randomId(),
            RaftNames.peerId(address),
            group.getGroupId(),
            CallId.getAndIncrement(),
            SHUTDOWN_MS);
    server
        .snapshotManagementAsync(request)
        .whenComplete(
            (reply, error) -> {
              if (error != null || !reply.isSuccess()) {
                LOG.warn("The locator's files could not be sealed anew yet: {}", reply, error);
              }
            });
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
    return stateMachine;
  }

  synchronized RaftServer.Division division() throws IOException {
    return server.getDivision(group.getGroupId());
  }

  @Override
  public void close() {
    keeper.shutdown();
    synchronized (this) {
      isClosed = true;
      closeQuietly(server);
      door.close();
    }
    try {
      if (!keeper.awaitTermination(SHUTDOWN_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("The thread mows-locator-member did not end within {} ms", SHUTDOWN_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ratis closes the connections to the other members while a leader still uses them, and the
   * leader then starts what failed again and again, for ever. So the division, which is the leader,
   * is closed before.
   */
  private void closeQuietly(RaftServer ending) {
    try {
      ending.getDivision(group.getGroupId()).close();
    } catch (IOException | RuntimeException e) {
      LOG.debug("The division of {} was not open", address, e);
    }
    try {
      ending.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("The locator's member {} did not close cleanly", address, e);
    }
  }
}
