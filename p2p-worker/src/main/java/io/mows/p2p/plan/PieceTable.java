// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import static io.mows.p2p.plan.PieceStates.ARRIVING;
import static io.mows.p2p.plan.PieceStates.HAVE;
import static io.mows.p2p.plan.PieceStates.LANDED;
import static io.mows.p2p.plan.PieceStates.MISSING;

import io.mows.channel.Remedy;
import io.mows.p2p.piece.FileLayout;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;

/**
 * What is wanted of one file, what is there and what is on its way; decides which piece comes next.
 *
 * <p>A piece goes missing -> arriving -> landed -> have. <i>Landed</i> means that all its bytes are
 * here but the source has not yet been asked whether it is still the same version; only pieces that
 * we <i>have</i> are shown to readers. One question covers all pieces that landed before it.
 *
 * <p>Pure: no I/O, threads or clock; all times are handed in. For one thread.
 */
public final class PieceTable {
  private final FileLayout layout;
  private final PieceAttempts attempts;
  private final PieceStates states;
  private final BitSet startable = new BitSet();
  private final Wants wants;
  private final LandedPieces landed = new LandedPieces();
  private final BitSet presentBlocks = new BitSet();
  private final MissingPieces missing;
  private final PlanChanges changes;
  private boolean backgroundHeld;

  public PieceTable(FileLayout layout, Backoff backoff) {
    this.layout = layout;
    this.attempts = new PieceAttempts(backoff);
    this.states = new PieceStates(layout.pieceCount());
    this.missing = new MissingPieces(layout);
    this.wants = new Wants(layout.pieceCount(), startable);
    this.changes = new PlanChanges(wants, startable);
    startable.set(0, layout.pieceCount());
  }

  /** Has {@code watcher} run whenever this changes, in the middle of it. */
  public void onChange(Runnable watcher) {
    changes.watch(watcher);
  }

  public void offChange(Runnable watcher) {
    changes.unwatch(watcher);
  }

  /** One more reader waits for {@code piece}. */
  public void demand(int piece) {
    wants.reached(piece);
    if (!states.is(piece, HAVE)) {
      wants.demanded.set(piece);
      wake(piece);
    }
    wants.waiterCame(piece);
    changes.of(piece);
  }

  /** A reader has come to {@code piece}, without having to wait: read-ahead goes on from there. */
  public void reached(int piece) {
    if (wants.reached(piece)) {
      changes.tell();
    }
  }

  /** One reader less waits for {@code piece}. */
  public void undemand(int piece) {
    if (wants.waiterLeft(piece)) {
      changes.of(piece);
    }
  }

  public boolean isAwaited(int piece) {
    return wants.isAwaited(piece);
  }

  /** Whether {@code piece} is wanted although it will not be cached. */
  public boolean isWantedUncached(int piece) {
    return wants.isAwaited(piece) || wants.window.get(piece);
  }

  /** Whether readers wait for any piece. */
  public boolean isAnyAwaited() {
    return wants.isAnyAwaited();
  }

  /** A load command wants all pieces of {@code block}. */
  public void want(int block) {
    addMissing(wants.wanted, layout.firstPieceOfBlock(block), layout.lastPieceOfBlock(block));
  }

  /** One piece is wanted like those of a load, or not any more. */
  public void setWanted(int piece, boolean isWanted) {
    wants.wanted.set(piece, isWanted && !states.is(piece, HAVE));
    if (isWanted) {
      wake(piece);
    }
    changes.of(piece);
  }

  /** Whether {@code piece} is wanted like those of a load. */
  public boolean isWanted(int piece) {
    return wants.wanted.get(piece);
  }

  /** Somebody asks for it: what has been given up is tried again. */
  private void wake(int piece) {
    startable.set(
        piece, startable.get(piece) || (attempts.wake(piece) && states.is(piece, MISSING)));
  }

  /** {@code piece} and the {@code count} pieces behind it are read without being cached. */
  public void slideWindow(int piece, int count) {
    wants.window.clear();
    addMissing(wants.window, piece, Math.min(piece + count, layout.pieceCount() - 1));
  }

