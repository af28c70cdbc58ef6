// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.raft.door.DoorLimits;
import io.mows.p2p.locator.raft.door.FrontDoor;
import io.mows.p2p.thread.Futures;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member from one start to its end: Ratis, the state machine behind it and the port in front of
 * it. Immutable.
 */
final class MemberRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemberRun.class);
  private static final long SNAPSHOT_MS = 20_000;

  private final String address;
  private final RaftGroupId group;
  private final RaftServer server;
  private final LocatorStateMachine stateMachine;
  private final FrontDoor door;

  private MemberRun(
      String address,
      RaftGroupId group,
      RaftServer server,
      LocatorStateMachine stateMachine,
      FrontDoor door) {
    this.address = address;
    this.group = group;
    this.server = server;
    this.stateMachine = stateMachine;
    this.door = door;
  }

  /**
   * Starts it. Does not wait until the group has a leader.
   *
   * @param bindHost the local address to listen on
   * @param address this worker's, as in the list of members
   * @param dir for the log and the snapshots of this group
   * @param events hears of connections that are turned away
   * @throws IOException if the port or the directory cannot be used, with the remedy
   */
  static MemberRun start(
      RaftLocatorSettings settings, String bindHost, String address, Path dir, LocatorEvents events)
      throws IOException {
    Files.createDirectories(dir);
    checkPort(bindHost, RaftNames.port(address));
    RaftGroupId group = settings.group().getGroupId();
    LocatorStateMachine machine = new LocatorStateMachine(group, settings.seal());
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftNames.peerId(address))
            .setGroup(settings.group())
            .setStateMachine(machine)
            .setProperties(MemberProperties.server(settings, dir.toFile()))
            .setParameters(MemberProperties.parameters(settings))
            .setThreadGroup(new ThreadGroup("mows-locator"))
            .build();
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      closeQuietly(server, group, address);
      throw new IOException(
          "The locator cannot start from its files in " + dir + ": " + Futures.rootOf(e), e);
    }
    FrontDoor door =
        new FrontDoor(
            server.getServerRpc().getInetSocketAddress().getPort(),
            settings.tls().isPresent(),
            DoorLimits.DEFAULT,
            events,
            System::nanoTime);
    try {
      door.open(bindHost, RaftNames.port(address));
    } catch (IOException | RuntimeException e) {
      door.close();
      closeQuietly(server, group, address);
      throw e;
    }
    return new MemberRun(address, group, server, machine, door);
  }

  /** Before Ratis does: gRPC does not give back its threads when it cannot have the port. */
  private static void checkPort(String bindHost, int port) throws IOException {
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

  LocatorStateMachine stateMachine() {
    return stateMachine;
  }

  RaftServer.Division division() throws IOException {
    return server.getDivision(group);
  }

  /** Has a snapshot taken. The log before it is not read again. */
  void takeSnapshot() {
    SnapshotManagementRequest request =
        SnapshotManagementRequest.newCreate(
            ClientId.randomId(),
            RaftNames.peerId(address),
            group,
            CallId.getAndIncrement(),
            SNAPSHOT_MS);
    server
        .snapshotManagementAsync(request)
        .whenComplete(
            (reply, error) -> {
              if (error != null || !reply.isSuccess()) {
                LOG.warn("The locator's files could not be sealed anew yet: {}", reply, error);
              }
            });
  }

  @Override
  public void close() {
    closeQuietly(server, group, address);
    door.close();
  }

  /**
   * Ratis closes the connections to the other members while a leader still uses them, and the
   * leader then starts what failed again and again, for ever. So the division, which is the leader,
   * is closed before.
   */
  private static void closeQuietly(RaftServer ending, RaftGroupId group, String address) {
    try {
      ending.getDivision(group).close();
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
