// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import alluxio.wire.WorkerInfo;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the worker of a node among those that the master lists. */
final class LocalWorker {
  private LocalWorker() {}

  /** The first one whose host is called this, or has an address that this host has. */
  static Optional<WorkerInfo> find(List<WorkerInfo> workers, String host) {
    Optional<WorkerInfo> named =
        workers.stream().filter(worker -> host.equals(worker.getAddress().getHost())).findFirst();
    if (named.isPresent()) {
      return named;
    }
    Set<InetAddress> addresses = addresses(host);
    return workers.stream()
        .filter(
            worker ->
                addresses(worker.getAddress().getHost()).stream().anyMatch(addresses::contains))
        .findFirst();
  }

  private static Set<InetAddress> addresses(String host) {
    try {
      return new HashSet<>(Arrays.asList(InetAddress.getAllByName(host)));
    } catch (UnknownHostException e) {
      return Set.of();
    }
  }
}
