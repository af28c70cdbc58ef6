// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.table.BlockLoad;
import java.io.IOException;
import java.util.BitSet;

/**
 * One block of a paced load and which of its pieces have been asked for. For the engine's thread.
 */
public final class LaneBlock implements BlockLoad.Answers {
  private final FileSpec file;
  private final int block;
  private final boolean assigned;
  private final long number;
  private final FetchEffects effects;
  private final BitSet asked = new BitSet();
  private BlockLoad load;
  private FileFetch fetch;
  private boolean isOver;

  /** The fetches of this worker. */
  public interface Files {
    /** The fetch of {@code file}, a new one if there is none. */
    FileFetch fetch(FileSpec file) throws IOException;

    /** Ends a fetch now. */
    void drop(FileFetch fetch);

    /** This worker reads the piece from the origin, whoever owns it. */
    void assign(FileSpec file, int piece);
  }

  /**
   * @param assigned whether nobody else will read it from the origin
   * @param number of the load, for who waits for its end
   */
  public LaneBlock(FileSpec file, int block, boolean assigned, long number, FetchEffects effects) {
    this.file = file;
    this.block = block;
    this.assigned = assigned;
    this.number = number;
    this.effects = effects;
  }

  public boolean isOver() {
    return isOver;
  }

  public void fail(Throwable failure) {
    if (!isOver) {
      isOver = true;
      effects.loads().loadFailed(number, failure);
    }
  }

  @Override
  public void loadDone(long load) {
    if (!isOver) {
      isOver = true;
      effects.loads().loadDone(number);
    }
  }

  @Override
  public void loadFailed(long load, Throwable failure) {
    fail(failure);
  }

  private int first() {
    return file.layout().firstPieceOfBlock(block);
  }

  private int last() {
    return file.layout().lastPieceOfBlock(block);
  }

  /** Joins the fetch of the file, or the new one if that began anew: its loads are handed over. */
  private void join(Files files, FileFetch now) {
    fetch = now;
    asked.clear();
    if (load == null) {
      load = BlockLoad.paced(block, this, number);
      fetch.wants().load(load);
    }
    if (assigned && !isOver()) {
      for (int piece = first(); piece <= last(); piece++) {
        files.assign(file, piece);
      }
    }
  }

  /**
   * Forgets that it has asked for what does not come any more: what was lost again, came while
   * nothing could be written, or was taken back by another one. It is to be asked for once more.
   */
  public void forgetLost() {
    if (fetch != null && fetch.isRetired()) {
      asked.clear();
    }
    for (int p = asked.nextSetBit(0); p >= 0; p = asked.nextSetBit(p + 1)) {
      if (!isHere(p) && !fetch.wants().loads().isComing(block, p)) {
        asked.clear(p);
      }
    }
  }

  private boolean isHere(int piece) {
    return fetch.wants().loads().isHere(block, piece);
  }

  /** Whether anything of it is here or on its way. */
  boolean hasBegun() {
    for (int p = asked.nextSetBit(0); p >= 0; p = asked.nextSetBit(p + 1)) {
      if (isHere(p) || fetch.plan().isUnderWay(p)) {
        return true;
      }
    }
    return false;
  }

  /** The length of the next piece to ask for; 0 if all have been asked for. */
  public long nextBytes() {
    int next = asked.nextClearBit(first());
    return next > last() ? 0 : file.layout().pieceLength(next);
  }

  /**
   * Asks for the next piece.
   *
   * @throws IOException if the file cannot be fetched
   */
  public void askNext(Files files) throws IOException {
    FileFetch now = files.fetch(file);
    if (now != fetch) {
      join(files, now);
    }
    int next = asked.nextClearBit(first());
    if (!isOver() && next <= last()) {
      asked.set(next);
      fetch.wants().loads().want(block, next);
    }
  }

  /** Bytes that have been asked for and are not here. */
  public long outstandingBytes() {
    return bytes(false);
  }

  /** Bytes that are here although the block is not complete. */
  public long arrivedBytes() {
    return bytes(true);
  }

  private long bytes(boolean here) {
    long bytes = 0;
    for (int p = asked.nextSetBit(0); p >= 0; p = asked.nextSetBit(p + 1)) {
      bytes += isHere(p) == here ? file.layout().pieceLength(p) : 0;
    }
    return bytes;
  }

  /** Takes back what has been asked for and was not started. */
  public void holdBack() {
    for (int p = asked.nextSetBit(0); p >= 0; p = asked.nextSetBit(p + 1)) {
      if (!isHere(p) && !fetch.plan().isUnderWay(p)) {
        fetch.wants().loads().unwant(p);
        asked.clear(p);
      }
    }
  }

  /** Gives the block up; if nobody else wants the file, what is under way of it ends at once. */
  public void giveUp(Files files, Throwable why) {
    if (fetch != null) {
      holdBack();
      fetch.wants().loads().forget(load);
      if (fetch.isDroppable()) {
        files.drop(fetch);
      }
    }
    fail(why);
  }
}
