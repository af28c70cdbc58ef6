// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.util.HashMap;
import java.util.Map;

/** How the nodes of a cluster are connected; immutable. */
public final class NetworkConfig {
  /** A link that is not limited. */
  public static final long UNLIMITED = 0;

  private final boolean namespaces;
  private final boolean ipv6;
  private final long workerBitsPerSecond;
  private final long originBitsPerSecond;
  private final Map<Integer, Long> bitsPerSecondOfWorker;

  private NetworkConfig(
      boolean namespaces,
      boolean ipv6,
      long workerBitsPerSecond,
      long originBitsPerSecond,
      Map<Integer, Long> bitsPerSecondOfWorker) {
    this.namespaces = namespaces;
    this.ipv6 = ipv6;
    this.workerBitsPerSecond = workerBitsPerSecond;
    this.originBitsPerSecond = originBitsPerSecond;
    this.bitsPerSecondOfWorker = Map.copyOf(bitsPerSecondOfWorker);
  }

  /** Every node has its own loopback address; no privileges needed, no limits possible. */
  public static NetworkConfig loopback() {
    return new NetworkConfig(false, false, UNLIMITED, UNLIMITED, Map.of());
  }

  /** Every worker and the origin have their own network namespace on one switch; needs root. */
  public static NetworkConfig namespaces() {
    return new NetworkConfig(true, false, UNLIMITED, UNLIMITED, Map.of());
  }

  /** The same network with every worker's link limited, in each direction on its own. */
  public NetworkConfig withWorkerLink(long bitsPerSecond) {
    return new NetworkConfig(
        checkNamespaces(), ipv6, bitsPerSecond, originBitsPerSecond, bitsPerSecondOfWorker);
  }

  /** The same network with one worker's link limited, in each direction on its own. */
  public NetworkConfig withWorkerLink(int worker, long bitsPerSecond) {
    Map<Integer, Long> changed = new HashMap<>(bitsPerSecondOfWorker);
    changed.put(worker, bitsPerSecond);
    return new NetworkConfig(
        checkNamespaces(), ipv6, workerBitsPerSecond, originBitsPerSecond, changed);
  }

  /** The same network with the origin's link limited, in each direction on its own. */
  public NetworkConfig withOriginLink(long bitsPerSecond) {
    return new NetworkConfig(
        checkNamespaces(), ipv6, workerBitsPerSecond, bitsPerSecond, bitsPerSecondOfWorker);
  }

  /**
   * The same network, in which workers call themselves by IPv6 addresses and reach each other by
   * them. Master and origin have IPv4 addresses, as have the workers beside.
   */
  public NetworkConfig withIpv6Workers() {
    return new NetworkConfig(
        checkNamespaces(), true, workerBitsPerSecond, originBitsPerSecond, bitsPerSecondOfWorker);
  }

  boolean usesIpv6() {
    return ipv6;
  }

  boolean usesNamespaces() {
    return namespaces;
  }

  long workerBitsPerSecond(int worker) {
    return bitsPerSecondOfWorker.getOrDefault(worker, workerBitsPerSecond);
  }

  long originBitsPerSecond() {
    return originBitsPerSecond;
  }

  private boolean checkNamespaces() {
    if (!namespaces) {
      throw new IllegalStateException(
          "a loopback network has no links to limit; use NetworkConfig.namespaces()");
    }
    return true;
  }
}
