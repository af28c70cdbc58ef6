// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.memory.BlockFile;
import io.mows.p2p.piece.PieceMap;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What happens to one block of a file being fetched. Changed only by the engine's thread; readers
 * look at {@link #has} and {@link #file()}.
 *
 * <p>A piece that the slot has is never written again: whoever sees it may read it without a lock
 * for as long as the file is open.
 */
final class BlockSlot {
  enum State {
    RESERVING,
    /** The file is open and takes pieces. */
    READY,
    /** There was no room, or its file could not be had. */
    REFUSED,
    COMMITTING,
    /** The block belongs to the block store now. */
    COMMITTED
  }

  private final List<Runnable> whenReserved = new ArrayList<>();
  private volatile State state = State.RESERVING;
  private volatile BlockFile file;
  private final int firstPiece;
  private final BitSet written = new BitSet();
  private final PieceMap readable;
  private int missing;
  private long refusedAtNs;
  private Throwable refusal;
  private int failedWrites;

  /**
   * @param firstPiece first of the pieces that lie in the block, wholly or in part
   * @param lastPiece the last of them
   */
  BlockSlot(int firstPiece, int lastPiece) {
    this.firstPiece = firstPiece;
    this.missing = lastPiece - firstPiece + 1;
    this.readable = new PieceMap(missing);
  }

  State state() {
    return state;
  }

  /** The block's file while it is being filled, else null. */
  BlockFile file() {
    return file;
  }

  void whenReserved(Runnable action) {
    whenReserved.add(action);
  }

  void reserved(BlockFile reserved) {
    file = reserved;
    state = State.READY;
    runWaiting();
  }

  void refused(long nowNs, Throwable why) {
    refusedAtNs = nowNs;
    refusal = why;
    state = State.REFUSED;
    runWaiting();
  }

  private void runWaiting() {
    List<Runnable> actions = new ArrayList<>(whenReserved);
    whenReserved.clear();
    actions.forEach(Runnable::run);
  }

  long refusedAtNs() {
    return refusedAtNs;
  }

  /** Why it has no room; null unless it was refused. */
  Throwable refusal() {
    return refusal;
  }

  /** Its file took no bytes; returns how often in a row. */
  int writeFailed() {
    return ++failedWrites;
  }

  /** The share that {@code piece} has in this block is in the file; its version may be wrong. */
  void written(int piece) {
    written.set(piece - firstPiece);
    failedWrites = 0;
  }

  /** The version of {@code piece} is right: readers may have it if it was written here. */
  void publish(int piece) {
    if (written.get(piece - firstPiece) && !has(piece)) {
      readable.set(piece - firstPiece);
      missing--;
    }
  }

  /** Any thread: whether the share of {@code piece} in this block can be read from its file. */
  boolean has(int piece) {
    return readable.has(piece - firstPiece);
  }

  boolean hasAll() {
    return missing == 0;
  }

  void committing() {
    state = State.COMMITTING;
  }

  void committed() {
    state = State.COMMITTED;
  }

  /**
   * The file is not to be read any more, and is the caller's to close; null if there is none.
   * Readers that are just in it go on with the committed block or wait for the piece again.
   */
  BlockFile takeFile() {
    BlockFile open = file;
    file = null;
    return open;
  }
}
