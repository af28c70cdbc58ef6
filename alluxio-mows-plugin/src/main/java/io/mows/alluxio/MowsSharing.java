// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.conf.AlluxioConfiguration;
import alluxio.util.network.NetworkAddressUtils;
import alluxio.util.network.NetworkAddressUtils.ServiceType;
import alluxio.worker.block.BlockStore;
import io.mows.alluxio.block.MemoryTier;
import io.mows.alluxio.check.AddressChecks;
import io.mows.alluxio.check.ClockChecks;
import io.mows.alluxio.check.Finding;
import io.mows.alluxio.check.LocatorChecks;
import io.mows.alluxio.conf.LocatorConf;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.conf.MowsKey;
import io.mows.alluxio.locator.LocatorSetup;
import io.mows.alluxio.metrics.LocatorMetrics;
import io.mows.alluxio.trust.ClusterJoin;
import io.mows.alluxio.trust.TrustSource;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.DataChannels;
import io.mows.channel.HostPort;
import io.mows.p2p.locator.Locator;
import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.LocatorStatus.PeerStatus;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorReader;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.client.PendingTransport;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.peer.Peering;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker needs to share with others, put together from the settings. */
final class MowsSharing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MowsSharing.class);

  /** By then a worker that has started with others knows them. */
  private static final long FIRST_REACH_MS = 5_000;

  private final ClusterJoin join;
  private final LocatorTransport directory;
  private final Locator locator;
  private final Peering peering;
  private final List<Finding> address;
  private final LocatorMetrics events;

  /**
   * @param directory what {@code locator} talks to, and closes
   * @param address what was found of this worker's address
   * @param events what happens to the locator
   */
  private MowsSharing(
      ClusterJoin join,
      LocatorTransport directory,
      Locator locator,
      Peering peering,
      List<Finding> address,
      LocatorMetrics events) {
    this.join = join;
    this.directory = directory;
    this.locator = locator;
    this.peering = peering;
    this.address = address;
    this.events = events;
  }

  /**
   * Neither asks nor tells anybody anything before {@link #start}.
   *
   * @param stock tells how full this worker is
   * @throws IOException if it cannot be done; says what to do
   */
  static MowsSharing open(MowsConf conf, AlluxioConfiguration alluxioConf, BlockStore stock)
      throws IOException {
    // As AlluxioWorkerProcess finds it: this is what the master lists.
    String host = NetworkAddressUtils.getConnectHost(ServiceType.WORKER_RPC, alluxioConf);
    HostPort where = HostPort.of(host, conf.channel().port());
    List<Finding> found = addressFindings(conf, where);
    String address = where.toString();
    long session = System.currentTimeMillis();
    PeerInfo self = new PeerInfo(address, address, conf.group(), conf.role());
    DataChannelProvider provider = DataChannels.load().choose(conf.channel().choice());
    MemoryTier memory = new MemoryTier(stock);
    PendingTransport transport = new PendingTransport();
    LocatorMetrics events = new LocatorMetrics();
    ClusterJoin join =
        new ClusterJoin(
            TrustSource.of(conf.security(), alluxioConf),
            trust ->
                transport.connect(LocatorSetup.forWorker(conf, trust, host, alluxioConf, events)));
    ChannelSettings channel = channelSettings(conf, self, join);
    Locator locator =
        new LocatorClient(
            LocatorSettings.WORKER,
            self,
            session,
            () -> load(memory),
            transport,
            events,
            System::nanoTime);
    if (conf.security().insecure()) {
      LOG.warn(
          "{}=true: whoever can reach ports {} and {} of this worker can read what is below {}, and"
              + " give it wrong bytes. Set it to false on all workers.",
          MowsKey.INSECURE.key(),
          conf.channel().port(),
          LocatorConf.AUTO_PORT,
          conf.paths());
    }
    LOG.info("Sharing as {} over {}", self, provider.name());
    return new MowsSharing(
        join,
        transport,
        locator,
        new Peering(self, session, locator, provider, channel),
        found,
        events);
  }

  private static List<Finding> addressFindings(MowsConf conf, HostPort where) {
    List<Finding> found =
        AddressChecks.of(
            where,
            Boolean.getBoolean("java.net.preferIPv4Stack"),
            InetAddress::getByName,
            conf.locator().isAuto()
                ? AddressChecks.locatorPort(conf.channel().bindHost(), LocatorConf.AUTO_PORT)
                : Optional.empty());
    found.forEach(finding -> LOG.warn("{}", finding));
    return found;
  }

  private static ChannelSettings channelSettings(MowsConf conf, PeerInfo self, ClusterJoin join) {
    ChannelSettings.Builder settings =
        ChannelSettings.builder(self.id())
            .bind(conf.channel().bindHost(), conf.channel().port())
            .trust(join::trust)
            .maxConnectionsPerPeer(conf.channel().connections())
            .rdma(conf.channel().rdmaAddress().orElse(null), conf.channel().rdmaMemoryBytes());
    conf.security().tls().ifPresent(settings::tls);
    return settings.build();
  }

  private static PeerLoad load(MemoryTier memory) {
    return new PeerLoad(0, 0, memory.freeBytes(), memory.capacityBytes());
  }

  Peering peering() {
    return peering;
  }

  JobClient jobs() {
    return new JobClient(directory);
  }

  /**
   * The worker serves, and shares as soon as it knows its cluster. Then the locator is connected,
   * and hosted if this worker has to.
   *
   * @param listen accepts peers; is called once, when it is known who they are
   * @param failed hears of each new reason for which it shares with nobody
   */
  void start(Runnable listen, Consumer<Exception> failed) {
    join.start(listen, failed);
    LocatorReader reader = new LocatorReader(directory);
    peering
        .reachability()
        .start(() -> reader.status("/", 0).thenApply(MowsSharing::peers), FIRST_REACH_MS);
  }

  private static List<PeerInfo> peers(LocatorStatus status) {
    return status.peers().stream().map(PeerStatus::peer).collect(Collectors.toList());
  }

  /**
   * Whether this worker shares, where it is reached, and whose clocks are off.
   *
   * @param port why others cannot reach it, if they cannot
   */
  List<Finding> findings(Optional<Finding> port) {
    Finding joined = join.finding();
    boolean isHalf = joined.level() != Finding.Level.PROBLEM && port.isPresent();
    List<Finding> findings = new ArrayList<>(List.of(isHalf ? port.get() : joined));
    findings.addAll(address);
    findings.addAll(AddressChecks.reached(peering.self(), peering.reachability()));
    findings.addAll(LocatorChecks.of(events.memberObstacle()));
    findings.addAll(ClockChecks.of(directory.clocksOff()));
    return findings;
  }

  /** Takes leave; to be called before the engine is closed. */
  @Override
  public void close() {
    peering.reachability().close();
    join.close();
    locator.close();
  }
}
