// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A port of an RDMA device, as the kernel describes it in sysfs. Immutable. */
public final class RdmaDevice {
  private static final Path SYSFS = Path.of("/sys/class");

  /** The table is filled from its start, and has up to 1024 entries that take time to read. */
  private static final int MAX_GIDS = 16;

  private static final String ACTIVE = "ACTIVE";

  private final String name;
  private final String port;
  private final String state;
  private final String link;
  private final String rate;
  private final List<String> interfaces;

  private RdmaDevice(
      String name, String port, String state, String link, String rate, List<String> interfaces) {
    this.name = name;
    this.port = port;
    this.state = state;
    this.link = link;
    this.rate = rate;
    this.interfaces = interfaces;
  }

  /** All ports of all devices; none if there is no RDMA here. */
  public static List<RdmaDevice> all() {
    return all(SYSFS);
  }

  /**
   * @param sysfs where {@code infiniband} and {@code net} are
   */
  static List<RdmaDevice> all(Path sysfs) {
    List<RdmaDevice> found = new ArrayList<>();
    for (Path device : children(sysfs.resolve("infiniband"))) {
      for (Path port : children(device.resolve("ports"))) {
        found.add(
            new RdmaDevice(
                device.getFileName().toString(),
                port.getFileName().toString(),
                read(port.resolve("state")).replaceFirst("^\\d+: *", ""),
                read(port.resolve("link_layer")),
                read(port.resolve("rate")),
                interfaces(sysfs, device, port)));
      }
    }
    return found;
  }

  /** RoCE says it at the port, soft-RoCE at the device, InfiniBand at the network interface. */
  private static List<String> interfaces(Path sysfs, Path device, Path port) {
    TreeSet<String> names = new TreeSet<>();
    for (int gid = 0; gid < MAX_GIDS; gid++) {
      names.add(read(port.resolve("gid_attrs/ndevs/" + gid)));
    }
    names.add(read(device.resolve("parent")));
    for (Path net : children(sysfs.resolve("net"))) {
      if (Files.exists(net.resolve("device/infiniband").resolve(device.getFileName()))) {
        names.add(net.getFileName().toString());
      }
    }
    names.remove("");
    return List.copyOf(names);
  }

  private static List<Path> children(Path directory) {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(paths::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    paths.sort(Comparator.naturalOrder());
    return paths;
  }

  /** One line, or nothing: an empty entry of a GID table is an error to read. */
  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }

  public String name() {
    return name;
  }

  /** Whether its link is up. */
  public boolean isActive() {
    return state.equals(ACTIVE);
  }

  /** Such as 100 for 100 Gbit/s; 0 if it is not known. */
  public int gigabitsPerSecond() {
    String number = rate.replaceFirst("[^0-9].*", "");
    return number.isEmpty() || number.length() > 6 ? 0 : Integer.parseInt(number);
  }

  /** The network interfaces that belong to it. */
  public List<String> interfaces() {
    return interfaces;
  }

  /** The first IPv4 address of its interfaces: what peers dial. */
  public Optional<InetAddress> address() {
    for (String name : interfaces) {
      try {
        NetworkInterface network = NetworkInterface.getByName(name);
        if (network != null) {
          for (InetAddress address : Collections.list(network.getInetAddresses())) {
            if (address instanceof Inet4Address) {
              return Optional.of(address);
            }
          }
        }
      } catch (IOException e) {
        // It has none, then.
      }
    }
    return Optional.empty();
  }

  /** For the operator, such as {@code mlx5_0 port 1: ACTIVE, Ethernet, 100 Gb/sec, eth2}. */
  @Override
  public String toString() {
    return name
        + " port "
        + port
        + ": "
        + String.join(", ", state, link, rate)
        + (interfaces.isEmpty() ? "" : ", " + String.join(" ", interfaces));
  }
}
