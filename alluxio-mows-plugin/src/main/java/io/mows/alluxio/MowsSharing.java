// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.conf.AlluxioConfiguration;
import alluxio.util.network.NetworkAddressUtils;
import alluxio.util.network.NetworkAddressUtils.ServiceType;
import alluxio.worker.block.BlockStore;
import io.mows.alluxio.block.MemoryTier;
import io.mows.alluxio.check.ClockChecks;
import io.mows.alluxio.check.Finding;
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
import io.mows.p2p.locator.Locator;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.client.PendingTransport;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.peer.Peering;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker needs to share with others, put together from the settings. */
final class MowsSharing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MowsSharing.class);

  /** As the default, but the newest answer: who fetches a file changes by the millisecond. */
  private static final LocatorSettings LOCATOR =
      new LocatorSettings(3_000, 100, 15_000, 20, 1_000, 32, 32);

  private final ClusterJoin join;
  private final LocatorTransport directory;
  private final Locator locator;
  private final Peering peering;

  /**
   * @param directory what {@code locator} talks to, and closes
   */
  private MowsSharing(
      ClusterJoin join, LocatorTransport directory, Locator locator, Peering peering) {
    this.join = join;
    this.directory = directory;
    this.locator = locator;
    this.peering = peering;
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
    String address = host + ":" + conf.channel().port();
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
            LOCATOR, self, session, () -> load(memory), transport, events, System::nanoTime);
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
        join, transport, locator, new Peering(self, session, locator, provider, channel));
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
  }

  /** Whether this worker shares, and whose clocks are off. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(List.of(join.finding()));
    findings.addAll(ClockChecks.of(directory.clocksOff()));
    return findings;
  }

  /** Takes leave; to be called before the engine is closed. */
  @Override
  public void close() {
    join.close();
    locator.close();
  }
}
