// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.PieceSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A piece or a part of one that is being read, by one thread at a time. While its thread waits for
 * bytes another one may take over and go on behind the last byte; what the first one gets after all
 * is dropped. Thread-safe.
 */
final class OriginRead {
  static final long PATIENCE_NS = 1_000_000_000L;

  private static final int ALL_PIECES = 4;
  private static final int PART_OF_SHARE = 8;
  private static final int ENDED = -1;

  private final FileSpec file;
  private final long offset;
  private final int lengthBytes;
  private final PieceSink sink;

  /** Twice the number of the owner, one more while it writes. */
  private final AtomicInteger turn = new AtomicInteger();

  private volatile int doneBytes;
  private volatile Window window;

  OriginRead(FileSpec file, long offset, int lengthBytes, PieceSink sink) {
    this.file = file;
    this.offset = offset;
    this.lengthBytes = lengthBytes;
    this.sink = sink;
  }

  FileSpec file() {
    return file;
  }

  long offset() {
    return offset;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  int doneBytes() {
    return doneBytes;
  }

  /**
   * An owner begins to read.
   *
   * @param receivedBytes what all reads together have received by now
   */
  void begin(long nowNs, long receivedBytes) {
    window = new Window(nowNs, doneBytes, receivedBytes);
  }

  /**
   * Hands the next bytes to the sink.
   *
   * @return false if {@code owner} has lost this read
   */
  boolean deliver(int owner, ByteBuffer bytes) throws IOException {
    if (!turn.compareAndSet(2 * owner, 2 * owner + 1)) {
      return false;
    }
    int count = bytes.remaining();
    int done = doneBytes;
    try {
      sink.write(done, bytes);
      doneBytes = done + count;
    } finally {
      turn.set(2 * owner);
    }
    return true;
  }

  /**
   * Whether another connection is better: this read gets nothing while the others go on, or gets
   * little of its share when few others are left. To be asked now and then, by one thread.
   *
   * @param pieceBytes of several pieces, at least, all reads must have received together
   * @param reads how many there are now
   * @param streams how many there are at most
   */
  boolean isStuck(long nowNs, long receivedBytes, int pieceBytes, int reads, int streams) {
    Window since = window;
    if (since == null || nowNs - since.startNs < PATIENCE_NS) {
      return false;
    }
    long all = receivedBytes - since.receivedBytes;
    if (all < (long) ALL_PIECES * pieceBytes) {
      return false;
    }
    long mine = (long) doneBytes - since.doneBytes;
    // Those that are the last have shared the link with all others until a moment ago.
    long sharers = Math.max(reads, streams / 4);
    if (mine * sharers * PART_OF_SHARE >= all) {
      begin(nowNs, receivedBytes);
      return false;
    }
    boolean fewLeft = 2 * reads <= streams;
    return mine == 0 || fewLeft;
  }

  boolean isOwnedBy(int owner) {
    return turn.get() / 2 == owner;
  }

  /** Returns the number of the new owner; negative if the old one is not waiting. */
  int takeOver() {
    int now = turn.get();
    boolean isWaiting = now >= 0 && now % 2 == 0;
    return isWaiting && turn.compareAndSet(now, now + 2) ? now / 2 + 1 : ENDED;
  }

  /**
   * Ends it for {@code owner}, who then says how it ended.
   *
   * @return false if {@code owner} has lost this read
   */
  boolean end(int owner) {
    return turn.compareAndSet(2 * owner, ENDED);
  }

  /** What had come when its owner began, or was last found to be well. */
  private static final class Window {
    private final long startNs;
    private final int doneBytes;
    private final long receivedBytes;

    Window(long startNs, int doneBytes, long receivedBytes) {
      this.startNs = startNs;
      this.doneBytes = doneBytes;
      this.receivedBytes = receivedBytes;
    }
  }
}
