// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import java.util.OptionalLong;

/**
 * How long one origin has sent nothing, neither an answer nor a byte, although it was asked. One
 * that is merely slow sends something now and then.
 *
 * <p>Pure: no clock; for one thread.
 */
final class OriginSilence {
  /** A question may take that long without anything being said of it. */
  static final long USUAL_NS = 2_000_000_000L;

  private int open;
  private boolean heard;
  private long sinceNs;

  /** A question is asked. */
  void begun(long nowNs) {
    if (open == 0) {
      heard = false;
      sinceNs = nowNs;
    }
    open++;
  }

  /** A question is over, whatever became of it. */
  void ended() {
    open--;
  }

  /** It has answered, or bytes have come. */
  void heard() {
    heard = true;
  }

  /** To be called now and then: what was heard since the last call was heard now. */
  void listen(long nowNs) {
    if (heard) {
      heard = false;
      sinceNs = nowNs;
    }
  }

  /** How many questions are under way. */
  int open() {
    return open;
  }

  /** For how long it has been silent; empty if that is nothing unusual. */
  OptionalLong lengthNs(long nowNs) {
    long lengthNs = nowNs - sinceNs;
    boolean isUnusual = open > 0 && !heard && lengthNs >= USUAL_NS;
    return isUnusual ? OptionalLong.of(lengthNs) : OptionalLong.empty();
  }
}
