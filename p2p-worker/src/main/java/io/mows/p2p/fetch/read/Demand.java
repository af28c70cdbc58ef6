// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.core.FetchInput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One reader's wait for one piece. The reader waits on its own thread, or has {@link #arrived} call
 * back. Thread-safe.
 */
final class Demand implements ReaderGate.Waiting {
  private final ReadContext context;
  private final long timeoutMs;
  private final FileSpec file;
  private final int piece;
  private final long sinceNs;
  private final long number;
  private final CompletableFuture<Void> arrived = new CompletableFuture<>();
  private final AtomicBoolean taken = new AtomicBoolean();
  private final AtomicBoolean left = new AtomicBoolean();

  /** Written before {@link #arrived} is completed. */
  private volatile boolean isRefused;

  /**
   * @param timeoutMs how long a reader waits while nothing of the file comes
   */
  Demand(ReadContext context, long timeoutMs, FileSpec file, int piece) {
    this.context = context;
    this.timeoutMs = timeoutMs;
    this.file = file;
    this.piece = piece;
    this.sinceNs = context.nowNs();
    this.number = context.gate().enter(this, sinceNs);
  }

  /**
   * Tells the engine that all of {@code demands} wait.
   *
   * @return false if it is closed
   */
  static boolean begin(ReadContext context, List<Demand> demands) {
    return context.mailbox().post(in -> demands.forEach(demand -> demand.tell(in, false)));
  }

  /**
   * Tells the engine.
   *
   * @param ahead whether the file is read ahead from here on
   * @return false if it is closed
   */
  boolean begin(boolean ahead) {
    return context.mailbox().post(in -> tell(in, ahead));
  }

  private void tell(FetchInput in, boolean ahead) {
    in.readerWaits(number, file, piece, ahead);
  }

  /** The reader does not wait any more. */
  void end() {
    if (left.compareAndSet(false, true)) {
      context.gate().leave(number, context.nowNs());
      context.mailbox().post(in -> in.readerLeft(number));
    }
  }

  @Override
  public void wake() {
    arrived.complete(null);
  }

  @Override
  public void lookAgain() {
    arrived.completeExceptionally(new RetiredException());
  }

  @Override
  public void fail(Throwable failure) {
    arrived.completeExceptionally(failure);
  }

  @Override
  public void refuse(Throwable failure) {
    isRefused = true;
    arrived.completeExceptionally(failure);
  }

  /** Done when the piece is here or will not come. */
  CompletableFuture<Void> arrived() {
    return arrived;
  }

  /** Has {@link #arrived} fail when a reader that waits on a thread of its own would give up. */
  void limit() {
    int before = context.arrivedPieces(file);
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

  /** Returns whether the piece is here; false if its fetch ended and another look is needed. */
  boolean await() throws IOException {
    try {
      while (true) {
        if (awaitOnce()) {
          return true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetiredException) {
        return false;
      }
      throw e.getCause() instanceof TimeoutException ? late(e) : failure(e.getCause());
    } catch (TimeoutException e) {
      throw late(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting for " + file);
    } finally {
      context.metrics().readerWaited(context.nowNs() - sinceNs);
    }
  }

  /** Returns false if it is worth waiting once more. */
  private boolean awaitOnce() throws ExecutionException, TimeoutException, InterruptedException {
    int before = context.arrivedPieces(file);
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
    return context.visible(file).mayShow(piece) || context.arrivedPieces(file) == arrivedBefore;
  }

  private IOException late(Exception cause) {
    return new IOException(
        "Piece " + piece + " of " + file + " did not arrive within " + timeoutMs + " ms", cause);
  }

  private IOException failure(Throwable cause) {
    // A new exception for every reader: they throw it on their own threads.
    if (isRefused && !(cause instanceof TransferException)) {
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
