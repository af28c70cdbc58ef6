// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

/**
 * Knows whether readers wait for pieces and since when none does. For the engine's thread, but for
 * {@link #hadReaders} and {@link #lastNs}.
 */
final class ReaderWatch {
  private Runnable onBegin = () -> {};
  private int waiting;
  private volatile boolean hadReaders;
  private volatile long lastNs;

  /** Called whenever a reader begins to wait. */
  void onBegin(Runnable action) {
    onBegin = action;
  }

  void begun(long nowNs) {
    waiting++;
    lastNs = nowNs;
    hadReaders = true;
    onBegin.run();
  }

  void ended(long nowNs) {
    waiting--;
    lastNs = nowNs;
  }

  /** Whether a reader waits now, or has within {@code withinNs}. */
  boolean isActive(long withinNs, long nowNs) {
    return waiting > 0 || (hadReaders && nowNs - lastNs < withinNs);
  }

  /** Any thread: whether there ever was one. */
  boolean hadReaders() {
    return hadReaders;
  }

  /** Any thread: when the last one began or ended to wait. */
  long lastNs() {
    return lastNs;
  }
}
