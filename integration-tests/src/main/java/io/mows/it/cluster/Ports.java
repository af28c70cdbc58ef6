// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ports of a cluster: Alluxio's defaults, all moved by the same distance. Every node has its
 * own address, so all nodes use the same ports.
 */
final class Ports {
  private static final int STEP = 100;
  private static final int MAX_OFFSET = 10_000;
  private static final int ORIGIN_ADMIN = 18_081;
  private static final Map<String, Integer> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("alluxio.master.rpc.port", 19998);
    DEFAULTS.put("alluxio.master.web.port", 19999);
    DEFAULTS.put("alluxio.job.master.rpc.port", 20001);
    DEFAULTS.put("alluxio.job.master.web.port", 20002);
    DEFAULTS.put("alluxio.mows.data.port", 29991);
    DEFAULTS.put("alluxio.worker.rpc.port", 29999);
    DEFAULTS.put("alluxio.worker.web.port", 30000);
    DEFAULTS.put("alluxio.job.worker.rpc.port", 30001);
    DEFAULTS.put("alluxio.job.worker.data.port", 30002);
    DEFAULTS.put("alluxio.job.worker.web.port", 30003);
  }

  private final int offset;

  private Ports(int offset) {
    this.offset = offset;
  }

  /** The default ports, for nodes that share no network namespace with anyone. */
  static Ports standard() {
    return new Ports(0);
  }

  /**
   * The default ports if they are free at an address, else the next ones that are: an Alluxio of
   * this machine that listens on all addresses occupies the default ports of every address.
   */
  static Ports freeAt(String address) throws IOException {
    for (int offset = 0; offset <= MAX_OFFSET; offset += STEP) {
      Ports ports = new Ports(offset);
      if (ports.areFreeAt(InetAddress.getByName(address))) {
        return ports;
      }
    }
    throw new IOException(
        "no free ports at "
            + address
            + ": tried Alluxio's default ports and"
            + " those up to "
            + MAX_OFFSET
            + " above");
  }

  int masterWeb() {
    return port("alluxio.master.web.port");
  }

  int workerWeb() {
    return port("alluxio.worker.web.port");
  }

  int jobWorkerWeb() {
    return port("alluxio.job.worker.web.port");
  }

  int origin() {
    return ORIGIN_ADMIN - 1 + offset;
  }

  int originAdmin() {
    return ORIGIN_ADMIN + offset;
  }

  /** What a site file must say; nothing if these are the defaults. */
  Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    if (offset != 0) {
      DEFAULTS.keySet().forEach(key -> properties.put(key, Integer.toString(port(key))));
    }
    return properties;
  }

  private int port(String key) {
    return DEFAULTS.get(key) + offset;
  }

  private boolean areFreeAt(InetAddress address) {
    return DEFAULTS.keySet().stream().allMatch(key -> isFree(address, port(key)))
        && isFree(address, origin())
        && isFree(address, originAdmin());
  }

  private static boolean isFree(InetAddress address, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException e) {
      // Someone listens there: that is the answer.
      return false;
    }
  }
}
