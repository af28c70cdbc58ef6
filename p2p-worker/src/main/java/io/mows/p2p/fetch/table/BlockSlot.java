// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import java.util.BitSet;

/** What happens to one block of a file being fetched. For the engine's thread. */
public final class BlockSlot {
  public enum State {
    RESERVING,
    /** Its room takes pieces. */
    READY,
    /** There was no room, or its file could not be had. */
    REFUSED,
    COMMITTING,
    /** The block belongs to the block store now. */
    COMMITTED
  }

  private final long room;
  private final int firstPiece;
  private final BitSet written = new BitSet();
  private final BitSet readable = new BitSet();
  private State state = State.RESERVING;
  private int missing;
  private long refusedAtNs;
  private Throwable refusal;
  private int failedWrites;
  private boolean isLinked;

  /**
   * @param room what its room is called; 0 if none is asked for
   * @param firstPiece first of the pieces that lie in the block, wholly or in part
   * @param lastPiece the last of them
   */
  public BlockSlot(long room, int firstPiece, int lastPiece) {
    this.room = room;
    this.firstPiece = firstPiece;
    this.missing = lastPiece - firstPiece + 1;
  }

  public long room() {
    return room;
  }

  public State state() {
    return state;
  }

  public void reserved() {
    state = State.READY;
  }

  public void setLinked(boolean linked) {
    isLinked = linked;
  }

  /** Whether its room is one more name of another file's block: nothing is written there. */
  public boolean isLinked() {
    return isLinked;
  }

  public void refused(long nowNs, Throwable why) {
    refusedAtNs = nowNs;
    refusal = why;
    state = State.REFUSED;
  }

  public long refusedAtNs() {
    return refusedAtNs;
  }

  /** Why it has no room; null unless it was refused. */
  public Throwable refusal() {
    return refusal;
  }

  /** Its file took no bytes; returns how often in a row. */
  public int writeFailed() {
    return ++failedWrites;
  }

  /** The share that {@code piece} has in this block is in the file; its version may be wrong. */
  public void written(int piece) {
    written.set(piece - firstPiece);
    failedWrites = 0;
  }

  /**
   * The version of {@code piece} is right.
   *
   * @return whether readers may have it from here from now on, and could not before
   */
  public boolean publish(int piece) {
    if (!written.get(piece - firstPiece) || has(piece)) {
      return false;
    }
    readable.set(piece - firstPiece);
    missing--;
    return true;
  }

  /** Whether the share of {@code piece} in this block can be read, and is not written again. */
  public boolean has(int piece) {
    return readable.get(piece - firstPiece);
  }

  public boolean hasAll() {
    return missing == 0;
  }

  public void committing() {
    state = State.COMMITTING;
  }

  public void committed() {
    state = State.COMMITTED;
  }
}
