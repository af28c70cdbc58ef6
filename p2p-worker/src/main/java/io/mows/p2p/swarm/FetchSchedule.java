// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.channel.Remedy;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

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
 * before the link, and what is lost is waited for, by readers as well. Where the source has found
 * that it brings more with more pieces under way ({@link #widen}), it gets them.
 *
 * <p>Pure: no I/O, threads or clock. For one thread.
 */
public final class FetchSchedule {
  static final long HEAD_START_NS = 1_000_000_000L;

  private final int maxReads;
  private final int firstReads;
  private final Candidates candidates = new Candidates();
  private int reads;
  private int widened;
  private int landedInARow;
  private boolean keepsWidth;
  private Candidates.Found lastForReader;
  private FilePlan urgentPlan;
  private int urgentPiece;
  private boolean hadHeadStart;
  private long headStartEndNs;

  /**
   * @param maxReads reads in flight at most, unless {@link #widen} says more
   * @param firstReads with how many an idle worker begins
   */
  public FetchSchedule(int maxReads, int firstReads) {
    this.maxReads = maxReads;
    this.firstReads = firstReads;
  }

  /** The source needs so many reads at once to give what it can; 0 if it does not know. */
  void widen(int pieces) {
    widened = pieces;
  }

  private int mostReads() {
    return Math.max(maxReads, widened);
  }

  public void add(FilePlan plan) {
    add(plan, Candidates.Gate.OPEN);
  }

  /**
   * @param gate which pieces may be read from the origin now; see {@link FilePlan#next}
   */
  void add(FilePlan plan, Candidates.Gate gate) {
    candidates.add(plan, gate);
  }

  Candidates candidates() {
    return candidates;
  }

  public void remove(FilePlan plan) {
    candidates.remove(plan);
    if (urgentPlan == plan) {
      urgentPlan = null;
    }
  }

  /** The next read to start now; counts as started. Call until empty. */
  public Optional<Start> next(long nowNs) {
    return next(nowNs, mostReads());
  }

  /**
   * As {@link #next(long)}, with fewer reads in flight.
   *
   * @param limit reads in flight at most; one more for a reader who waits
   */
  Optional<Start> next(long nowNs, int limit) {
    endHeadStart(nowNs);
    if (!mayStart(Interest.DEMANDED, limit)) {
      return Optional.empty();
    }
    candidates.endPauses(nowNs);
    for (Interest interest : Interest.values()) {
      if (!mayStart(interest, limit)) {
        break;
      }
      // Readers of several files take turns; what nobody waits for goes in the order of the files.
      boolean isForReader = interest == Interest.DEMANDED;
      Candidates.Found found = candidates.find(interest, isForReader ? lastForReader : null, nowNs);
      if (found != null) {
        lastForReader = isForReader ? found : lastForReader;
        return Optional.of(start(found.plan(), found.piece(), interest, nowNs));
      }
    }
    return Optional.empty();
  }

  /** Starts {@code piece} of {@code plan} now if it is wanted and there is a read for it. */
  Optional<Start> force(FilePlan plan, int piece, int limit, long nowNs) {
    endHeadStart(nowNs);
    for (Interest interest : Interest.values()) {
      if (!mayStart(interest, limit)) {
        break;
      }
      OptionalInt open = plan.next(interest, from -> from <= piece ? piece : -1, nowNs);
      if (open.isPresent()) {
        return Optional.of(start(plan, piece, interest, nowNs));
      }
    }
    return Optional.empty();
  }

  private void endHeadStart(long nowNs) {
    if (urgentPlan != null && nowNs - headStartEndNs >= 0) {
      urgentPlan = null;
    }
  }

  private boolean mayStart(Interest interest, int limit) {
    int most = mostReads();
    if (interest == Interest.DEMANDED) {
      return reads < Math.min(most, limit + 1);
    }
    int background = Math.min(Math.max(1, most - Math.max(1, most / 8)), gentleReads());
    return reads < Math.min(background, limit) && !isHeadStartUnderWay();
  }

  /** How many reads there may be so soon after the worker was idle. */
  private int gentleReads() {
    return Math.max(widened, Math.min(maxReads, firstReads + landedInARow));
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
    if (reads >= mostReads()) {
      return earliest;
    }
    if (isHeadStartUnderWay()) {
      earliest = OptionalLong.of(headStartEndNs);
    }
    OptionalLong end = candidates.nextPauseEndNs();
    boolean sooner =
        end.isPresent() && (earliest.isEmpty() || end.getAsLong() - earliest.getAsLong() < 0);
    return sooner ? end : earliest;
  }

  public int readsInFlight() {
    return reads;
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
