// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mows.channel.security.ClusterTrust;
import io.mows.p2p.Eventually;
import io.mows.p2p.locator.wire.Seals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One client's connection to one member. */
final class MemberLinkIT {
  private static final Message ANYTHING = RatisBytes.message(new byte[] {1});
  private static final long SHORT_MS = 300;
  private static final long LONG_MS = 20_000;

  /** The machine behind a connection may be gone without a word; the system notices in minutes. */
  @Test
  void shouldConnectAnewWhenNothingIsHeard(@TempDir Path dir) throws Exception {
    try (LocatorCluster cluster = new LocatorCluster(dir, 1, Seals.insecure(), Optional.empty());
        MemberChannels channels = new MemberChannels(Optional.empty())) {
      String address = cluster.settings().members().get(0);
      MemberLink link = link(address, channels, cluster.settings().members());
      try (Socket silent = connectionOf(link, address)) {
        cluster.startAll();
        assertNotNull(link.read(ANYTHING, LONG_MS).get(LONG_MS, TimeUnit.MILLISECONDS));
        silent.setSoTimeout((int) LONG_MS);
        silent.getInputStream().readAllBytes(); // returns when the link has closed it
      }
    }
  }

  /** Takes the place of the member until the link has connected, and says nothing. */
  private static Socket connectionOf(MemberLink link, String address) throws IOException {
    try (ServerSocket place =
        new ServerSocket(RaftNames.port(address), 1, InetAddress.getLoopbackAddress())) {
      place.setSoTimeout((int) LONG_MS);
      CompletableFuture<RaftClientReply> reply = link.read(ANYTHING, SHORT_MS);
      Socket silent = place.accept();
      assertInstanceOf(TimeoutException.class, failureOf(reply));
      return silent;
    }
  }

  /** gRPC would wait for up to two minutes between its attempts to connect. */
  @Test
  void shouldConnectAtOnceWhenAMemberIsBack(@TempDir Path dir) throws Exception {
    try (LocatorCluster cluster = LocatorCluster.started(dir, 1);
        MemberChannels channels = new MemberChannels(Optional.empty())) {
      MemberLink link =
          link(cluster.settings().members().get(0), channels, cluster.settings().members());
      cluster.stop(0);
      for (int i = 0; i < 10; i++) {
        assertNotNull(failureOf(link.read(ANYTHING, LONG_MS)));
      }
      cluster.start(0);
      assertNotNull(link.read(ANYTHING, LONG_MS).get(SHORT_MS * 10, TimeUnit.MILLISECONDS));
    }
  }

  /** gRPC may be about to connect by itself, or to wait for that, whenever a request comes. */
  @Test
  void shouldTryAgainWithEveryRequest() throws Exception {
    List<String> nobody = LocatorCluster.freeAddresses(1);
    try (MemberChannels channels = new MemberChannels(Optional.empty())) {
      MemberLink link = link(nobody.get(0), channels, nobody);
      for (int i = 0; i < 10; i++) {
        assertInstanceOf(StatusRuntimeException.class, failureOf(link.read(ANYTHING, LONG_MS)));
        connectionOf(link, nobody.get(0)).close();
      }
    }
  }

  @Test
  void shouldEndItsThreadWithItsConnections(@TempDir Path dir) throws Exception {
    try (LocatorCluster cluster = LocatorCluster.started(dir, 1)) {
      MemberChannels channels = new MemberChannels(Optional.empty());
      MemberLink link =
          link(cluster.settings().members().get(0), channels, cluster.settings().members());
      assertNotNull(link.read(ANYTHING, LONG_MS).get(LONG_MS, TimeUnit.MILLISECONDS));
      channels.close();
      Eventually.until("the end of the I/O thread", () -> !hasThread("mows-locator-io"));
      MemberLink late = link("127.0.0.1:1", channels, cluster.settings().members());
      assertInstanceOf(IllegalStateException.class, failureOf(late.read(ANYTHING, LONG_MS)));
    }
  }

  private static boolean hasThread(String name) {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).anyMatch(name::equals);
  }

  private static MemberLink link(String address, MemberChannels channels, List<String> members) {
    return new MemberLink(
        address,
        channels,
        ClientId.randomId(),
        RaftNames.groupId(members, ClusterTrust.insecure()));
  }

  private static Throwable failureOf(CompletableFuture<RaftClientReply> reply) {
    return assertThrows(ExecutionException.class, () -> reply.get(LONG_MS, TimeUnit.MILLISECONDS))
        .getCause();
  }
}
