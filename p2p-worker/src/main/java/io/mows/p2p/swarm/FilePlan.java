// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.channel.Remedy;
import io.mows.p2p.piece.FileLayout;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
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
public final class FilePlan {
  private static final byte MISSING = 0;
  private static final byte ARRIVING = 1;
  private static final byte LANDED = 2;
  private static final byte HAVE = 3;

  private final FileLayout layout;
  private final PieceAttempts attempts;
  private final byte[] states;
  private final BitSet startable = new BitSet();
  private final Interests interests = new Interests();
  private final BitSet demanded = interests.demanded;
  private final BitSet wanted = interests.wanted;
  private final BitSet window = interests.window;
  private final BitSet ahead = interests.ahead;
  private final BitSet landed = new BitSet();
  private final BitSet presentBlocks = new BitSet();
  private final Map<Integer, Integer> waiters = new HashMap<>();
  private final MissingPieces missing;
  private int arriving;
  private int lastRead;
  private int aheadWindowPieces;
  private boolean validating;
  private boolean backgroundHeld;

  public FilePlan(FileLayout layout, Backoff backoff) {
    this.layout = layout;
    this.attempts = new PieceAttempts(backoff);
    this.states = new byte[layout.pieceCount()];
    this.missing = new MissingPieces(layout);
    this.aheadWindowPieces = layout.pieceCount();
    startable.set(0, layout.pieceCount());
  }

  /** One more reader waits for {@code piece}. */
  public void demand(int piece) {
    lastRead = piece;
    if (states[piece] != HAVE) {
      demanded.set(piece);
      wake(piece);
    }
    waiters.merge(piece, 1, Integer::sum);
  }

  /** A reader has come to {@code piece}, without having to wait: read-ahead goes on from there. */
  public void reached(int piece) {
    lastRead = piece;
  }

  /** One reader less waits for {@code piece}. */
  public void undemand(int piece) {
    if (waiters.merge(piece, -1, Integer::sum) <= 0) {
      waiters.remove(piece);
      demanded.clear(piece);
    }
  }

  public boolean isAwaited(int piece) {
    return waiters.containsKey(piece);
  }

  /** Whether {@code piece} is wanted although it will not be cached. */
  public boolean isWantedUncached(int piece) {
    return waiters.containsKey(piece) || window.get(piece);
  }

  /** Whether readers wait for any piece. */
  public boolean isAnyAwaited() {
    return !waiters.isEmpty();
  }

  /** A load command wants all pieces of {@code block}. */
  public void want(int block) {
    addMissing(wanted, layout.firstPieceOfBlock(block), layout.lastPieceOfBlock(block));
  }

  /** One piece is wanted like those of a load, or not any more. */
  public void setWanted(int piece, boolean isWanted) {
    wanted.set(piece, isWanted && states[piece] != HAVE);
    if (isWanted) {
      wake(piece);
    }
  }

  /** Somebody asks for it: what has been given up is tried again. */
  private void wake(int piece) {
    startable.set(
        piece, startable.get(piece) || (attempts.wake(piece) && states[piece] == MISSING));
  }

  /** {@code piece} and the {@code count} pieces behind it are read without being cached. */
  public void slideWindow(int piece, int count) {
    window.clear();
    addMissing(window, piece, Math.min(piece + count, layout.pieceCount() - 1));
  }

  /** Read the whole file ahead, {@code budgetBytes} beyond the last awaited piece at most. */
  public void readAhead(long budgetBytes) {
    aheadWindowPieces =
        (int) Math.max(1, Math.min(layout.pieceCount(), budgetBytes / layout.pieceBytes()));
    addMissing(ahead, 0, layout.pieceCount() - 1);
  }

  /** Undoes {@link #readAhead}: what is under way still comes. */
  public void endReadAhead() {
    ahead.clear();
  }

