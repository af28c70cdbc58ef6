// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import io.mows.channel.Remedy;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.plan.Priority;
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
public final class OriginSchedule {
  static final long HEAD_START_NS = 1_000_000_000L;

  private final int maxReads;
  private final int firstReads;
  private final Candidates candidates = new Candidates();
  private int reads;
  private int widened;
  private int landedInARow;
  private boolean keepsWidth;
  private Candidates.Found lastForReader;
  private PieceTable urgentPlan;
  private int urgentPiece;
  private boolean hadHeadStart;
  private long headStartEndNs;

  /**
   * @param maxReads reads in flight at most, unless {@link #widen} says more
   * @param firstReads with how many an idle worker begins
   */
  public OriginSchedule(int maxReads, int firstReads) {
    this.maxReads = maxReads;
    this.firstReads = firstReads;
  }

  /** The source needs so many reads at once to give what it can; 0 if it does not know. */
  public void widen(int pieces) {
    widened = pieces;
  }

  private int mostReads() {
    return Math.max(maxReads, widened);
  }

  public void add(PieceTable plan) {
    add(plan, Candidates.Gate.OPEN);
  }

  /**
   * @param gate which pieces may be read from the origin now; see {@link PieceTable#next}
   */
  public void add(PieceTable plan, Candidates.Gate gate) {
    candidates.add(plan, gate);
  }

  public Candidates candidates() {
    return candidates;
  }

  public void remove(PieceTable plan) {
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
  public Optional<Start> next(long nowNs, int limit) {
    endHeadStart(nowNs);
    if (!mayStart(Priority.READER, limit)) {
      return Optional.empty();
    }
    candidates.endPauses(nowNs);
    for (Priority priority : Priority.values()) {
      if (!mayStart(priority, limit)) {
        break;
      }
      // Readers of several files take turns; what nobody waits for goes in the order of the files.
      boolean isForReader = priority == Priority.READER;
      Candidates.Found found = candidates.find(priority, isForReader ? lastForReader : null, nowNs);
      if (found != null) {
        lastForReader = isForReader ? found : lastForReader;
        return Optional.of(start(found.plan(), found.piece(), priority, nowNs));
      }
    }
    return Optional.empty();
  }

  /** Starts {@code piece} of {@code plan} now if it is wanted and there is a read for it. */
  public Optional<Start> force(PieceTable plan, int piece, int limit, long nowNs) {
    endHeadStart(nowNs);
    for (Priority priority : Priority.values()) {
      if (!mayStart(priority, limit)) {
        break;
      }
      OptionalInt open = plan.next(priority, from -> from <= piece ? piece : -1, nowNs);
      if (open.isPresent()) {
        return Optional.of(start(plan, piece, priority, nowNs));
      }
    }
    return Optional.empty();
  }

  private void endHeadStart(long nowNs) {
    if (urgentPlan != null && nowNs - headStartEndNs >= 0) {
      urgentPlan = null;
    }
  }

  private boolean mayStart(Priority priority, int limit) {
    int most = mostReads();
    if (priority == Priority.READER) {
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

  private Start start(PieceTable plan, int piece, Priority priority, long nowNs) {
    if (priority == Priority.READER && (isHeadStartUnderWay() || mayHoldUpOthers(nowNs))) {
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
    return new Start(plan, piece, priority == Priority.READER || priority == Priority.STREAM);
  }

  public void landed(PieceTable plan, int piece) {
    ended();
    landedInARow++;
    plan.landed(piece);
  }

  /**
   * A read failed.
   *
   * @return true if the piece is not tried again by itself
   */
  public boolean failed(PieceTable plan, int piece, Remedy remedy, long nowNs) {
    ended();
    return plan.failed(piece, remedy, nowNs);
  }

  /** A started piece could not be given room; it is not started again before {@code untilNs}. */
  public void withdrawn(PieceTable plan, int piece, long untilNs) {
    ended();
    plan.withdrawn(piece, untilNs);
  }

  /** A read was called off because the piece comes from elsewhere. */
  public void released(PieceTable plan, int piece) {
    ended();
    plan.released(piece);
  }

  private void ended() {
    reads--;
  }

  /** The origin does not answer: when it does again, reads go on as many at once as before. */
  public void keepWidth() {
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
    private final PieceTable plan;
    private final int piece;
    private final boolean evenUncached;

    Start(PieceTable plan, int piece, boolean evenUncached) {
      this.plan = plan;
      this.piece = piece;
      this.evenUncached = evenUncached;
    }

    public PieceTable plan() {
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
