// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.plan.Priority;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntSupplier;

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
  private final int maxReads;
  private final int firstReads;
  private final IntSupplier readsInFlight;
  private final Candidates candidates = new Candidates();
  private final HeadStart headStart = new HeadStart();
  private int widened;
  private int landedInARow;
  private boolean keepsWidth;
  private Candidates.Found lastForReader;

  /**
   * @param maxReads reads in flight at most, unless {@link #widen} says more
   * @param firstReads with how many an idle worker begins
   * @param readsInFlight how many there are; one more after each {@link OriginStart}
   */
  public OriginSchedule(int maxReads, int firstReads, IntSupplier readsInFlight) {
    this.maxReads = maxReads;
    this.firstReads = firstReads;
    this.readsInFlight = readsInFlight;
  }

  /** The source needs so many reads at once to give what it can; 0 if it does not know. */
  public void widen(int pieces) {
    widened = pieces;
  }

  private int mostReads() {
    return Math.max(maxReads, widened);
  }

  public void add(PieceTable plan) {
    add(plan, ReadGate.OPEN);
  }

  /**
   * @param gate which pieces may be read from the origin now; see {@link PieceTable#next}
   */
  public void add(PieceTable plan, ReadGate gate) {
    candidates.add(plan, gate);
  }

  public Candidates candidates() {
    return candidates;
  }

  public void remove(PieceTable plan) {
    candidates.remove(plan);
    headStart.forget(plan);
  }

  /** The next read to start now; its piece counts as started. Call until empty. */
  public Optional<OriginStart> next(long nowNs) {
    return next(nowNs, mostReads());
  }

  /**
   * As {@link #next(long)}, with fewer reads in flight.
   *
   * @param limit reads in flight at most; one more for a reader who waits
   */
  public Optional<OriginStart> next(long nowNs, int limit) {
    headStart.endIfOver(nowNs);
    // Also if nothing may start now: else nextPauseEndNs would go on naming what is over.
    candidates.endPauses(nowNs);
    if (!mayStart(Priority.READER, limit)) {
      return Optional.empty();
    }
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
  public Optional<OriginStart> force(PieceTable plan, int piece, int limit, long nowNs) {
    headStart.endIfOver(nowNs);
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

  private boolean mayStart(Priority priority, int limit) {
    int most = mostReads();
    if (priority == Priority.READER) {
      return readsInFlight.getAsInt() < Math.min(most, limit + 1);
    }
    int background = Math.min(Math.max(1, most - Math.max(1, most / 8)), gentleReads());
    return readsInFlight.getAsInt() < Math.min(background, limit) && !headStart.isUnderWay();
  }

  /** How many reads there may be so soon after the worker was idle. */
  private int gentleReads() {
    return Math.max(widened, Math.min(maxReads, firstReads + landedInARow));
  }

  private boolean mayHoldUpOthers(long nowNs) {
    int reads = readsInFlight.getAsInt();
    return reads == 0 || (reads >= firstReads && headStart.hasRested(nowNs));
  }

  private OriginStart start(PieceTable plan, int piece, Priority priority, long nowNs) {
    if (priority == Priority.READER && (headStart.isUnderWay() || mayHoldUpOthers(nowNs))) {
      headStart.give(plan, piece, nowNs);
    }
    boolean wasIdle = readsInFlight.getAsInt() == 0;
    landedInARow = wasIdle && !keepsWidth ? 0 : landedInARow;
    keepsWidth &= wasIdle;
    plan.started(piece);
    return new OriginStart(plan, piece, priority == Priority.READER || priority == Priority.STREAM);
  }

  /** A read has brought its piece: the next one may begin beside those that go on. */
  public void landed() {
    landedInARow++;
  }

  /** The origin does not answer: when it does again, reads go on as many at once as before. */
  public void keepWidth() {
    keepsWidth = true;
  }

  /** When {@link #next} may have something to start again although nothing happened. */
  public OptionalLong nextPauseEndNs() {
    OptionalLong earliest = OptionalLong.empty();
    if (readsInFlight.getAsInt() >= mostReads()) {
      return earliest;
    }
    if (headStart.isUnderWay()) {
      earliest = OptionalLong.of(headStart.endNs());
    }
    OptionalLong end = candidates.nextPauseEndNs();
    boolean sooner =
        end.isPresent() && (earliest.isEmpty() || end.getAsLong() - earliest.getAsLong() < 0);
    return sooner ? end : earliest;
  }
}
