// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import alluxio.conf.AlluxioConfiguration;
import io.mows.alluxio.conf.LocatorConf;
import io.mows.alluxio.conf.MowsConf;
import io.mows.channel.security.ClusterTrust;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.auto.AutoTransport;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.raft.LocatorTls;
import io.mows.p2p.locator.raft.RaftHosting;
import io.mows.p2p.locator.raft.RaftLocatorSettings;
import io.mows.p2p.locator.raft.RaftLocatorSettings.Timing;
import io.mows.p2p.locator.raft.RaftMember;
import io.mows.p2p.locator.raft.RaftTransport;
import io.mows.p2p.locator.wire.MessageSeal;
import java.io.IOException;
import java.util.Optional;

/** Connects a worker to the locator and lets it take its part in hosting it. */
public final class LocatorSetup {
  private static final long POLL_MS = 1_000;

  private LocatorSetup() {}

  /**
   * Starts what this worker has to host, if anything, and returns the connection to the locator.
   * Closing that ends all of it in the right order: give it to the locator, which says good-bye
   * before it closes it. Does not wait for the locator to answer, but may block for the time of a
   * name look-up.
   *
   * @param trust who may take part
   * @param selfHost this worker's host as it registers with the master ({@code
   *     WorkerNetAddress.getHost()})
   * @param alluxioConf tells where the master is
   * @param events hears what happens at the member that is hosted here
   * @throws IOException if this worker should be all of the locator and cannot, or is several of
   *     its members; says what to do
   */
  public static LocatorTransport forWorker(
      MowsConf conf,
      ClusterTrust trust,
      String selfHost,
      AlluxioConfiguration alluxioConf,
      LocatorEvents events)
      throws IOException {
    RatisLog.limit();
    LocatorConf locator = conf.locator();
    MessageSeal seal = MessageSeal.of(trust);
    Optional<LocatorTls> tls = LocatorSecurity.tls(conf.security());
    if (locator.isAuto()) {
      MasterConnection master = new MasterConnection(alluxioConf);
      AutoTransport directory =
          new AutoTransport(
              MasterWorkerList.address(selfHost),
              new MasterWorkerList(master),
              new RaftHosting(
                  locator.dir(),
                  seal,
                  tls,
                  Timing.DEFAULT,
                  conf.channel().bindHost(),
                  conf.channel().port(),
                  events),
              POLL_MS,
              System::nanoTime);
      return new OwningTransport(directory, master);
    }
    RaftLocatorSettings settings =
        new RaftLocatorSettings(locator.members(), seal, tls, Timing.DEFAULT);
    Optional<String> self = OwnMember.find(locator.members(), selfHost);
    if (self.isEmpty()) {
      return new RaftTransport(settings);
    }
    OneOfSeveral.Start start =
        () ->
            RaftMember.start(settings, conf.channel().bindHost(), self.get(), locator.dir(), events)
                ::close;
    AutoCloseable member =
        locator.members().size() == 1
            ? start.start()::run
            : OneOfSeveral.start(start, events::memberObstacle);
    return new OwningTransport(new RaftTransport(settings), member);
  }
}
