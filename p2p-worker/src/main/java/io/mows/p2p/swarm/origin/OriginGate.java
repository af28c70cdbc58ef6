// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import io.mows.p2p.plan.Backoff;

/**
 * Whether one origin, or one file of it, may be asked now. Open as long as it answers; after two
 * failures in a row closed: then one question at a time, with a pause before each that doubles. The
 * first answer to a question that was asked since opens it for all.
 *
 * <p>A single failure among successes closes nothing: it is a connection that broke, not the
 * origin. Pure: no clock; for one thread.
 */
final class OriginGate {
  /** Who asks first may do so that soon after the last question of another one. */
  static final long FIRST_PAUSE_NS = 250_000_000L;

  private static final long MAX_PAUSE_NS = 4_000_000_000L;

  /** A question without an answer for so long keeps the next one back no more. */
  private static final long LOST_NS = 30_000_000_000L;

  /** What was not asked for so long may have been well in between. */
  private static final long STALE_NS = 60_000_000_000L;

  private static final int FAILURES_IN_A_ROW = 2;

  private final Backoff backoff = new Backoff(FIRST_PAUSE_NS, MAX_PAUSE_NS, Integer.MAX_VALUE);
  private final OriginSilence silence = new OriginSilence();
  private final int salt;

  /** The number of the question that is asked while it is closed; 0 for none. */
  private long probe;

  private long probeSinceNs;
  private long askedNs;
  private int inARow;
  private int pauses;
  private long nextNs;
  private long closedAtNumber;
  private long sinceNs;
  private long failedNs;
  private OriginFault fault;
  private String reason;

  /**
   * @param salt decides the jitter of the pauses
   */
  OriginGate(int salt) {
    this.salt = salt;
  }

  /** What has come of the questions that are under way. */
  OriginSilence silence() {
    return silence;
  }

  boolean isClosed() {
    return inARow >= FAILURES_IN_A_ROW;
  }

  /** Whether the last answer was a failure. */
  boolean isFailing() {
    return inARow > 0;
  }

  /** Whether somebody may ask who has been told of the failure before. */
  boolean mayAsk(long nowNs) {
    return !isClosed() || (!isProbed(nowNs) && nowNs - nextNs >= 0);
  }

  /** Whether somebody may ask who has not failed: perhaps it is only the others who do. */
  boolean mayAskFirst(long nowNs) {
    return !isClosed() || (!isProbed(nowNs) && nowNs - askedNs >= FIRST_PAUSE_NS);
  }

  private boolean isProbed(long nowNs) {
    return probe != 0 && nowNs - probeSinceNs < LOST_NS;
  }

  /**
   * A question is asked.
   *
   * @param ask its number, larger than those before; never 0
   */
  void begun(long ask, long nowNs) {
    askedNs = nowNs;
    silence.begun(nowNs);
    if (isClosed()) {
      probe = ask;
      probeSinceNs = nowNs;
    }
  }

  /** The question is over without an answer that says anything of the origin. */
  void dropped(long ask) {
    silence.ended();
    if (probe == ask) {
      probe = 0;
    }
  }

  /** The origin has given what was asked for, or has a reason that is not its own. */
  void answered(long ask) {
    dropped(ask);
    silence.heard();
    if (isClosed() && ask < closedAtNumber) {
      // It was asked when all was well.
      return;
    }
    inARow = 0;
    pauses = 0;
    fault = null;
    reason = null;
  }

  /**
   * @param newFault one that may pass
   * @param newReason for the operator
   * @param nextNumber that of the next question
   */
  void failed(long ask, OriginFault newFault, String newReason, long nextNumber, long nowNs) {
    boolean wasProbe = probe == ask;
    dropped(ask);
    if (newFault == OriginFault.DENIED) {
      silence.heard();
    }
    if (inARow > 0 && nowNs - failedNs >= STALE_NS) {
      inARow = 0;
      pauses = 0;
    }
    if (inARow == 0) {
      sinceNs = nowNs;
    }
    inARow++;
    failedNs = nowNs;
    fault = newFault;
    reason = newReason;
    if (inARow == FAILURES_IN_A_ROW || wasProbe) {
      // Those that were under way when it closed say nothing new.
      closedAtNumber = nextNumber;
      nextNs = nowNs + backoff.pauseNs(++pauses, salt);
    }
  }

  /** When the first of the failures was that have come in a row; only while it fails. */
  long sinceNs() {
    return sinceNs;
  }

  /** Only while it fails. */
  OriginFault fault() {
    return fault;
  }

  /** Only while it fails. */
  String reason() {
    return reason;
  }
}
