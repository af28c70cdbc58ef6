// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import io.mows.channel.StoreException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.PieceSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One piece that is being read, in one range or in several side by side. When it has failed, no
 * range of it touches the sink any more. Thread-safe.
 */
final class PieceRead {
  private static final int OVER = 1 << 30;

  private final FileSpec file;
  private final long offset;
  private final int lengthBytes;
  private final PieceSink sink;
  private final CompletableFuture<Void> result = new CompletableFuture<>();

  /** How many write now; from {@link #OVER} on no more may begin. */
  private final AtomicInteger writers = new AtomicInteger();

  private volatile Throwable failure;

  PieceRead(FileSpec file, long offset, int lengthBytes, PieceSink sink) {
    this.file = file;
    this.offset = offset;
    this.lengthBytes = lengthBytes;
    this.sink = sink;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  /** Ends when the sink has all bytes, or will be touched no more. */
  CompletableFuture<Void> result() {
    return result;
  }

  /** The read of {@code length} of its bytes from {@code start} on. */
  OriginRead range(int start, int length) {
    return new OriginRead(file, offset + start, length, (at, bytes) -> write(start + at, bytes));
  }

  private void write(int at, ByteBuffer bytes) throws IOException {
    boolean isOpen = writers.incrementAndGet() < OVER;
    try {
      if (!isOpen) {
        throw new StoreException("Another part of the piece has failed");
      }
      sink.write(at, bytes);
    } finally {
      if (writers.decrementAndGet() == OVER) {
        result.completeExceptionally(failure);
      }
    }
  }

  boolean isOver() {
    return writers.get() >= OVER;
  }

  /** All bytes are in the sink. */
  void succeed() {
    result.complete(null);
  }

  /** To be called once: it will not be read. */
  void fail(Throwable why) {
    failure = why;
    if (writers.getAndAdd(OVER) == 0) {
      result.completeExceptionally(why);
    }
  }
}
