// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.wire;

import java.util.HashSet;
import java.util.Set;

/**
 * Refuses messages that were sent before: those whose clock is too far off, and those whose random
 * number it has seen. Bounded memory. Thread-safe.
 */
public final class ReplayGuard {
  /** How far the time of a message may be from that of whoever gets it. */
  public static final long WINDOW_MS = 60_000;

  private static final int MAX_REMEMBERED = 1_000_000;

  private Set<Long> recent = new HashSet<>();
  private Set<Long> older = new HashSet<>();
  private long rotatedMs;

  /**
   * @param nowMs a clock that never goes back: what was forgotten must stay in the past
   * @throws ClockException if its time is too far from that
   * @throws SealException if the message must not be acted upon
   */
  public synchronized void check(MessageSeal.Opened message, long nowMs) throws SealException {
    long offMs = message.timeMs() - nowMs;
    if (Math.abs(offMs) > WINDOW_MS) {
      throw new ClockException(
          "A message was sent "
              + Math.abs(offMs)
              + " ms in the "
              + (offMs < 0 ? "past" : "future")
              + " by this worker's clock: synchronise the clocks of all workers (NTP).",
          message.nonce());
    }
    // Whatever is remembered for two windows is refused by its time afterwards.
    if (Math.abs(nowMs - rotatedMs) > 2 * WINDOW_MS) {
      older = recent;
      recent = new HashSet<>();
      rotatedMs = nowMs;
    }
    if (older.contains(message.nonce())) {
      throw new SealException("A message was sent twice.");
    }
    if (recent.size() >= MAX_REMEMBERED) {
      throw new SealException("More messages than this worker can remember.");
    }
    if (!recent.add(message.nonce())) {
      throw new SealException("A message was sent twice.");
    }
  }
}