  /** Nobody but a waiting reader wants the pieces from {@code first} to {@code last} any more. */
  public void dropBackground(int first, int last) {
    interests.dropBackground(first, last);
  }

  /** Whether loads and read-ahead have to wait although they want something. */
  public void holdBackground(boolean isHeld) {
    backgroundHeld = isHeld;
  }

  private void addMissing(BitSet interest, int first, int last) {
    for (int piece = first; piece <= last; piece++) {
      if (states[piece] != HAVE) {
        interest.set(piece);
        wake(piece);
      }
    }
  }

  /**
   * The next piece to start for this reason that {@code gate} lets through, if there is one.
   *
   * @param gate gives the first piece from its argument on that it lets through, or -1; asked
   *     before every decision, so it must not look at each piece of a large file
   */
  OptionalInt next(Interest interest, IntUnaryOperator gate, long nowNs) {
    endPauses(nowNs);
    if (backgroundHeld && (interest == Interest.WANTED || interest == Interest.AHEAD)) {
      return OptionalInt.empty();
    }
    BitSet set = interests.of(interest);
    int last = interest == Interest.AHEAD ? lastAhead() : layout.pieceCount() - 1;
    int piece = set.nextSetBit(0);
    while (piece >= 0 && piece <= last) {
      int open = gate.applyAsInt(piece);
      if (open == piece && startable.get(piece)) {
        return OptionalInt.of(piece);
      }
      piece = open < 0 ? -1 : set.nextSetBit(Math.max(open, piece + 1));
    }
    return OptionalInt.empty();
  }

  private int lastAhead() {
    return lastRead + aheadWindowPieces;
  }

  /** Whether {@code piece} may be started now, or got from a peer, and anybody wants it. */
  boolean needs(int piece) {
    boolean background = wanted.get(piece) || (ahead.get(piece) && piece <= lastAhead());
    return (startable.get(piece) || attempts.isGivenUp(piece))
        && (demanded.get(piece) || window.get(piece) || (background && !backgroundHeld));
  }

  /** The first piece from {@code from} on that a reader waits for and may be started, or -1. */
  int nextDemanded(int from) {
    return nextStartable(demanded, from);
  }

  private int nextStartable(BitSet set, int from) {
    int piece = set.nextSetBit(from);
    while (piece >= 0 && !startable.get(piece)) {
      piece = set.nextSetBit(piece + 1);
    }
    return piece;
  }

  /** Nobody but readers gets anything: no load, no read-ahead. */
  boolean isOnDemand() {
    return backgroundHeld || (wanted.isEmpty() && ahead.isEmpty());
  }

  /** The first piece from {@code from} on that follows what is read uncached, or -1. */
  int nextInWindow(int from) {
    return nextStartable(window, from);
  }

  /** How many pieces are wanted and not started. */
  int backlog() {
    return interests.count(startable);
  }

  void endPauses(long nowNs) {
    attempts.endRests(nowNs, piece -> startable.set(piece, states[piece] == MISSING));
  }

  /** When the next pause after a failure ends. */
  OptionalLong nextPauseEndNs() {
    return attempts.nextEndNs();
  }

  void started(int piece) {
    expect(piece, MISSING);
    states[piece] = ARRIVING;
    startable.clear(piece);
    attempts.wake(piece);
    arriving++;
  }

  /** All bytes of {@code piece} are here. */
  void landed(int piece) {
    expect(piece, ARRIVING);
    states[piece] = LANDED;
    arriving--;
    landed.set(piece);
  }

  /** {@code piece} has come from a peer who knows that it is of our version. */
  void arrived(int piece) {
    expect(piece, ARRIVING);
    arriving--;
    have(piece);
  }

  /** {@code piece} was started but is not coming from there; it may be started again at once. */
  void released(int piece) {
    expect(piece, ARRIVING);
    states[piece] = MISSING;
    arriving--;
    startable.set(piece);
  }

