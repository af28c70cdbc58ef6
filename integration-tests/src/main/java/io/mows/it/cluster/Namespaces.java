// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One network namespace per node, joined by a bridge, each behind its own link.
 *
 * <p>The bridge lives in a namespace of its own, where no firewall of this machine (such as
 * Docker's) filters it; deleting the namespaces deletes everything. The caller's namespace has a
 * link of its own, never limited, so that tests and browsers reach every node. Processes enter with
 * {@code nsenter --net}: {@code ip netns exec} would give them private mounts too, and hide their
 * FUSE mount from the caller.
 */
final class Namespaces implements Network {
  private static final Path NETNS_DIR = Path.of("/run/netns");
  private static final String SWITCH = "switch";
  private static final String UPLINK = "uplink";
  // Jumbo frames, as in data centres: headers take less than 1 % of a link.
  private static final String MTU = "9000";
  private static final int UNSENT_BYTES = 128 << 10;

  private final String name;
  private final int number;

  private Namespaces(Instance instance) {
    this.name = instance.name();
    this.number = instance.number();
  }

  static Namespaces create(Instance instance) throws IOException {
    if (!Host.isRoot()) {
      throw new IOException(
          "network namespaces need root: run as root, or without namespaces and link limits");
    }
    Namespaces network = new Namespaces(instance);
    String bridge = network.namespace(SWITCH);
    Commands.run("ip", "netns", "add", bridge);
    Commands.run("ip", "-n", bridge, "link", "set", "lo", "up");
    Commands.run("ip", "-n", bridge, "link", "add", "br0", "type", "bridge");
    Commands.run("ip", "-n", bridge, "link", "set", "br0", "up");
    network.joinCaller();
    return network;
  }

  /** Deletes the caller's link and every namespace of the instance, and so what is in it. */
  static void deleteAll(String name) throws IOException {
    // It would go with the namespace of its other end, but only at some later time.
    if (Files.exists(Path.of("/sys/class/net", name))) {
      Commands.run("ip", "link", "delete", name);
    }
    if (!Files.isDirectory(NETNS_DIR)) {
      return;
    }
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(NETNS_DIR)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.startsWith(name + "-"))
          .forEach(found::add);
    }
    for (String namespace : found) {
      Commands.run("ip", "netns", "delete", namespace);
    }
  }

  @Override
  public void join(String node) throws IOException {
    String namespace = namespace(node);
    Commands.run("ip", "netns", "add", namespace);
    addLink(port(node));
    Commands.run("ip", "-n", namespace(SWITCH), "link", "set", UPLINK, "netns", namespace);
    Commands.run("ip", "-n", namespace, "link", "set", "lo", "up");
    Commands.run("ip", "-n", namespace, "addr", "add", address(node) + "/24", "dev", UPLINK);
    // "nodad": it is ours, and can be bound at once.
    Commands.run(
        "ip", "-n", namespace, "addr", "add", ipv6Address(node) + "/64", "dev", UPLINK, "nodad");
    Commands.run("ip", "-n", namespace, "link", "set", UPLINK, "mtu", MTU, "up");
    if (node.equals(ORIGIN)) {
      keepLittleUnsent(node);
    }
  }

  /**
   * Bounds what the kernel takes from a program before it can send it. The origin counts what it
   * has written: without this, megabytes of a read that was given up and never left it.
   */
  private void keepLittleUnsent(String node) throws IOException {
    List<String> command = new ArrayList<>(enter(node));
    String file = "/proc/sys/net/ipv4/tcp_notsent_lowat";
    command.addAll(List.of("sh", "-c", "echo " + UNSENT_BYTES + " > " + file));
    Commands.run(command);
  }

  private void joinCaller() throws IOException {
    addLink("to-caller");
    Commands.run(
        "ip",
        "-n",
        namespace(SWITCH),
        "link",
        "set",
        UPLINK,
        "name",
        name,
        "netns",
        Long.toString(ProcessHandle.current().pid()));
    Commands.run("ip", "addr", "add", subnet() + "254/24", "dev", name);
    Commands.run("ip", "addr", "add", ipv6Subnet() + "254/64", "dev", name, "nodad");
    Commands.run("ip", "link", "set", name, "mtu", MTU, "up");
  }

  /** Makes a link whose one end is plugged into the bridge, and whose other end is to be moved. */
  private void addLink(String port) throws IOException {
    String bridge = namespace(SWITCH);
    Commands.run("ip", "-n", bridge, "link", "add", port, "type", "veth", "peer", "name", UPLINK);
    Commands.run("ip", "-n", bridge, "link", "set", port, "mtu", MTU, "master", "br0", "up");
  }

  @Override
  public String address(String node) {
    return subnet() + Network.hostNumber(node);
  }

  @Override
  public String ipv6Address(String node) {
    return ipv6Subnet() + Network.hostNumber(node);
  }

  @Override
  public Ports ports() {
    return Ports.standard();
  }

  @Override
  public List<String> enter(String node) {
    return List.of("nsenter", "--net=" + NETNS_DIR.resolve(namespace(node)));
  }

  @Override
  public void limit(String node, long bitsPerSecond) throws IOException {
    shape(namespace(node), UPLINK, bitsPerSecond);
    shape(namespace(SWITCH), port(node), bitsPerSecond);
  }

  @Override
  public void limitFlows(String node, long bitsPerSecond, long flowBitsPerSecond)
      throws IOException {
    FlowLimits.set(namespace(node), UPLINK, bitsPerSecond, flowBitsPerSecond);
    FlowLimits.set(namespace(SWITCH), port(node), bitsPerSecond, flowBitsPerSecond);
  }

  /**
   * A token bucket lets TCP fill a link; its queue is small, since a queue is latency. The bucket
   * must hold the largest packet of segmentation offload (64 KiB), and 2 ms of the link, the
   * coarsest the kernel's timers are.
   */
  private static void shape(String namespace, String device, long bitsPerSecond)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("tc", "-n", namespace, "qdisc"));
    if (bitsPerSecond == NetworkConfig.UNLIMITED) {
      // "delete" fails where there is nothing to delete; replacing with the default does not.
      command.addAll(List.of("replace", "dev", device, "root", "noqueue"));
    } else {
      long bytesPerSecond = Math.max(1, bitsPerSecond / 8);
      long burstBytes = Math.max(128 << 10, bytesPerSecond / 500);
      long queueBytes = Math.max(512 << 10, bytesPerSecond / 100);
      command.addAll(
          List.of(
              "replace",
              "dev",
              device,
              "root",
              "tbf",
              "rate",
              bitsPerSecond + "bit",
              "burst",
              Long.toString(burstBytes),
              "limit",
              Long.toString(queueBytes)));
    }
    Commands.run(command);
  }

  private String subnet() {
    return "10.78." + number + ".";
  }

  private String ipv6Subnet() {
    return "fd78:" + number + "::";
  }

  private String namespace(String node) {
    return name + "-" + node;
  }

  /** The switch's end of a node's link; interface names have at most 15 characters. */
  private static String port(String node) {
    return "to-" + node;
  }
}
