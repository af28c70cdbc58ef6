// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannels;
import io.mows.channel.security.ClusterTrust;
import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.state.MemoryLocator;
import io.mows.p2p.peer.HostResolver;
import io.mows.p2p.peer.Peering;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Workers that share over real sockets, with a directory in memory. */
final class TestSwarm implements AutoCloseable {
  /** However busy the machine is, peers have said by then what they have. */
  private static final long SETTLE_MS = 500;

  private final Path directory;
  private final ChannelChoice channel;
  private final Optional<HostResolver> names;
  private final MemoryLocator locators = new MemoryLocator();
  private final List<LocatorClient> locator = new ArrayList<>();
  private final List<TestWorker> workers = new ArrayList<>();
  private final Map<TestWorker, HangingHost> hosts = new HashMap<>();
  private ClusterTrust trust = ClusterTrust.insecure();
  private int liars;

  TestSwarm(Path directory) {
    this(directory, ChannelChoice.TCP);
  }

  TestSwarm(Path directory, ChannelChoice channel) {
    this(directory, channel, Optional.empty());
  }

  /** The workers have names: {@code worker-0.test}, {@code worker-1.test} and so on. */
  TestSwarm(Path directory, HostResolver names) {
    this(directory, ChannelChoice.TCP, Optional.of(names));
  }

  private TestSwarm(Path directory, ChannelChoice channel, Optional<HostResolver> names) {
    this.directory = directory;
    this.channel = channel;
    this.names = names;
  }

  /** Workers that join from now on know each other by this; liars do not know it. */
  TestSwarm trusting(ClusterTrust newTrust) {
    trust = newTrust;
    return this;
  }

  TestWorker join() throws IOException {
    return join("default", PeerRole.INSTANCE);
  }

  TestWorker join(String group, PeerRole role) throws IOException {
    return join(group, role, TestWorker.settings());
  }

  /** A peer that is not a worker; see {@link LyingPeer}. */
  LyingPeer joinLying(LyingPeer.Lies lies) throws IOException {
    int number = liars++;
    int port = freePort();
    PeerInfo self =
        new PeerInfo("liar-" + number, "127.0.0.1:" + port, "default", PeerRole.INSTANCE);
    LocatorClient own = locator(self);
    return new LyingPeer(
        self,
        own,
        ChannelSettings.builder(self.id()).bind("127.0.0.1", port).build(),
        Files.createDirectory(directory.resolve("liar-" + number)),
        lies);
  }

  /** A worker that others dial by way of its {@link #host}. */
  TestWorker joinHanging() throws IOException {
    int port = freePort();
    HangingHost host = new HangingHost(port);
    TestWorker worker =
        join("default", PeerRole.INSTANCE, TestWorker.settings(), port, host.port());
    hosts.put(worker, host);
    return worker;
  }

  HangingHost host(TestWorker worker) {
    return hosts.get(worker);
  }

  private LocatorClient locator(PeerInfo self) {
    return new LocatorClient(
        new LocatorSettings(500, 20, 5_000, 0, 1_000, 32, 32),
        self,
        System.currentTimeMillis(),
        () -> PeerLoad.NONE,
        locators,
        LocatorEvents.NONE,
        System::nanoTime);
  }

  TestWorker join(String group, PeerRole role, FetchSettings settings) throws IOException {
    int port = freePort();
    return join(group, role, settings, port, port);
  }

  private TestWorker join(
      String group, PeerRole role, FetchSettings settings, int port, int dialledPort)
      throws IOException {
    int number = workers.size();
    String host = names.isPresent() ? "worker-" + number + ".test" : "127.0.0.1";
    PeerInfo self = new PeerInfo("worker-" + number, host + ":" + dialledPort, group, role);
    LocatorClient own = locator(self);
    Peering peering =
        new Peering(
            self,
            System.currentTimeMillis(),
            own,
            DataChannels.load().choose(channel),
            ChannelSettings.builder(self.id()).bind("127.0.0.1", port).trust(trust).build());
    peering = names.map(peering::resolvingBy).orElse(peering);
    TestWorker worker =
        new TestWorker(
            Files.createDirectory(directory.resolve("worker-" + number)),
            settings.settling(SETTLE_MS),
            peering);
    worker.engine.listen();
    locator.add(own);
    workers.add(worker);
    return worker;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The directory does not answer from now on. */
  void loseDirectory() {
    locators.setDown(true);
  }

  /** The directory takes what it is told but answers no question from now on. */
  void silenceDirectory() {
    locators.setSilent(true);
  }

  /** Waits until this worker knows that there is no other one. */
  void awaitAlone() {
    Eventually.until(() -> locator.get(0).health().isAlone(), () -> "" + locator.get(0).health());
  }

  /** Whether the directory has the proven digest of this file. */
  boolean knowsDigest(long fileId) {
    return locator.get(0).digest(fileId).join().isPresent();
  }

  /** What all workers have read from the origin. */
  long originBytes() {
    return workers.stream().mapToLong(w -> w.events.bytesFrom(FetchMetrics.Source.ORIGIN)).sum();
  }

  void leave(TestWorker worker) {
    locator.get(workers.indexOf(worker)).close();
    worker.close();
  }

  @Override
  public void close() throws IOException {
    for (HangingHost host : hosts.values()) {
      host.close();
    }
    for (TestWorker worker : workers) {
      leave(worker);
    }
    Eventually.until(
        () -> TestWorker.engineThreads().isEmpty(), () -> "threads " + TestWorker.engineThreads());
  }
}
