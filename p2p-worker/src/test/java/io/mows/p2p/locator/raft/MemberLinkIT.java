// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mows.p2p.locator.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
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
    try (LocatorCluster cluster = LocatorCluster.started(dir, 1);
        Road road = new Road(cluster.settings().members().get(0));
        MemberChannels channels = new MemberChannels(Optional.empty())) {
      MemberLink link = link(road.address(), channels, cluster);
      assertInstanceOf(TimeoutException.class, failureOf(link.read(ANYTHING, SHORT_MS)));
      assertNotNull(link.read(ANYTHING, LONG_MS).get(LONG_MS, TimeUnit.MILLISECONDS));
    }
  }

  /** gRPC would wait for up to two minutes between its attempts to connect. */
  @Test
  void shouldConnectAtOnceWhenAMemberIsBack(@TempDir Path dir) throws Exception {
    try (LocatorCluster cluster = LocatorCluster.started(dir, 1);
        MemberChannels channels = new MemberChannels(Optional.empty())) {
      MemberLink link = link(cluster.settings().members().get(0), channels, cluster);
      cluster.stop(0);
      for (int i = 0; i < 10; i++) {
        assertNotNull(failureOf(link.read(ANYTHING, LONG_MS)));
      }
      cluster.start(0);
      assertNotNull(link.read(ANYTHING, LONG_MS).get(SHORT_MS * 10, TimeUnit.MILLISECONDS));
    }
  }

  @Test
  void shouldEndItsThreadWithItsConnections(@TempDir Path dir) throws Exception {
    try (LocatorCluster cluster = LocatorCluster.started(dir, 1)) {
      MemberChannels channels = new MemberChannels(Optional.empty());
      MemberLink link = link(cluster.settings().members().get(0), channels, cluster);
      assertNotNull(link.read(ANYTHING, LONG_MS).get(LONG_MS, TimeUnit.MILLISECONDS));
      channels.close();
      Await.until("the end of the I/O thread", () -> !hasThread("mows-locator-io"));
      assertInstanceOf(IllegalStateException.class, failureOf(linkTo(channels, cluster)));
    }
  }

  private static CompletableFuture<RaftClientReply> linkTo(
      MemberChannels channels, LocatorCluster cluster) {
    return link("127.0.0.1:1", channels, cluster).read(ANYTHING, LONG_MS);
  }

  private static boolean hasThread(String name) {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).anyMatch(name::equals);
  }

  private static MemberLink link(String address, MemberChannels channels, LocatorCluster cluster) {
    return new MemberLink(
        address, channels, ClientId.randomId(), RaftNames.groupId(cluster.settings().members()));
  }

  private static Throwable failureOf(CompletableFuture<RaftClientReply> reply) {
    return assertThrows(ExecutionException.class, () -> reply.get(LONG_MS, TimeUnit.MILLISECONDS))
        .getCause();
  }

  /** A way to a member on which the first connection gets nowhere. */
  private static final class Road implements AutoCloseable {
    private final ServerSocket entrance = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final int target;

    Road(String target) throws IOException {
      this.target = RaftNames.port(target);
      start(
          () -> {
            open.add(entrance.accept());
            while (!entrance.isClosed()) {
              carry(entrance.accept());
            }
          });
    }

    String address() {
      return "127.0.0.1:" + entrance.getLocalPort();
    }

    private void carry(Socket from) throws IOException {
      Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
      open.addAll(List.of(from, to));
      start(() -> from.getInputStream().transferTo(to.getOutputStream()));
      start(() -> to.getInputStream().transferTo(from.getOutputStream()));
    }

    private void start(Step step) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  step.run();
                } catch (IOException e) {
                  // The way is closed, or one of its ends.
                }
              },
              "road");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() {
      try {
        entrance.close();
        for (Socket socket : open) {
          socket.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private interface Step {
      void run() throws IOException;
    }
  }
}
