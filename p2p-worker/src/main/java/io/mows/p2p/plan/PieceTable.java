// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import io.mows.channel.Remedy;
import io.mows.p2p.piece.FileLayout;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;

/**
 * What is there of one file and what is on its way; {@link #wants} is what is wanted of it. Decides
 * which piece comes next. Pure; for one thread.
 *
 * <p>A piece goes missing -> arriving -> landed -> have. <i>Landed</i> means that all its bytes are
 * here but the source has not yet been asked whether it is still the same version; only pieces that
 * we <i>have</i> are shown to readers. One question covers all pieces that landed before it.
 */
public final class PieceTable {
  private final FileLayout layout;
  private final PieceStates states;
  private final Wants wants;
  private final MissingPieces missing;
  private final PlanChanges changes;
  private final BitSet presentBlocks = new BitSet();

  public PieceTable(FileLayout layout, Backoff backoff) {
    this.layout = layout;
    this.states = new PieceStates(layout.pieceCount(), backoff);
    this.wants = new Wants(layout, states);
    this.missing = new MissingPieces(layout);
    this.changes = wants.changes();
  }

  /** Has {@code watcher} run whenever this changes, in the middle of it. */
  public void onChange(Runnable watcher) {
    changes.watch(watcher);
  }

  public void offChange(Runnable watcher) {
    changes.unwatch(watcher);
  }

  /** Why pieces are wanted, and by whom. */
  public Wants wants() {
    return wants;
  }

  /**
   * The next piece to start for this reason that {@code gate} lets through, if there is one.
   *
   * @param gate gives the first piece from its argument on that it lets through, or -1; asked
   *     before every decision, so it must not look at each piece of a large file
   */
  public OptionalInt next(Priority priority, IntUnaryOperator gate, long nowNs) {
    endPauses(nowNs);
    return wants.next(priority, gate);
  }

  public void endPauses(long nowNs) {
    states.endPauses(nowNs, changes::of);
  }

  /** When the next piece has rested for long enough. */
  public OptionalLong nextRestEndNs() {
    return states.nextRestEndNs();
  }

  /** When the next pause after a failure ends. */
  public OptionalLong nextPauseEndNs() {
    return states.nextPauseEndNs();
  }

  public void started(int piece) {
    states.started(piece);
    changes.of(piece);
  }

  /** All bytes of {@code piece} are here. */
  public void landed(int piece) {
    states.landed(piece);
    changes.of(piece);
  }

  /** {@code piece} has come from a peer who knows that it is of our version. */
  public void arrived(int piece) {
    states.arrived(piece);
    came(piece);
  }

  /** {@code piece} was started but is not coming from there; it may be started again at once. */
  public void released(int piece) {
    states.released(piece);
    changes.of(piece);
  }

  /** {@code piece} has landed, and its bytes are given up. */
  public void dropped(int piece) {
    states.dropped(piece);
    changes.of(piece);
  }

  /**
   * {@code piece} did not arrive, or its version could not be confirmed.
   *
   * @return true if it is not tried again by itself: its readers and loads must be told
   */
  public boolean failed(int piece, Remedy remedy, long nowNs) {
    boolean givenUp = states.failed(piece, remedy, nowNs);
    if (givenUp) {
      wants.failed(piece);
    }
    changes.of(piece);
    return givenUp;
  }

  /** {@code piece} was started but could not be given room; not before {@code untilNs} again. */
  public void withdrawn(int piece, long untilNs) {
    states.withdrawn(piece, untilNs);
    changes.of(piece);
  }

  /**
   * Whether the source should be asked now if it is still the same version: at once when a reader
   * waits, otherwise when nothing more is arriving or enough has landed to make it worth while.
   */
  public boolean wantsValidation(int batch) {
    return states.wantsQuestion(batch, wants.demanded());
  }

  /** The pieces that the question asked now covers; end it with one of the next two methods. */
  public BitSet beginValidation() {
    BitSet asked = states.ask();
    changes.tell();
    return asked;
  }

  /** The source has not changed: {@code pieces} are ours. */
  public void validated(BitSet pieces) {
    states.answered();
    for (int piece = pieces.nextSetBit(0); piece >= 0; piece = pieces.nextSetBit(piece + 1)) {
      if (states.confirmed(piece)) {
        came(piece);
      }
    }
    changes.tell();
  }

  public void validationEnded() {
    states.answered();
    changes.tell();
  }

  /** {@code block} is in the block store already; call before anything else is done. */
  public void presentBlock(int block) {
    presentBlocks.set(block);
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      if (layout.isWithin(p, presentBlocks) && states.present(p)) {
        came(p);
      }
    }
    missing.forgetCompleted();
  }

  private void came(int piece) {
    wants.arrived(piece);
    missing.arrived(piece);
    changes.of(piece);
  }

  /** The bytes of {@code piece} are gone again (evicted, dropped); it is missing from now on. */
  public void lost(int piece) {
    if (states.lost(piece)) {
      wants.lost(piece);
      missing.lost(piece);
      changes.of(piece);
    }
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
    return states.isArriving(piece);
  }

  /** {@code piece} has been started and can neither be shown nor started again. */
  public boolean isUnderWay(int piece) {
    return states.isUnderWay(piece);
  }

  public boolean has(int piece) {
    return states.has(piece);
  }

  /** Nothing is arriving, waiting to be confirmed, or tried before a reader asks again. */
  public boolean isIdle() {
    return states.isAtRest() && wants.isIdle();
  }
}
