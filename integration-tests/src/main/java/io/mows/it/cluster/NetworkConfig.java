// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.util.HashMap;
import java.util.Map;

/** How the nodes of a cluster are connected; immutable. */
public final class NetworkConfig {
  /** A link that is not limited. */
  public static final long UNLIMITED = 0;

  private final boolean namespaces;
  private final long workerBitsPerSecond;
  private final long originBitsPerSecond;
  private final Map<Integer, Long> bitsPerSecondOfWorker;

  private NetworkConfig(
      boolean namespaces,
      long workerBitsPerSecond,
      long originBitsPerSecond,
      Map<Integer, Long> bitsPerSecondOfWorker) {
    this.namespaces = namespaces;
    this.workerBitsPerSecond = workerBitsPerSecond;
    this.originBitsPerSecond = originBitsPerSecond;
    this.bitsPerSecondOfWorker = Map.copyOf(bitsPerSecondOfWorker);
  }

  /** Every node has its own loopback address; no privileges needed, no limits possible. */
  public static NetworkConfig loopback() {
    return new NetworkConfig(false, UNLIMITED, UNLIMITED, Map.of());
  }

  /** Every worker and the origin have their own network namespace on one switch; needs root. */
  public static NetworkConfig namespaces() {
    return new NetworkConfig(true, UNLIMITED, UNLIMITED, Map.of());
  }

  /** The same network with every worker's link limited, in each direction on its own. */
  public NetworkConfig withWorkerLink(long bitsPerSecond) {
    return new NetworkConfig(
        checkNamespaces(), bitsPerSecond, originBitsPerSecond, bitsPerSecondOfWorker);
  }

  /** The same network with one worker's link limited, in each direction on its own. */
  public NetworkConfig withWorkerLink(int worker, long bitsPerSecond) {
    Map<Integer, Long> changed = new HashMap<>(bitsPerSecondOfWorker);
    changed.put(worker, bitsPerSecond);
    return new NetworkConfig(checkNamespaces(), workerBitsPerSecond, originBitsPerSecond, changed);
  }

  /** The same network with the origin's link limited, in each direction on its own. */
  public NetworkConfig withOriginLink(long bitsPerSecond) {
    return new NetworkConfig(
        checkNamespaces(), workerBitsPerSecond, bitsPerSecond, bitsPerSecondOfWorker);
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