  /** Read the whole file ahead, {@code budgetBytes} beyond the last awaited piece at most. */
  public void readAhead(long budgetBytes) {
    wants.limitAhead(budgetBytes / layout.pieceBytes());
    addMissing(wants.ahead, 0, layout.pieceCount() - 1);
  }

  /** Undoes {@link #readAhead}: what is under way still comes. */
  public void endReadAhead() {
    wants.ahead.clear();
    changes.of(0, layout.pieceCount() - 1);
  }

  /** Nobody but a waiting reader wants the pieces from {@code first} to {@code last} any more. */
  public void dropBackground(int first, int last) {
    wants.dropBackground(first, last);
    changes.of(first, last);
  }

  /** Whether loads and read-ahead have to wait although they want something. */
  public void holdBackground(boolean isHeld) {
    if (backgroundHeld != isHeld) {
      backgroundHeld = isHeld;
      changes.tell();
    }
  }

  private void addMissing(BitSet priority, int first, int last) {
    for (int piece = first; piece <= last; piece++) {
      if (!states.is(piece, HAVE)) {
        priority.set(piece);
        wake(piece);
      }
    }
    changes.of(first, last);
  }

  /**
   * The next piece to start for this reason that {@code gate} lets through, if there is one.
   *
   * @param gate gives the first piece from its argument on that it lets through, or -1; asked
   *     before every decision, so it must not look at each piece of a large file
   */
  public OptionalInt next(Priority priority, IntUnaryOperator gate, long nowNs) {
    endPauses(nowNs);
    boolean isBackground = priority == Priority.LOAD || priority == Priority.READ_AHEAD;
    return backgroundHeld && isBackground ? OptionalInt.empty() : wants.next(priority, gate);
  }

  /** Whether {@code piece} may be started now, or got from a peer, and anybody wants it. */
  public boolean needs(int piece) {
    return (startable.get(piece) || attempts.isGivenUp(piece))
        && (wants.isForReaders(piece) || (!backgroundHeld && wants.isForBackground(piece)));
  }

  /** The first piece from {@code from} on that a reader waits for and may be started, or -1. */
  public int nextDemanded(int from) {
    return wants.nextStartable(wants.demanded, from);
  }

  /** Nobody but readers gets anything: no load, no read-ahead. */
  public boolean isOnDemand() {
    return backgroundHeld || wants.isOnDemand();
  }

  /** The first piece from {@code from} on that follows what is read uncached, or -1. */
  public int nextInWindow(int from) {
    return wants.nextStartable(wants.window, from);
  }

  /** How many pieces are wanted and not started. */
  public int backlog() {
    return changes.backlog();
  }

  public void endPauses(long nowNs) {
    attempts.endRests(
        nowNs,
        piece -> {
          startable.set(piece, states.is(piece, MISSING));
          changes.of(piece);
        });
  }

  /** Whether any piece is wanted for this reason, now or later. */
  public boolean wantsAny(Priority priority) {
    return !wants.of(priority).isEmpty();
  }

  /** When the next piece has rested for long enough. */
  public OptionalLong nextRestEndNs() {
    return attempts.nextRestEndNs();
  }

  /** When the next pause after a failure ends. */
  public OptionalLong nextPauseEndNs() {
    return attempts.nextEndNs();
  }

  public void started(int piece) {
    states.move(piece, MISSING, ARRIVING);
    startable.clear(piece);
    attempts.wake(piece);
    changes.of(piece);
  }

  /** All bytes of {@code piece} are here. */
  public void landed(int piece) {
    states.move(piece, ARRIVING, LANDED);
    landed.add(piece);
    changes.of(piece);
  }

  /** {@code piece} has come from a peer who knows that it is of our version. */
  public void arrived(int piece) {
    states.move(piece, ARRIVING, HAVE);
    have(piece);
  }

  /** {@code piece} was started but is not coming from there; it may be started again at once. */
  public void released(int piece) {
    states.move(piece, ARRIVING, MISSING);
    startable.set(piece);
    changes.of(piece);
  }

