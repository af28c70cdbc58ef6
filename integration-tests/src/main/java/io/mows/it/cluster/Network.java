// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.util.List;

/** Addresses of the nodes, and how to start a process on one. */
interface Network {
  String MASTER = "master";

  String ORIGIN = "origin";

  static String worker(int index) {
    return "worker-" + index;
  }

  /** Makes a node reachable; its link is not limited. */
  void join(String node) throws IOException;

  /** The IPv4 address of a node. */
  String address(String node);

  /** The IPv6 address of a node, without brackets; it has one where there are namespaces. */
  String ipv6Address(String node);

  /** The ports that are free on every node. */
  Ports ports();

  /** What to put before a command so that it runs on the node. */
  List<String> enter(String node);

  /**
   * Limits a node's link, in each direction on its own.
   *
   * @param bitsPerSecond {@link NetworkConfig#UNLIMITED} lifts the limit
   */
  void limit(String node, long bitsPerSecond) throws IOException;

  /**
   * As {@link #limit}, and limits in each direction what one connection of the data channel gets.
   */
  void limitFlows(String node, long bitsPerSecond, long flowBitsPerSecond) throws IOException;

  /** The last byte of a node's address. */
  static int hostNumber(String node) {
    if (node.equals(MASTER)) {
      return 1;
    }
    if (node.equals(ORIGIN)) {
      return 2;
    }
    return 10 + Integer.parseInt(node.substring("worker-".length()));
  }

  static Network create(NetworkConfig config, Instance instance) throws IOException {
    return config.usesNamespaces()
        ? Namespaces.create(instance)
        : LoopbackNetwork.create(instance.number());
  }
}
