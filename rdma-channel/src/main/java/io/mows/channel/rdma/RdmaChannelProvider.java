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
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP channel, whose pieces move by one-sided READ between workers that both have RDMA: from
 * the page cache of one into registered memory of the other. Everything else, and every piece that
 * cannot move so, goes over TCP.
 */
public final class RdmaChannelProvider implements DataChannelProvider {
  private static final Logger LOG = LoggerFactory.getLogger(RdmaChannelProvider.class);

  /** One queue pair fills links up to this; see {@link #lanes}. */
  private static final int GIGABITS_PER_LANE = 100;

  private final Hardware hardware;

  public RdmaChannelProvider() {
    this(machine());
  }

  RdmaChannelProvider(Hardware hardware) {
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

  /** The machine that this runs on. */
  static Hardware machine() {
    return new RealHardware();
  }

  /** More where one queue pair, and the core that serves it, cannot fill the link. */
  static int lanes(List<RdmaDevice> devices) {
    int fastest =
        devices.stream()
            .filter(RdmaDevice::isActive)
            .mapToInt(RdmaDevice::gigabitsPerSecond)
            .max()
            .orElse(0);
    return Math.max(1, Math.min(4, fastest / GIGABITS_PER_LANE));
  }

  /** The machine. */
  interface Hardware {
    Availability availability();

    /**
     * @param address of the device; empty for the first that there is
     * @throws IOException if there is none; says what to do
     */
    Verbs open(Optional<String> address) throws IOException;

    /** Queue pairs to each peer. */
    int lanes();
  }

  private static final class RealHardware implements Hardware {
    private static Class<?> disni;

    @Override
    public Availability availability() {
      List<RdmaDevice> devices = RdmaDevice.all();
      if (devices.stream().noneMatch(RdmaDevice::isActive)) {
        return Availability.no(
            devices.isEmpty()
                ? "there is no RDMA device in /sys/class/infiniband: install the driver of the"
                    + " NIC, and give containers /dev/infiniband"
                : "no RDMA device has a link (" + list(devices) + "): check cable and switch");
      }
      try {
        loaded();
      } catch (IOException e) {
        return Availability.no(e.getMessage());
      }
      return Availability.yes(list(devices));
    }

    private static String list(List<RdmaDevice> devices) {
      return devices.stream().map(RdmaDevice::toString).collect(Collectors.joining("; "));
    }

    /** Once in a process: every worker in it uses the same. */
    private static synchronized Class<?> loaded() throws IOException {
      if (disni == null) {
        disni = DisniLoader.load();
      }
      return disni;
    }

    @Override
    public Verbs open(Optional<String> configured) throws IOException {
      InetAddress address = configured.isPresent() ? parse(configured.get()) : first();
      try {
        return DisniLoader.open(loaded(), address);
      } catch (IOException e) {
        throw new IOException(
            "alluxio.mows.rdma.address is "
                + configured.orElse("not set")
                + " and "
                + address.getHostAddress()
                + " cannot be used ("
                + e.getMessage()
                + "): set it to an IPv4 address of an RDMA device ("
                + list(RdmaDevice.all())
                + ")",
            e);
      }
    }

    private static InetAddress parse(String value) throws IOException {
      try {
        InetAddress address = InetAddress.getByName(value);
        if (address instanceof Inet4Address) {
          return address;
        }
      } catch (UnknownHostException e) {
        // As below.
      }
      throw new IOException(
          "alluxio.mows.rdma.address is " + value + ": set it to an IPv4 address");
    }

    private static InetAddress first() throws IOException {
      return RdmaDevice.all().stream()
          .filter(RdmaDevice::isActive)
          .flatMap(device -> device.address().stream())
          .findFirst()
          .orElseThrow(
              () ->
                  new IOException(
                      "no RDMA device has an IPv4 address ("
                          + list(RdmaDevice.all())
                          + "): give its interface one, or set alluxio.mows.rdma.address"));
    }

    @Override
    public int lanes() {
      return RdmaChannelProvider.lanes(RdmaDevice.all());
    }
  }
}
