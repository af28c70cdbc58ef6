// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network of a cluster whose nodes have links: needs root, says so if that is missing. */
final class NamespacesIT {
  private static final long LINK_BITS_PER_SECOND = 50_000_000;
  // Five seconds of the link: that this machine is busy with something else hardly shows.
  private static final long MEASURED_BYTES = 5 * LINK_BITS_PER_SECOND / 8;
  private static final String WORKER = Network.worker(0);
  private static final int PORT = 7000;

  private Instance instance;
  private Network network;
  private Process peer;

  @BeforeEach
  void createNetwork() throws IOException {
    assertTrue(Host.isRoot(), "network namespaces need root: run this test as root");
    instance = Instance.acquire();
    network = Network.create(NetworkConfig.namespaces(), instance);
    network.join(WORKER);
  }

  @AfterEach
  void deleteNetwork() throws IOException {
    if (peer != null) {
      peer.destroyForcibly();
    }
    try (Instance toGiveBack = instance) {
      toGiveBack.clear();
    }
    assertFalse(
        Commands.run("ip", "-o", "link").contains(instance.name()), "interfaces left behind");
  }

  @Test
  void shouldFillLimitedLinkWithinThreePercentInBothDirections() throws Exception {
    network.limit(WORKER, LINK_BITS_PER_SECOND);
    assertFillsLink(LINK_BITS_PER_SECOND, measureBitsPerSecond("send"));
    assertFillsLink(LINK_BITS_PER_SECOND, measureBitsPerSecond("receive"));
  }

  @Test
  void shouldChangeAndLiftLimit() throws Exception {
    network.limit(WORKER, LINK_BITS_PER_SECOND);
    network.limit(WORKER, 2 * LINK_BITS_PER_SECOND);
    double doubled = measureBitsPerSecond("send");
    assertTrue(
        doubled > 1.5 * LINK_BITS_PER_SECOND && doubled <= 2.02 * LINK_BITS_PER_SECOND,
        "doubled: " + doubled + " bit/s");
    network.limit(WORKER, NetworkConfig.UNLIMITED);
    double unlimited = measureBitsPerSecond("send");
    assertTrue(unlimited > 3 * LINK_BITS_PER_SECOND, "unlimited: " + unlimited + " bit/s");
  }

  @Test
  void shouldLimitEachWorkerAsConfiguredAndKeepTheMountsVisible(@TempDir Path root)
      throws Exception {
    Files.writeString(root.resolve("file"), "content\n");
    ClusterConfig config =
        ClusterConfig.builder()
            .workers(2)
            .firstCompilerOnly(true)
            .localRoot(root)
            .ramdiskBytes(64L << 20)
            .jobServers(false)
            .network(
                NetworkConfig.namespaces()
                    .withWorkerLink(LINK_BITS_PER_SECOND)
                    .withWorkerLink(1, LINK_BITS_PER_SECOND / 2))
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      String name = cluster.instance().name();
      assertTrue(Commands.run("tc", "-n", name + "-worker-0", "qdisc").contains("rate 50Mbit"));
      assertTrue(Commands.run("tc", "-n", name + "-worker-1", "qdisc").contains("rate 25Mbit"));
      for (int i = 0; i < cluster.workers(); i++) {
        Path file = cluster.worker(i).mountPoint().resolve("file");
        assertEquals("content\n", Files.readString(file));
        assertEquals("content\n", cluster.worker(i).cli("fs", "cat", "/file").output());
      }
    }
  }

  private static void assertFillsLink(long limit, double measured) {
    System.out.printf("limit %d bit/s, TCP payload %.0f bit/s%n", limit, measured);
    assertTrue(
        measured > 0.97 * limit && measured <= 1.01 * limit,
        "limit " + limit + " bit/s, TCP payload " + measured + " bit/s");
  }

  /** The rate of one TCP connection, where it arrives; "send" is out of the worker. */
  private double measureBitsPerSecond(String workerDirection) throws Exception {
    List<String> command = new ArrayList<>(network.enter(WORKER));
    command.addAll(
        List.of(
            AlluxioJvm.executable(),
            "-cp",
            System.getProperty("java.class.path"),
            TcpPeer.class.getName(),
            network.address(WORKER),
            Integer.toString(PORT),
            workerDirection,
            Long.toString(MEASURED_BYTES)));
    peer = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (Socket socket = connect()) {
      if (workerDirection.equals("send")) {
        return TcpPeer.receive(socket, MEASURED_BYTES);
      }
      TcpPeer.send(socket);
      String rate = new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Double.parseDouble(rate.trim());
    } finally {
      peer.waitFor();
    }
  }

  private Socket connect() throws IOException {
    InetSocketAddress address = new InetSocketAddress(network.address(WORKER), PORT);
    Socket[] connected = new Socket[1];
    Await.until(
        "the peer to listen",
        Duration.ofSeconds(20),
        () -> {
          try {
            connected[0] = new Socket(address.getAddress(), address.getPort());
            return true;
          } catch (IOException e) {
            return false;
          }
        },
        () -> "");
    return connected[0];
  }
}
