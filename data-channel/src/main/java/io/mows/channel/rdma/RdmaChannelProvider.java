// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.Availability;
import io.mows.channel.ChannelCount;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceServer;
import io.mows.channel.netty.TcpProvider;
import java.io.IOException;
import java.util.function.ObjLongConsumer;
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
    int lanes = hardware.lanes();
    Opened opened;
    try {
      opened = new Opened(hardware.open(settings.rdmaAddress()));
    } catch (IOException e) {
      LOG.error("All pieces go over TCP, RDMA does not work: {}", e.getMessage());
      return new TcpProvider().open(settings, server, listener);
    }
    try (opened) {
      LOG.info(
          "RDMA on {} with {} queue pair(s) to each peer and at most {} MiB of registered memory",
          opened.verbs.address(),
          lanes,
          settings.rdmaMemoryBytes() >> 20);
      return TcpProvider.open(
          settings,
          server,
          listener,
          counters -> opened.path(lanes, settings.rdmaMemoryBytes(), counters));
    }
  }

  /** A device that is open, and closed unless a path takes it over. For one thread. */
  private static final class Opened implements AutoCloseable {
    private final Verbs verbs;
    private final Verbs.Domain domain;
    private boolean isTaken;

    Opened(Verbs verbs) throws IOException {
      this.verbs = verbs;
      try {
        this.domain = verbs.newDomain();
      } catch (IOException | RuntimeException e) {
        verbs.close();
        throw e;
      }
    }

    RdmaPath path(int lanes, long memoryBytes, ObjLongConsumer<ChannelCount> counters) {
      RdmaPath path = new RdmaPath(new RdmaCommons(verbs, domain, lanes, memoryBytes, counters));
      isTaken = true;
      return path;
    }

    @Override
    public void close() {
      if (!isTaken) {
        domain.close();
        verbs.close();
      }
    }
  }
}
