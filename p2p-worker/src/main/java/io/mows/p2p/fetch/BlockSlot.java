// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.memory.BlockFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What happens to one block of a file being fetched. Changed only by the engine's thread; readers
 * look at {@link #file()}.
 */
final class BlockSlot {
  enum State {
    RESERVING,
    /** The file is open and takes pieces. */
    READY,
    /** There was no room. */
    REFUSED,
    COMMITTING,
    /** The block belongs to the block store now. */
    COMMITTED
  }

  private final List<Runnable> whenReserved = new ArrayList<>();
  private volatile State state = State.RESERVING;
  private volatile BlockFile file;
  private final BitSet filled = new BitSet();
  private long refusedAtNs;

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

  void refused(long nowNs) {
    refusedAtNs = nowNs;
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

  /** The share that {@code piece} has in this block is written. */
  void filled(int piece) {
    filled.set(piece);
  }

  boolean isFilled(int piece) {
    return filled.get(piece);
  }

  void committing() {
    state = State.COMMITTING;
  }

  void committed() {
    state = State.COMMITTED;
    closeFile();
  }

  /** Readers that are just in it go on with the committed block or wait for the piece again. */
  void closeFile() {
    BlockFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new IllegalStateException(
            "A block file that was only written could not be closed", e);
      }
    }
  }
}
