// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;

/**
 * One block of a paced load and which of its pieces have been asked for. For the engine's thread.
 */
final class PacedBlock {
  private final FileSpec file;
  private final int block;
  private final boolean assigned;
  private final CompletableFuture<Void> result;
  private final BitSet asked = new BitSet();
  private BlockLoad load;
  private FileFetch fetch;

  /**
   * @param assigned whether nobody else will read it from the origin
   * @param result ends when the block is committed or cannot be had
   */
  PacedBlock(FileSpec file, int block, boolean assigned, CompletableFuture<Void> result) {
    this.file = file;
    this.block = block;
    this.assigned = assigned;
    this.result = result;
  }

  boolean isOver() {
    return result.isDone();
  }

  void fail(Throwable failure) {
    result.completeExceptionally(failure);
  }

  private int first() {
    return file.layout().firstPieceOfBlock(block);
  }

  private int last() {
    return file.layout().lastPieceOfBlock(block);
  }

  /** Joins the fetch of the file, or the new one if that was ended. */
  private void join(FetchEngine engine, FileFetch now) {
    fetch = now;
    asked.clear();
    load = BlockLoad.paced(block, result);
    fetch.load(load);
    if (assigned && !isOver()) {
      for (int piece = first(); piece <= last(); piece++) {
        engine.node().assign(file.fileId(), piece);
      }
    }
  }

  /** The length of the next piece to ask for; 0 if all have been asked for. */
  long nextBytes() {
    int next = asked.nextClearBit(first());
    return next > last() ? 0 : file.layout().pieceLength(next);
  }

  /**
   * Asks for the next piece.
   *
   * @throws IOException if the engine closes
   */
  void askNext(FetchEngine engine) throws IOException {
    FileFetch now = engine.fetch(file);
    if (now != fetch) {
      join(engine, now);
    }
    int next = asked.nextClearBit(first());
    if (!isOver() && next <= last()) {
      asked.set(next);
      fetch.loads().want(block, next);
    }
  }

  /** Bytes that have been asked for and are not here. */
  long outstandingBytes() {
    long bytes = 0;
    for (int p = asked.nextSetBit(0); p >= 0; p = asked.nextSetBit(p + 1)) {
      bytes += fetch.plan().has(p) ? 0 : file.layout().pieceLength(p);
    }
    return bytes;
  }

  /** Bytes that are here although the block is not complete. */
  long arrivedBytes() {
    long bytes = 0;
    for (int p = asked.nextSetBit(0); p >= 0; p = asked.nextSetBit(p + 1)) {
      bytes += fetch.plan().has(p) ? file.layout().pieceLength(p) : 0;
    }
    return bytes;
  }

  /** Takes back what has been asked for and was not started. */
  void holdBack() {
    for (int p = asked.nextSetBit(0); p >= 0; p = asked.nextSetBit(p + 1)) {
      if (!fetch.plan().has(p) && !fetch.plan().isUnderWay(p)) {
        fetch.loads().unwant(block, p);
        asked.clear(p);
      }
    }
  }

  /** Gives the block up; if nobody else wants the file, what is under way of it ends at once. */
  void giveUp(FetchEngine engine, Throwable why) {
    if (fetch != null) {
      holdBack();
      fetch.loads().forget(load);
      if (fetch.isUnwanted()) {
        engine.drop(fetch);
      }
    }
    fail(why);
  }
}
