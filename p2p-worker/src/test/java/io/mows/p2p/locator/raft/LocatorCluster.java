// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.Eventually;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.protocol.EntryFactory;
import io.mows.p2p.locator.raft.RaftLocatorSettings.Timing;
import io.mows.p2p.locator.wire.MessageSeal;
import io.mows.p2p.locator.wire.Seals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The members of one locator group, in this process, on the loopback. */
final class LocatorCluster implements AutoCloseable {
  /** Elections in a fifth of a second, a snapshot every 50 entries, small log files. */
  static final Timing FAST = new Timing(200, 500, 3_000, 1_000, 50, 16 << 10);

  private final Path dir;
  private RaftLocatorSettings settings;
  private final RaftMember[] members;

  LocatorCluster(Path dir, int size, MessageSeal seal, Optional<LocatorTls> tls)
      throws IOException {
    this(dir, size, seal, tls, FAST);
  }

  LocatorCluster(Path dir, int size, MessageSeal seal, Optional<LocatorTls> tls, Timing timing)
      throws IOException {
    this.dir = dir;
    this.settings = new RaftLocatorSettings(freeAddresses(size), seal, tls, timing);
    this.members = new RaftMember[size];
  }

  /** Members that are started from now on have this one. */
  void use(MessageSeal seal) {
    settings = new RaftLocatorSettings(settings.members(), seal, settings.tls(), settings.timing());
  }

  static LocatorCluster started(Path dir, int size) throws Exception {
    LocatorCluster cluster = new LocatorCluster(dir, size, Seals.insecure(), Optional.empty());
    cluster.startAll();
    return cluster;
  }

  static List<String> freeAddresses(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      addresses.add("127.0.0.1:" + socket.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return addresses;
  }

  RaftLocatorSettings settings() {
    return settings;
  }

  int size() {
    return members.length;
  }

  RaftMember member(int index) {
    return members[index];
  }

  Path dir(int index) {
    return dir.resolve("member-" + index);
  }

  void start(int index) throws IOException {
    members[index] =
        RaftMember.start(
            settings, "127.0.0.1", settings.members().get(index), dir(index), LocatorEvents.NONE);
  }

  void stop(int index) {
    members[index].close();
    members[index] = null;
  }

  void startAll() throws Exception {
    for (int i = 0; i < members.length; i++) {
      start(i);
    }
    leader();
  }

  void stopAll() {
    for (int i = 0; i < members.length; i++) {
      if (members[i] != null) {
        stop(i);
      }
    }
  }

  /** Waits for a leader and returns its index. */
  int leader() throws Exception {
    int[] leader = {-1};
    Eventually.until(
        "leader",
        () -> {
          for (int i = 0; i < members.length; i++) {
            if (members[i] != null && members[i].isLeader()) {
              leader[0] = i;
              return true;
            }
          }
          return false;
        });
    return leader[0];
  }

  /** Writes as a worker does: again, until it is in. */
  static void write(RaftTransport transport, byte[] entry) throws Exception {
    Eventually.until(
        "leader that takes an entry",
        () -> {
          try {
            return EntryFactory.isOk(transport.write(entry).get(1, TimeUnit.MINUTES));
          } catch (ExecutionException e) {
            return false;
          }
        });
  }

  /** A member that runs and does not lead. */
  int follower() throws Exception {
    int leader = leader();
    for (int i = 0; i < members.length; i++) {
      if (i != leader && members[i] != null) {
        return i;
      }
    }
    throw new IllegalStateException("no follower runs");
  }

  @Override
  public void close() {
    stopAll();
  }
}
