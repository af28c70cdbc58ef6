// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.fetch.FileSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The readers of one simulated worker: each waits for one piece after the other. */
final class SimReaders {
  /** So soon a reader has what can be had, whatever was the matter before. */
  private static final long MAX_WAIT_NS = TimeUnit.SECONDS.toNanos(10);

  private final SimWorker worker;
  private final SimTime time;
  private final Complaints complaints;
  private final Map<Long, Reader> waiting = new HashMap<>();
  private long next;

  SimReaders(SimWorker worker, SimTime time, Complaints complaints) {
    this.worker = worker;
    this.time = time;
    this.complaints = complaints;
  }

  /** A reader wants {@code count} pieces from {@code piece} on. */
  void begin(FileSpec file, int piece, int count) {
    begin(file, piece, count, time.nowNs());
  }

  /**
   * @param sinceNs since when it has waited for {@code piece}: also before it had to look again
   */
  private void begin(FileSpec file, int piece, int count, long sinceNs) {
    if (count == 0 || piece >= file.layout().pieceCount()) {
      return;
    }
    long number = next++;
    waiting.put(number, new Reader(file, piece, count, sinceNs));
    boolean isFuzzed = worker.world().isFuzzed();
    worker.post(in -> in.readerWaits(number, file, piece, isFuzzed && time.oneIn(8)));
    if (isFuzzed && time.oneIn(20)) {
      // Some give up.
      time.later(time.someNs(50), () -> leave(number));
    }
  }

  private Reader leave(long number) {
    Reader reader = waiting.remove(number);
    if (reader != null) {
      worker.post(in -> in.readerLeft(number));
    }
    return reader;
  }

  void woken(long number) {
    Reader reader = waiting.get(number);
    if (reader == null || reader.isTold) {
      return;
    }
    reader.isTold = true;
    if (!worker.isShown(reader.file, reader.piece)) {
      complaints.add(reader + " is woken and sees nothing");
    }
    Integer found = worker.read(reader.file, reader.piece);
    if (found != null && found != SimOrigin.right(reader.file, reader.piece)) {
      complaints.add(reader + " reads a wrong byte");
    }
    // It reads a moment later, when all may have gone.
    time.later(time.someNs(3), () -> read(number));
  }

  private void read(long number) {
    Reader reader = waiting.get(number);
    if (reader == null) {
      return;
    }
    FileSpec file = reader.file;
    int piece = reader.piece;
    Integer found = worker.isShown(file, piece) ? worker.read(file, piece) : null;
    if (found == null) {
      int block = file.layout().firstBlockOfPiece(piece);
      int last = file.layout().lastBlockOfPiece(piece);
      worker.post(in -> in.pieceNotFound(file.fileId(), piece, block));
      if (last != block) {
        worker.post(in -> in.pieceNotFound(file.fileId(), piece, last));
      }
      again(number);
      return;
    }
    if (found != SimOrigin.right(file, piece)) {
      complaints.add(reader + " reads a wrong byte later");
    }
    worker.post(in -> in.readerStreamed(file.fileId(), piece));
    leave(number);
    begin(file, piece + 1, reader.count - 1);
  }

  void looksAgain(long number) {
    Reader reader = waiting.get(number);
    if (reader != null) {
      reader.isTold = true;
    }
    time.later(time.someNs(1), () -> again(number));
  }

  private void again(long number) {
    Reader reader = leave(number);
    if (reader != null) {
      begin(reader.file, reader.piece, reader.count, reader.sinceNs);
    }
  }

  void failed(long number) {
    Reader reader = waiting.get(number);
    if (reader != null) {
      reader.isTold = true;
      time.later(0, () -> leave(number));
    }
  }

  /** Nobody waits for what can be seen, nor for long for what can be had. */
  void check() {
    for (Reader reader : waiting.values()) {
      if (!reader.isTold && reader.isKnown && worker.isShown(reader.file, reader.piece)) {
        complaints.add(reader + " waits for what can be seen");
      }
      reader.isKnown = true;
      long waitsNs = time.nowNs() - Math.max(reader.sinceNs, worker.wellSinceNs(reader.file));
      if (waitsNs > MAX_WAIT_NS) {
        complaints.add(
            reader
                + " has waited for "
                + TimeUnit.NANOSECONDS.toMillis(waitsNs)
                + " ms, and nothing is in its way");
      }
    }
  }

  void checkRest() {
    List<Reader> left = new ArrayList<>(waiting.values());
    if (!left.isEmpty()) {
      complaints.add(left.get(0) + " waits for ever");
    }
  }

  private static final class Reader {
    private final FileSpec file;
    private final int piece;
    private final int count;
    private final long sinceNs;
    private boolean isTold;
    private boolean isKnown;

    Reader(FileSpec file, int piece, int count, long sinceNs) {
      this.file = file;
      this.piece = piece;
      this.count = count;
      this.sinceNs = sinceNs;
    }

    @Override
    public String toString() {
      return "a reader of piece " + piece + " of " + file;
    }
  }
}
