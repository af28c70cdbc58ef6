// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.TransferException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's wait for one piece. It is begun and ended on the engine's thread; the reader waits
 * on its own thread, or has {@link #arrived} call back.
 */
final class Demand {
  private static final Logger LOG = LoggerFactory.getLogger(Demand.class);

  private final FetchEngine engine;
  private final ReaderWatch readers;
  private final long timeoutMs;
  private final FileSpec file;
  private final int piece;
  private final long sinceNs;
  private final CompletableFuture<Void> arrived = new CompletableFuture<>();
  private final AtomicBoolean taken = new AtomicBoolean();
  private boolean begun;

  /** Written before {@link #arrived} is completed. */
  private volatile FileFetch fetch;

  /**
   * @param timeoutMs how long a reader waits while nothing of the file comes
   */
  Demand(FetchEngine engine, ReaderWatch readers, long timeoutMs, FileSpec file, int piece) {
    this.engine = engine;
    this.readers = readers;
    this.timeoutMs = timeoutMs;
    this.file = file;
    this.piece = piece;
    this.sinceNs = engine.nowNs();
  }

  void begin() {
    begun = true;
    readers.begun(engine.nowNs());
    try {
      fetch = engine.fetch(file);
    } catch (IOException | RuntimeException e) {
      arrived.completeExceptionally(e);
      return;
    }
    fetch.demand(piece, arrived);
  }

  /** As {@link #begin}, and the file is read ahead from here on. */
  void beginAhead() {
    begin();
    if (fetch != null) {
      fetch.plan().reached(piece);
    }
  }

  void end() {
    if (begun) {
      begun = false;
      readers.ended(engine.nowNs());
      if (fetch != null) {
        fetch.letGo(piece);
      }
    }
  }

  /** Done when the piece is here or will not come. */
  CompletableFuture<Void> arrived() {
    return arrived;
  }

  /** Has {@link #arrived} fail when a reader that waits on a thread of its own would give up. */
  void limit() {
    int before = arrivedPieces();
    arrived
        .copy()
        .orTimeout(timeoutMs, TimeUnit.MILLISECONDS)
        .whenComplete(
            (done, failure) -> {
              if (!(failure instanceof TimeoutException)) {
                return;
              }
              if (isStuck(before)) {
                arrived.completeExceptionally(failure);
              } else {
                limit();
              }
            });
  }

  /** Whether it has been waited for in vain until now, and is for {@code wanted}; once at most. */
  boolean takeFor(int wanted) {
    return wanted == piece && taken.compareAndSet(false, true);
  }

  /** The fetch that has the piece; empty if it ended and another look is needed. */
  Optional<FileFetch> await() throws IOException {
    try {
      while (!awaitOnce()) {
        LOG.debug("{} is arriving and not yet proven", file);
      }
      return Optional.of(fetch);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetiredException) {
        return Optional.empty();
      }
      throw e.getCause() instanceof TimeoutException ? late(e) : failure(e.getCause());
    } catch (TimeoutException e) {
      throw late(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting for " + file);
    } finally {
      engine.events().readerWaited(engine.nowNs() - sinceNs);
    }
  }

  /** Returns false if it is worth waiting once more. */
  private boolean awaitOnce() throws ExecutionException, TimeoutException, InterruptedException {
    int before = arrivedPieces();
    try {
      arrived.get(timeoutMs, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      if (isStuck(before)) {
        throw e;
      }
      return false;
    }
  }

  /** Until a file is proven takes a while: pieces come, but may not be shown. */
  private boolean isStuck(int arrivedBefore) {
    return engine.proofs().mayShow(file.fileId(), piece) || arrivedPieces() == arrivedBefore;
  }

  private int arrivedPieces() {
    return engine.current(file).map(current -> current.pieces().count()).orElse(0);
  }

  private IOException late(Exception cause) {
    return new IOException(
        "Piece " + piece + " of " + file + " did not arrive within " + timeoutMs + " ms", cause);
  }

  private IOException failure(Throwable cause) {
    // A new exception for every reader: they throw it on their own threads.
    if (fetch == null && !(cause instanceof TransferException)) {
      return new IOException("Cannot read " + file + ": " + cause.getMessage(), cause);
    }
    return new TransferException(
        TransferException.remedyOf(cause),
        "Cannot read piece "
            + piece
            + " (from byte "
            + file.layout().pieceOffset(piece)
            + " on) of "
            + file
            + ": "
            + cause.getMessage(),
        cause);
  }
}
