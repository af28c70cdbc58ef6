// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.Availability;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The machine that this runs on. Thread-safe. */
final class RdmaMachine implements RdmaHardware {
  /** One queue pair fills links up to this; see {@link #lanes(List)}. */
  private static final int GIGABITS_PER_LANE = 100;

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
    throw new IOException("alluxio.mows.rdma.address is " + value + ": set it to an IPv4 address");
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
    return lanes(RdmaDevice.all());
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
}
