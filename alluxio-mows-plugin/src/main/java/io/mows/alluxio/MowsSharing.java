// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.conf.AlluxioConfiguration;
import alluxio.util.network.NetworkAddressUtils;
import alluxio.util.network.NetworkAddressUtils.ServiceType;
import alluxio.worker.block.BlockStore;
import io.mows.alluxio.block.MemoryTier;
import io.mows.alluxio.conf.LocatorConf;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.conf.MowsKey;
import io.mows.alluxio.locator.LocatorSetup;
import io.mows.alluxio.metrics.LocatorMetrics;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.DataChannels;
import io.mows.channel.security.ChannelSecret;
import io.mows.p2p.locator.DirectoryLocator;
import io.mows.p2p.locator.DirectoryTransport;
import io.mows.p2p.locator.JobDirectory;
import io.mows.p2p.locator.Locator;
import io.mows.p2p.locator.LocatorSettings;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.peer.Peering;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker needs to share with others, put together from the settings. */
final class MowsSharing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MowsSharing.class);

  /** As the default, but the newest answer: who fetches a file changes by the millisecond. */
  private static final LocatorSettings LOCATOR =
      new LocatorSettings(3_000, 100, 15_000, 20, 1_000, 32, 32);

  private final Locator locator;
  private final Peering peering;
  private final JobDirectory jobs;

  private MowsSharing(Locator locator, Peering peering, JobDirectory jobs) {
    this.locator = locator;
    this.peering = peering;
    this.jobs = jobs;
  }

  /**
   * Starts the connection to the locator, hosting it if this worker has to.
   *
   * @param stock tells how full this worker is
   * @throws IOException if a file cannot be read, or a port that was asked for is taken; says what
   *     to do
   */
  static MowsSharing open(MowsConf conf, AlluxioConfiguration alluxioConf, BlockStore stock)
      throws IOException {
    // As AlluxioWorkerProcess finds it: this is what the master lists.
    String host = NetworkAddressUtils.getConnectHost(ServiceType.WORKER_RPC, alluxioConf);
    String address = host + ":" + conf.channel().port();
    long session = System.currentTimeMillis();
    PeerInfo self = new PeerInfo(address, address, conf.group(), conf.role());
    DataChannelProvider provider = DataChannels.load().choose(conf.channel().choice());
    ChannelSettings channel = channelSettings(conf, self);
    MemoryTier memory = new MemoryTier(stock);
    DirectoryTransport transport = LocatorSetup.forWorker(conf, host, alluxioConf);
    Locator locator =
        new DirectoryLocator(
            LOCATOR,
            self,
            session,
            () -> load(memory),
            transport,
            new LocatorMetrics(),
            System::nanoTime);
    if (conf.security().secretFile().isEmpty()) {
      LOG.warn(
          "{} is not set: whoever can reach ports {} and {} of this worker can read what is below"
              + " {}. Set it on all workers, or keep the ports inside the cluster.",
          MowsKey.SECRET_FILE.key(),
          conf.channel().port(),
          LocatorConf.AUTO_PORT,
          conf.paths());
    }
    LOG.info("Sharing as {} over {}", self, provider.name());
    return new MowsSharing(
        locator,
        new Peering(self, session, locator, provider, channel),
        new JobDirectory(transport));
  }

  private static ChannelSettings channelSettings(MowsConf conf, PeerInfo self) throws IOException {
    ChannelSettings.Builder settings =
        ChannelSettings.builder(self.id())
            .bind(conf.channel().bindHost(), conf.channel().port())
            .rdma(conf.channel().rdmaAddress().orElse(null), conf.channel().rdmaMemoryBytes());
    if (conf.security().secretFile().isPresent()) {
      settings.secret(ChannelSecret.load(conf.security().secretFile().get()));
    }
    conf.security().tls().ifPresent(settings::tls);
    return settings.build();
  }

  private static PeerLoad load(MemoryTier memory) {
    return new PeerLoad(0, 0, memory.freeBytes(), memory.capacityBytes());
  }

  Peering peering() {
    return peering;
  }

  JobDirectory jobs() {
    return jobs;
  }

  /** Takes leave; to be called before the engine is closed. */
  @Override
  public void close() {
    locator.close();
  }
}
