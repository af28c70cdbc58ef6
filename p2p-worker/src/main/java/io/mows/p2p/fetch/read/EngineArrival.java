// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.Arrival;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.piece.FileLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Looks at a file that read-ahead fetches, and asks for a piece as a reader does when none has come
 * for a while: to ask for each would hold up the others, and the whole with them.
 */
public final class EngineArrival implements Arrival {
  private static final long IMPATIENT_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final ReadContext context;
  private final FileReading reading;
  private final FileSpec file;
  private final FileLayout layout;

  /** The first piece that was not seen yet; those before it may have been lost since. */
  private int next;

  private long seenBytes;
  private long progressNs;
  private CompletableFuture<Void> asked = CompletableFuture.completedFuture(null);

  public EngineArrival(ReadContext context, FileReading reading, FileSpec file) {
    this.context = context;
    this.reading = reading;
    this.file = file;
    this.layout = file.layout();
    this.progressNs = context.nowNs() - IMPATIENT_NS;
  }

  /** Whether all of {@code file} is in memory now and may be handed over. */
  public static boolean isWhole(ReadContext context, FileSpec file) {
    return file.layout().blockCount() == 1
        && context.visible(file).mayHandOver()
        && context.space().isCommitted(file.blockId(0));
  }

  @Override
  public State poll() throws TransferException {
    if (isWhole(context, file)) {
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
    FileView view = context.views().of(file);
    if (view != null) {
      while (next < layout.pieceCount() && view.isReadable(next)) {
        if (view.aside(next) != null) {
          return State.NEVER;
        }
        next++;
      }
    } else {
      next = 0;
    }
    if (next < layout.pieceCount() && isImpatient()) {
      asked = reading.want(file, next);
    }
    return State.ARRIVING;
  }

  /** At once at first: then it is known whether it can be had. */
  private boolean isImpatient() {
    long bytes = fetchedBytes();
    if (bytes != seenBytes) {
      seenBytes = bytes;
      progressNs = context.nowNs();
    }
    return context.nowNs() - progressNs >= IMPATIENT_NS;
  }

  private long fetchedBytes() {
    FileView view = context.views().of(file);
    return view == null ? 0 : view.bytes();
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
    return context.space().isCommitted(file.blockId(0)) ? lengthBytes() : fetchedBytes();
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
