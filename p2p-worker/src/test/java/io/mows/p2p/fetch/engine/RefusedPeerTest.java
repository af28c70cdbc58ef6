// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.ChannelSettings;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.p2p.Eventually;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.state.MemoryLocator;
import io.mows.p2p.peer.HostResolver;
import io.mows.p2p.peer.PeerEvents;
import io.mows.p2p.peer.PeerNetwork;
import io.mows.p2p.peer.Peering;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that has enough neighbours does not count those that it refuses. */
final class RefusedPeerTest {
  /** More come than a worker takes that did not look for them. */
  private static final int PEERS = 2 * new SwarmSettings.Builder().build().degree(0) + 3;

  @TempDir Path directory;
  private final ExecutorService workerThread = Executors.newSingleThreadExecutor();
  private final ExecutorService peersThread = Executors.newSingleThreadExecutor();
  private final MemoryChannel.Network net = new MemoryChannel.Network();
  private final PeerInfo worker = info("worker", 1);
  private final List<Peer> peers = new ArrayList<>();
  private final LocatorClient locator =
      new LocatorClient(
          new LocatorSettings(3_000, 250, 600_000, 1_000, 2_000, 32, 32),
          worker,
          1,
          () -> PeerLoad.NONE,
          new MemoryLocator(),
          LocatorEvents.NONE,
          System::nanoTime);

  @AfterEach
  void endThreads() {
    peers.forEach(peer -> peer.network.close());
    locator.close();
    workerThread.shutdownNow();
    peersThread.shutdownNow();
  }

  private static PeerInfo info(String name, int port) {
    return new PeerInfo(name, "127.0.0.1:" + port, "default", PeerRole.INSTANCE);
  }

  private FetchEngine engine() throws IOException {
    Peering peering =
        new Peering(
            worker,
            1,
            locator,
            net.provider(workerThread),
            ChannelSettings.builder(worker.id()).bind("127.0.0.1", 1).build());
    CostStore store = new CostStore(directory);
    FetchEngine engine =
        FetchEngine.shared(
            TestWorker.settings(), store, store, new RecordingEvents(), System::nanoTime, peering);
    engine.listen();
    return engine;
  }

  /** What the engine's thread finds. */
  private static boolean hasNeighbours(FetchEngine engine) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    engine.post(in -> answer.complete(engine.core().state().peers().isAny()));
    return answer.join();
  }

  @Test
  void shouldHaveNoNeighboursWhenAllThatItTookAreGone() throws IOException {
    try (FetchEngine engine = engine()) {
      for (int p = 0; p < PEERS; p++) {
        Peer peer = new Peer(info("peer-" + p, 2 + p));
        peers.add(peer);
        peersThread.execute(() -> peer.dial());
      }
      Eventually.until(
          () -> peers.stream().allMatch(peer -> peer.isEnded || peer.isConnected),
          () -> "a peer has heard nothing");
      Eventually.until(
          () -> peers.stream().anyMatch(peer -> peer.isEnded), () -> "no peer was refused");
      Eventually.until(() -> hasNeighbours(engine), () -> "it has no neighbours");
      peers.forEach(peer -> peersThread.execute(() -> peer.network.disconnect(worker.idHash())));
      Eventually.until(
          () -> !hasNeighbours(engine), () -> "it still counts a peer that it has refused");
    }
  }

  private final class Peer implements PeerEvents {
    private final PeerNetwork network;
    private volatile boolean isConnected;

    /** It was refused, perhaps before it had greeted. */
    private volatile boolean isEnded;

    Peer(PeerInfo self) throws IOException {
      int port = Integer.parseInt(self.dataAddress().substring("127.0.0.1:".length()));
      this.network =
          new PeerNetwork(
              self,
              1,
              net.provider(peersThread),
              ChannelSettings.builder(self.id()).bind("127.0.0.1", port).build(),
              task -> {
                peersThread.execute(task);
                return true;
              },
              this,
              HostResolver.SYSTEM,
              System::nanoTime);
    }

    void dial() {
      network.know(worker);
      network.connect(worker.idHash(), false);
    }

    @Override
    public void connected(long peerId, Role role, boolean incoming, boolean important) {
      isConnected = true;
    }

    @Override
    public void disconnected(long peerId, Cause cause) {
      isEnded = true;
    }

    @Override
    public void lanes(long peerId, int count) {}

    @Override
    public int pieceCount(long fileId) {
      return -1;
    }

    @Override
    public void received(long peerId, SwarmMessage message) {}

    @Override
    public void requested(
        long peerId, PieceRequest request, CompletableFuture<PieceAnswer> answer) {}
  }
}
