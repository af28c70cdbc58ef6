// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.channel.Remedy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;

/**
 * Decides, over all files being fetched, which piece is read from the origin next.
 *
 * <p>Pieces that a reader waits for come first, then loads, then read-ahead, each in the order the
 * files were added and in file order. Read-ahead never takes the last few reads, so that a reader
 * who jumps somewhere does not queue behind it. When a reader wakes an idle worker, its piece gets
 * the link to itself until it is shown, or for a second: the first byte comes after one piece's
 * transfer, not after one of all the parallel reads, and the question for its version does not
 * queue behind them. So does, now and then, the piece of a reader who jumps while many reads share
 * the link: those go on, and no more of them begin. What nobody waits for begins with a few reads,
 * then one more for each that has landed: many connections that begin at once overflow the queues
 * before the link, and what is lost is waited for, by readers as well.
 *
 * <p>Pure: no I/O, threads or clock. For one thread.
 */
public final class FetchSchedule {
  static final long HEAD_START_NS = 1_000_000_000L;

  private final int maxReads;
  private final int maxBackgroundReads;
  private final int firstReads;
  private final List<Entry> entries = new ArrayList<>();
  private int reads;
  private int landedInARow;
  private boolean keepsWidth;
  private int turn;
  private FilePlan urgentPlan;
  private int urgentPiece;
  private boolean hadHeadStart;
  private long headStartEndNs;

  /**
   * @param maxReads reads in flight at most
   * @param firstReads with how many an idle worker begins
   */
  public FetchSchedule(int maxReads, int firstReads) {
    this.maxReads = maxReads;
    this.firstReads = firstReads;
    this.maxBackgroundReads = Math.max(1, maxReads - Math.max(1, maxReads / 8));
  }

  public void add(FilePlan plan) {
    add(plan, piece -> piece);
  }

  /**
   * @param gate which pieces may be read from the origin now; see {@link FilePlan#next}
   */
  void add(FilePlan plan, IntUnaryOperator gate) {
    entries.add(new Entry(plan, gate));
  }

  public void remove(FilePlan plan) {
    entries.removeIf(entry -> entry.plan == plan);
    if (urgentPlan == plan) {
      urgentPlan = null;
    }
  }

  /** The next read to start now; counts as started. Call until empty. */
  public Optional<Start> next(long nowNs) {
    return next(nowNs, maxReads);
  }

  /**
   * As {@link #next(long)}, with fewer reads in flight.
   *
   * @param limit reads in flight at most; one more for a reader who waits
   */
  Optional<Start> next(long nowNs, int limit) {
    if (urgentPlan != null && nowNs - headStartEndNs >= 0) {
      urgentPlan = null;
    }
    for (Interest interest : Interest.values()) {
      if (!mayStart(interest, limit)) {
        break;
      }
      // Readers of several files take turns; what nobody waits for goes in the order of the files.
      int first = interest == Interest.DEMANDED ? turn++ : 0;
      for (int i = 0; i < entries.size(); i++) {
        Entry entry = entries.get(Math.floorMod(first + i, entries.size()));
        OptionalInt piece = entry.plan.next(interest, entry.gate, nowNs);
        if (piece.isPresent()) {
          return Optional.of(start(entry.plan, piece.getAsInt(), interest, nowNs));
        }
      }
    }
    return Optional.empty();
  }

  private boolean mayStart(Interest interest, int limit) {
    if (interest == Interest.DEMANDED) {
      return reads < Math.min(maxReads, limit + 1);
    }
    int most = Math.min(maxBackgroundReads, gentleReads());
    return reads < Math.min(most, limit) && !isHeadStartUnderWay();
  }

  /** How many reads there may be so soon after the worker was idle. */
  private int gentleReads() {
    return Math.min(maxReads, firstReads + landedInARow);
  }

  private boolean isHeadStartUnderWay() {
    return urgentPlan != null && urgentPlan.isUnderWay(urgentPiece);
  }

  /** Half of the time belongs to the others, however often readers jump. */
  private boolean mayHoldUpOthers(long nowNs) {
    boolean rested = !hadHeadStart || nowNs - headStartEndNs >= HEAD_START_NS;
    return reads == 0 || (reads >= firstReads && rested);
  }

  private Start start(FilePlan plan, int piece, Interest interest, long nowNs) {
    if (interest == Interest.DEMANDED && (isHeadStartUnderWay() || mayHoldUpOthers(nowNs))) {
      if (!isHeadStartUnderWay()) {
        hadHeadStart = true;
        headStartEndNs = nowNs + HEAD_START_NS;
      }
      urgentPlan = plan;
      urgentPiece = piece;
    }
    landedInARow = reads == 0 && !keepsWidth ? 0 : landedInARow;
    keepsWidth &= reads == 0;
    reads++;
    plan.started(piece);
    return new Start(plan, piece, interest == Interest.DEMANDED || interest == Interest.WINDOW);
  }

  public void landed(FilePlan plan, int piece) {
    ended();
    landedInARow++;
    plan.landed(piece);
  }

  /**
   * A read failed.
   *
   * @return true if the piece is not tried again by itself
   */
  public boolean failed(FilePlan plan, int piece, Remedy remedy, long nowNs) {
    ended();
    return plan.failed(piece, remedy, nowNs);
  }

  /** A started piece could not be given room; it is not started again before {@code untilNs}. */
  public void withdrawn(FilePlan plan, int piece, long untilNs) {
    ended();
    plan.withdrawn(piece, untilNs);
  }

  /** A read was called off because the piece comes from elsewhere. */
  void released(FilePlan plan, int piece) {
    ended();
    plan.released(piece);
  }

  private void ended() {
    reads--;
  }

  /** The origin does not answer: when it does again, reads go on as many at once as before. */
  void keepWidth() {
    keepsWidth = true;
  }

  /** When {@link #next} may have something to start again although nothing happened. */
  public OptionalLong nextPauseEndNs() {
    OptionalLong earliest = OptionalLong.empty();
    if (reads >= maxReads) {
      return earliest;
    }
    if (isHeadStartUnderWay()) {
      earliest = OptionalLong.of(headStartEndNs);
    }
    for (Entry entry : entries) {
      OptionalLong end = entry.plan.nextPauseEndNs();
      if (end.isPresent() && (earliest.isEmpty() || end.getAsLong() - earliest.getAsLong() < 0)) {
        earliest = end;
      }
    }
    return earliest;
  }

  public int readsInFlight() {
    return reads;
  }

  private static final class Entry {
    private final FilePlan plan;
    private final IntUnaryOperator gate;

    Entry(FilePlan plan, IntUnaryOperator gate) {
      this.plan = plan;
      this.gate = gate;
    }
  }

  /** One read to start. */
  public static final class Start {
    private final FilePlan plan;
    private final int piece;
    private final boolean evenUncached;

    Start(FilePlan plan, int piece, boolean evenUncached) {
      this.plan = plan;
      this.piece = piece;
      this.evenUncached = evenUncached;
    }

    public FilePlan plan() {
      return plan;
    }

    public int piece() {
      return piece;
    }

    /** Whether the piece is worth reading even if there is no room to cache it. */
    public boolean evenUncached() {
      return evenUncached;
    }
  }
}
