// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannels;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.channel.security.ClusterTrust;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers on real connections: whether one reaches the other where that says it is. */
final class DialBackTest {
  private static final ClusterTrust TRUST =
      ClusterTrust.of(new byte[ClusterTrust.ID_BYTES], List.of(new byte[32]));

  private final List<Worker> workers = new ArrayList<>();

  @AfterEach
  void close() {
    workers.forEach(Worker::close);
  }

  private static int freePort(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }

  private static String at(String host, int port) {
    return (host.contains(":") ? "[" + host + "]:" : host + ":") + port;
  }

  private Worker start(String id, String host, int port, String announced) throws IOException {
    return start(id, host, port, announced, TRUST);
  }

  private Worker start(String id, String host, int port, String announced, ClusterTrust trust)
      throws IOException {
    Worker worker = new Worker(id, host, port, announced, trust);
    workers.add(worker);
    return worker;
  }

  private static Optional<String> ask(Worker asking, String peerAddress) throws Exception {
    return asking.ask(peerAddress).get(1, TimeUnit.MINUTES);
  }

  /** Who listens on 0.0.0.0, which is the default, listens for IPv6 as well. */
  @ParameterizedTest
  @CsvSource({"127.0.0.1,127.0.0.1", "::1,::1", "0.0.0.0,127.0.0.1", "0.0.0.0,::1"})
  void shouldSayThatAWorkerIsReached(String bound, String host) throws Exception {
    int peerPort = freePort(host);
    int port = freePort(host);
    String peer = at(host, peerPort);
    start("peer", bound, peerPort, peer);
    Worker self = start("self", bound, port, at(host, port));
    assertEquals(Optional.empty(), ask(self, peer));
    assertEquals(Optional.empty(), ask(self, peer), "again");
    assertEquals(List.of(), self.events, "nobody has become a neighbour");
    assertEquals(List.of(), workers.get(0).events);
  }

  /** As behind NAT: it reaches the other one, which does not reach it. */
  @Test
  void shouldSayWhyAWorkerIsNotReached() throws Exception {
    int peerPort = freePort("127.0.0.1");
    int wrongPort = freePort("127.0.0.1");
    String peer = at("127.0.0.1", peerPort);
    start("peer", "127.0.0.1", peerPort, peer);
    Worker self = start("self", "127.0.0.1", freePort("127.0.0.1"), at("127.0.0.1", wrongPort));
    String why = ask(self, peer).orElseThrow();
    assertTrue(why.contains("127.0.0.1:" + wrongPort), why);
    String told = workers.get(0).reachability.unreached().get(0);
    assertTrue(told.startsWith("self at 127.0.0.1:" + wrongPort + ": "), told);
  }

  @Test
  void shouldSayThatAnotherWorkerIsThere() throws Exception {
    int peerPort = freePort("127.0.0.1");
    String peer = at("127.0.0.1", peerPort);
    start("peer", "127.0.0.1", peerPort, peer);
    int otherPort = freePort("127.0.0.1");
    start("other", "127.0.0.1", otherPort, at("127.0.0.1", otherPort));
    Worker self = start("self", "127.0.0.1", freePort("127.0.0.1"), at("127.0.0.1", otherPort));
    assertEquals("another worker, other, answers there", ask(self, peer).orElseThrow());
  }

  /** Anybody could have it dial anything. */
  @Test
  void shouldDialNobodyForStrangers() throws Exception {
    int peerPort = freePort("127.0.0.1");
    String peer = at("127.0.0.1", peerPort);
    ClusterTrust insecure = ClusterTrust.insecure(new byte[ClusterTrust.ID_BYTES]);
    Worker asked = start("peer", "127.0.0.1", peerPort, peer, insecure);
    int port = freePort("127.0.0.1");
    Worker self = start("self", "127.0.0.1", port, at("127.0.0.1", port), insecure);
    CompletableFuture<Optional<String>> answer = self.ask(peer);
    while (!answer.isDone()) {
      self.sweep(TimeUnit.SECONDS.toNanos(20));
      asked.sweep(TimeUnit.SECONDS.toNanos(20));
      Thread.sleep(20);
    }
    assertThrows(ExecutionException.class, answer::get);
  }

  @Test
  void shouldTellOfThePeerThatWasAsked() throws Exception {
    PeerInfo self = info("self", "self:1");
    Reachability reachability = new Reachability(self);
    reachability.askBy(
        address ->
            address.equals("a:1")
                ? CompletableFuture.failedFuture(new IOException("no route"))
                : CompletableFuture.completedFuture(Optional.of("timed out")));
    reachability.find(List.of(self, info("a", "a:1")));
    assertEquals(Optional.of("a: no route"), reachability.silent());
    reachability.find(List.of(self, info("a", "a:1"), info("b", "b:1")));
    assertEquals(Optional.of("b"), reachability.answeredBy());
    assertEquals(Optional.of("timed out"), reachability.obstacle());
    assertEquals(Optional.empty(), reachability.silent());
    reachability.find(List.of(self));
    assertEquals(Optional.empty(), reachability.answeredBy(), "nobody is there any more");
  }

  private static PeerInfo info(String id, String address) {
    return new PeerInfo(id, address, "chat", PeerRole.INSTANCE);
  }

  private static final class Worker implements PeerEvents {
    private final ExecutorService engine = Executors.newSingleThreadExecutor();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final PeerNetwork network;
    private final Reachability reachability;
    private final AtomicLong skippedNs = new AtomicLong();

    Worker(String id, String host, int port, String announced, ClusterTrust trust)
        throws IOException {
      ChannelSettings settings =
          ChannelSettings.builder(id).bind(host, port).trust(() -> trust).build();
      network =
          new PeerNetwork(
              info(id, announced),
              1,
              DataChannels.load().choose(ChannelChoice.TCP),
              settings,
              task -> {
                engine.execute(task);
                return true;
              },
              this,
              HostResolver.SYSTEM,
              () -> System.nanoTime() + skippedNs.get());
      reachability = new Reachability(info(id, announced));
      network.serve(reachability);
      network.listen();
    }

    CompletableFuture<Optional<String>> ask(String peerAddress) {
      return reachability.ask(peerAddress);
    }

    void sweep(long laterNs) {
      skippedNs.addAndGet(laterNs);
      engine.execute(network::sweep);
    }

    void close() {
      network.close();
      engine.shutdown();
    }

    @Override
    public void connected(long peerId, Role role, boolean incoming, boolean important) {
      events.add("connected");
    }

    @Override
    public void lanes(long peerId, int count) {}

    @Override
    public void disconnected(long peerId, Cause cause) {
      events.add("disconnected");
    }

    @Override
    public int pieceCount(long fileId) {
      return -1;
    }

    @Override
    public void received(long peerId, SwarmMessage message) {
      events.add("received");
    }

    @Override
    public void requested(
        long peerId, PieceRequest request, CompletableFuture<PieceAnswer> answer) {}
  }
}
