// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.TransferException;
import io.mows.p2p.piece.FileLayout;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Looks at a file that read-ahead fetches, and asks for a piece as a reader does when none has come
 * for a while: to ask for each would hold up the others, and the whole with them.
 */
final class EngineArrival implements Arrival {
  private static final long IMPATIENT_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final FetchEngine engine;
  private final FileSpec file;
  private final FileLayout layout;

  /** The first piece that was not seen yet; those before it may have been lost since. */
  private int next;

  private long seenBytes;
  private long progressNs;
  private CompletableFuture<Void> asked = CompletableFuture.completedFuture(null);

  EngineArrival(FetchEngine engine, FileSpec file) {
    this.engine = engine;
    this.file = file;
    this.layout = file.layout();
    this.progressNs = engine.nowNs() - IMPATIENT_NS;
  }

  @Override
  public State poll() throws TransferException {
    if (engine.verification().isWhole(file)) {
      return State.WHOLE;
    }
    if (!asked.isDone()) {
      return State.ARRIVING;
    }
    Throwable failure = failure(asked);
    if (failure instanceof TransferException) {
      throw (TransferException) failure;
    }
    if (failure != null && !(failure instanceof RetiredException)) {
      return State.NEVER;
    }
    return ask();
  }

  private State ask() {
    Optional<FileFetch> fetch = engine.current(file);
    if (fetch.isPresent()) {
      ArrivedPieces pieces = fetch.get().pieces();
      while (next < layout.pieceCount() && pieces.isReadable(next)) {
        if (pieces.aside(next) != null) {
          return State.NEVER;
        }
        next++;
      }
    } else {
      next = 0;
    }
    if (next < layout.pieceCount() && isImpatient()) {
      asked = engine.reading().want(file, next);
    }
    return State.ARRIVING;
  }

  /** At once at first: then it is known whether it can be had. */
  private boolean isImpatient() {
    long bytes = fetchedBytes();
    if (bytes != seenBytes) {
      seenBytes = bytes;
      progressNs = engine.nowNs();
    }
    return engine.nowNs() - progressNs >= IMPATIENT_NS;
  }

  private long fetchedBytes() {
    return engine.current(file).map(fetch -> fetch.pieces().bytes(layout)).orElse(0L);
  }

  private static Throwable failure(CompletableFuture<Void> done) {
    try {
      done.join();
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  @Override
  public long arrivedBytes() {
    return engine.space().isCommitted(file.blockId(0)) ? lengthBytes() : fetchedBytes();
  }

  @Override
  public long lengthBytes() {
    return layout.lengthBytes();
  }

  @Override
  public void close() {
    asked.complete(null);
  }
}
