// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.Availability;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceServer;
import io.mows.channel.netty.TcpProvider;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP channel, whose pieces move by one-sided READ between workers that both have RDMA: from
 * the page cache of one into registered memory of the other. Everything else, and every piece that
 * cannot move so, goes over TCP.
 */
public final class RdmaChannelProvider implements DataChannelProvider {
  private static final Logger LOG = LoggerFactory.getLogger(RdmaChannelProvider.class);

  private final RdmaHardware hardware;

  public RdmaChannelProvider() {
    this(new RdmaMachine());
  }

  RdmaChannelProvider(RdmaHardware hardware) {
    this.hardware = hardware;
  }

  @Override
  public String name() {
    return "rdma";
  }

  @Override
  public Availability availability() {
    return hardware.availability();
  }

  @Override
  public int priority() {
    return 10;
  }

  @Override
  public DataChannel open(ChannelSettings settings, PieceServer server, PeerListener listener)
      throws IOException {
    Availability availability = availability();
    if (!availability.isAvailable()) {
      throw new IllegalStateException("No RDMA here: " + availability.explanation());
    }
    if (settings.tls().isPresent()) {
      LOG.warn(
          "RDMA does not encrypt and alluxio.mows.security.tls.enabled is true: all pieces go over"
              + " TCP with TLS");
      return new TcpProvider().open(settings, server, listener);
    }
    Verbs verbs;
    Verbs.Domain domain;
    try {
      verbs = hardware.open(settings.rdmaAddress());
      domain = newDomain(verbs);
    } catch (IOException e) {
      LOG.error("All pieces go over TCP, RDMA does not work: {}", e.getMessage());
      return new TcpProvider().open(settings, server, listener);
    }
    int lanes = hardware.lanes();
    LOG.info(
        "RDMA on {} with {} queue pair(s) to each peer and at most {} MiB of registered memory",
        verbs.address(),
        lanes,
        settings.rdmaMemoryBytes() >> 20);
    return TcpProvider.open(
        settings,
        server,
        listener,
        counters -> new RdmaPath(verbs, domain, lanes, settings.rdmaMemoryBytes(), counters));
  }

  private static Verbs.Domain newDomain(Verbs verbs) throws IOException {
    try {
      return verbs.newDomain();
    } catch (IOException e) {
      verbs.close();
      throw e;
    }
  }
}
