// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import java.util.List;
import java.util.function.LongSupplier;

/** What a worker does on its own account. Immutable. */
public final class WarmupSettings {
  private final List<String> preloadPaths;
  private final boolean prefetchIdle;
  private final LongSupplier linkBytesPerSecond;

  /**
   * @param preloadPaths what is loaded when the worker starts
   * @param prefetchIdle whether memory is filled with what the group uses while nobody reads
   * @param linkBytesPerSecond the fastest that this worker has received; 0 if it is not known
   */
  public WarmupSettings(
      List<String> preloadPaths, boolean prefetchIdle, LongSupplier linkBytesPerSecond) {
    this.preloadPaths = List.copyOf(preloadPaths);
    this.prefetchIdle = prefetchIdle;
    this.linkBytesPerSecond = linkBytesPerSecond;
  }

  List<String> preloadPaths() {
    return preloadPaths;
  }

  boolean prefetchIdle() {
    return prefetchIdle;
  }

  long linkBytesPerSecond() {
    return linkBytesPerSecond.getAsLong();
  }
}
