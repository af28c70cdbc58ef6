// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.util.List;

/** Every node on its own loopback address, 127.78.(number).x, which Linux has without set-up. */
final class LoopbackNetwork implements Network {
  private final int number;
  private final Ports ports;

  private LoopbackNetwork(int number, Ports ports) {
    this.number = number;
    this.ports = ports;
  }

  static LoopbackNetwork create(int number) throws IOException {
    return new LoopbackNetwork(number, Ports.freeAt(address(number, MASTER)));
  }

  @Override
  public void join(String node) {
    // Reachable as it is.
  }

  @Override
  public String address(String node) {
    return address(number, node);
  }

  @Override
  public String ipv6Address(String node) {
    throw new IllegalStateException("a loopback network has no IPv6 address of " + node);
  }

  @Override
  public Ports ports() {
    return ports;
  }

  @Override
  public List<String> enter(String node) {
    return List.of();
  }

  @Override
  public void limit(String node, long bitsPerSecond) {
    if (bitsPerSecond != NetworkConfig.UNLIMITED) {
      throw new IllegalStateException(
          "a loopback network has no link of "
              + node
              + " to limit; use NetworkConfig.namespaces()");
    }
  }

  @Override
  public void limitFlows(String node, long bitsPerSecond, long flowBitsPerSecond) {
    limit(node, bitsPerSecond);
  }

  private static String address(int number, String node) {
    return "127.78." + number + "." + Network.hostNumber(node);
  }
}
