// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.fetch.FetchMetrics;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.Consumer;

/** Hears what would be counted, and tells of what blames somebody. */
final class SimEvents {
  /** What must not follow from a fault of the worker's own store. */
  private static final Set<String> BLAME =
      Set.of("pieceFailed", "downloadFailed", "originRefused", "peerQuarantined");

  private SimEvents() {}

  static FetchMetrics of(Consumer<String> blamed) {
    return (FetchMetrics)
        Proxy.newProxyInstance(
            SimEvents.class.getClassLoader(),
            new Class<?>[] {FetchMetrics.class},
            (proxy, method, args) -> {
              // Who waits for a file of which nothing may be shown is told that there is no room.
              boolean isOwnEnd =
                  method.getName().equals("pieceFailed") && args[1].equals(0L) && (boolean) args[3];
              if (BLAME.contains(method.getName()) && !isOwnEnd) {
                blamed.accept(method.getName());
              }
              return null;
            });
  }
}