  /**
   * {@code piece} did not arrive, or its version could not be confirmed.
   *
   * @return true if it is not tried again by itself: its readers and loads must be told
   */
  public boolean failed(int piece, Remedy remedy, long nowNs) {
    if (states[piece] == ARRIVING) {
      arriving--;
    }
    landed.clear(piece);
    states[piece] = MISSING;
    boolean givenUp = attempts.failed(piece, remedy, nowNs);
    if (givenUp) {
      dropAwaited(piece);
    }
    return givenUp;
  }

  /**
   * Readers and loads are told that {@code piece} does not come; those who come later ask anew.
   * What nobody waits for stays wanted, so that it goes on at full width.
   */
  public void dropAwaited(int piece) {
    demanded.clear(piece);
    wanted.clear(piece);
  }

  /** {@code piece} was started but could not be given room; not before {@code untilNs} again. */
  void withdrawn(int piece, long untilNs) {
    expect(piece, ARRIVING);
    states[piece] = MISSING;
    arriving--;
    attempts.rest(piece, untilNs);
  }

  /**
   * Whether the source should be asked now if it is still the same version: at once when a reader
   * waits, otherwise when nothing more is arriving or enough has landed to make it worth while.
   */
  public boolean wantsValidation(int batch) {
    if (validating || landed.isEmpty()) {
      return false;
    }
    return arriving == 0 || landed.cardinality() >= batch || landed.intersects(demanded);
  }

  /** The pieces that the question asked now covers; end it with one of the next two methods. */
  public BitSet beginValidation() {
    validating = true;
    return (BitSet) landed.clone();
  }

  /** The source has not changed: {@code pieces} are ours. */
  public void validated(BitSet pieces) {
    validating = false;
    for (int piece = pieces.nextSetBit(0); piece >= 0; piece = pieces.nextSetBit(piece + 1)) {
      if (states[piece] == LANDED) {
        landed.clear(piece);
        have(piece);
      }
    }
  }

  public void validationEnded() {
    validating = false;
  }

  /** {@code block} is in the block store already; call before anything else is done. */
  public void presentBlock(int block) {
    presentBlocks.set(block);
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      if (layout.isWithin(p, presentBlocks) && states[p] == MISSING) {
        have(p);
      }
    }
    missing.forgetCompleted();
  }

  private void have(int piece) {
    states[piece] = HAVE;
    startable.clear(piece);
    attempts.succeeded(piece);
    interests.drop(piece);
    missing.arrived(piece);
  }

  /** The bytes of {@code piece} are gone again (evicted, dropped); it is missing from now on. */
  public void lost(int piece) {
    if (states[piece] != HAVE) {
      return;
    }
    states[piece] = MISSING;
    startable.set(piece);
    if (waiters.containsKey(piece)) {
      demanded.set(piece);
    }
    missing.lost(piece);
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
    return states[piece] == ARRIVING;
  }

  /** {@code piece} has been started and can neither be shown nor started again. */
  public boolean isUnderWay(int piece) {
    return states[piece] == ARRIVING || states[piece] == LANDED;
  }

  public boolean has(int piece) {
    return states[piece] == HAVE;
  }

  /** Read-ahead has stopped at its budget; it goes on when a reader comes nearer. */
  public boolean hasMoreAhead() {
    return !ahead.isEmpty();
  }

  /** Nothing is arriving, waiting to be confirmed, or tried before a reader asks again. */
  public boolean isIdle() {
    return arriving == 0
        && landed.isEmpty()
        && !validating
        && waiters.isEmpty()
        && demanded.isEmpty()
        && wanted.isEmpty()
        && attempts.areGivenUp(window, layout.pieceCount())
        && attempts.areGivenUp(ahead, lastAhead() + 1);
  }

  private void expect(int piece, byte state) {
    if (states[piece] != state) {
      throw new IllegalStateException(
          "Piece " + piece + " is in state " + states[piece] + " instead of " + state);
    }
  }
}