  /**
   * {@code piece} did not arrive, or its version could not be confirmed.
   *
   * @return true if it is not tried again by itself: its readers and loads must be told
   */
  public boolean failed(int piece, Remedy remedy, long nowNs) {
    states.set(piece, MISSING);
    landed.remove(piece);
    boolean givenUp = attempts.failed(piece, remedy, nowNs);
    if (givenUp) {
      dropAwaited(piece);
    }
    changes.of(piece);
    return givenUp;
  }

  /**
   * Readers and loads are told that {@code piece} does not come; those who come later ask anew.
   * What nobody waits for stays wanted, so that it goes on at full width.
   */
  public void dropAwaited(int piece) {
    wants.demanded.clear(piece);
    wants.wanted.clear(piece);
    changes.of(piece);
  }

  /** {@code piece} was started but could not be given room; not before {@code untilNs} again. */
  public void withdrawn(int piece, long untilNs) {
    states.move(piece, ARRIVING, MISSING);
    attempts.rest(piece, untilNs);
    changes.of(piece);
  }

  /**
   * Whether the source should be asked now if it is still the same version: at once when a reader
   * waits, otherwise when nothing more is arriving or enough has landed to make it worth while.
   */
  public boolean wantsValidation(int batch) {
    return landed.wantsQuestion(batch, states.arriving() == 0, wants.demanded);
  }

  /** The pieces that the question asked now covers; end it with one of the next two methods. */
  public BitSet beginValidation() {
    BitSet asked = landed.ask();
    changes.tell();
    return asked;
  }

  /** The source has not changed: {@code pieces} are ours. */
  public void validated(BitSet pieces) {
    landed.answered();
    for (int piece = pieces.nextSetBit(0); piece >= 0; piece = pieces.nextSetBit(piece + 1)) {
      if (states.is(piece, LANDED)) {
        landed.remove(piece);
        have(piece);
      }
    }
    changes.tell();
  }

  public void validationEnded() {
    landed.answered();
    changes.tell();
  }

  /** {@code block} is in the block store already; call before anything else is done. */
  public void presentBlock(int block) {
    presentBlocks.set(block);
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      if (layout.isWithin(p, presentBlocks) && states.is(p, MISSING)) {
        have(p);
      }
    }
    missing.forgetCompleted();
  }

  private void have(int piece) {
    states.set(piece, HAVE);
    startable.clear(piece);
    attempts.succeeded(piece);
    wants.drop(piece);
    missing.arrived(piece);
    changes.of(piece);
  }

  /** The bytes of {@code piece} are gone again (evicted, dropped); it is missing from now on. */
  public void lost(int piece) {
    if (!states.is(piece, HAVE)) {
      return;
    }
    states.set(piece, MISSING);
    startable.set(piece);
    if (wants.isAwaited(piece)) {
      wants.demanded.set(piece);
    }
    missing.lost(piece);
    changes.of(piece);
  }

  /** Whether all pieces of {@code block} are ours. */
  public boolean hasBlock(int block) {
    return missing.isComplete(block);
  }

  /** A block whose pieces have all become ours since the last call, or null. */
  public Integer pollCompletedBlock() {
    return missing.pollCompleted();
  }

  /** {@code piece} has been started, and not all of its bytes are here. */
  public boolean isArriving(int piece) {
    return states.is(piece, ARRIVING);
  }

  /** {@code piece} has been started and can neither be shown nor started again. */
  public boolean isUnderWay(int piece) {
    return states.is(piece, ARRIVING) || states.is(piece, LANDED);
  }

  public boolean has(int piece) {
    return states.is(piece, HAVE);
  }

  /** Read-ahead has stopped at its budget; it goes on when a reader comes nearer. */
  public boolean hasMoreAhead() {
    return !wants.ahead.isEmpty();
  }

  /** Nothing is arriving, waiting to be confirmed, or tried before a reader asks again. */
  public boolean isIdle() {
    return states.arriving() == 0
        && landed.isIdle()
        && !wants.isAnyAwaited()
        && wants.demanded.isEmpty()
        && wants.wanted.isEmpty()
        && attempts.areGivenUp(wants.window, layout.pieceCount())
        && attempts.areGivenUp(wants.ahead, wants.lastAhead() + 1);
  }
}
