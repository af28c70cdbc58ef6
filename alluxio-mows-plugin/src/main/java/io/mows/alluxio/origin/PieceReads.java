// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.underfs.UnderFileSystem;
import io.mows.alluxio.origin.OriginStreams.OriginStream;
import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.PieceSink;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pieces over streams of the origin, on threads called {@code mows-origin}.
 *
 * <p>A read is stuck that gets nothing for a second while the others go on, or, when few others are
 * left, less than an eighth of its share: its packets are lost, or it has met a slow server.
 * Another thread then goes on with it, over a new stream, from where it stopped. (Object stores
 * recommend that for their slowest requests; see "The Tail at Scale", Dean and Barroso 2013.) Not
 * as long as other reads use the link: closing a stream of HTTP may read what is left of its range,
 * which then comes twice. A slow origin is slow for all reads and gets no request more, and there
 * are only a few threads for it. Thread-safe.
 */
final class PieceReads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PieceReads.class);
  private static final int BUFFER_BYTES = 256 << 10;
  private static final long CLOSE_MS = 15_000;

  private final OriginFileSystems fileSystems;
  private final Failures failures;
  private final LongSupplier nanoClock;
  private final int pieceBytes;
  private final int concurrency;
  private final int maxLost;
  private final OriginStreams streams;
  private final ExecutorService threads;
  private final ThreadLocal<byte[]> buffers = ThreadLocal.withInitial(() -> new byte[BUFFER_BYTES]);
  private final Set<OriginRead> reads = ConcurrentHashMap.newKeySet();
  private final AtomicLong receivedBytes = new AtomicLong();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicLong stuck = new AtomicLong();

  /** Says what a failed read means. */
  interface Failures {
    TransferException of(OriginRead read, Exception failure);
  }

  /**
   * @param concurrency how many reads run at once at most
   */
  PieceReads(
      OriginFileSystems fileSystems,
      Failures failures,
      int pieceBytes,
      int concurrency,
      LongSupplier nanoClock) {
    this.fileSystems = fileSystems;
    this.failures = failures;
    this.nanoClock = nanoClock;
    this.pieceBytes = pieceBytes;
    this.concurrency = concurrency;
    this.maxLost = (concurrency + 3) / 4;
    this.streams = new OriginStreams(concurrency, nanoClock);
    this.threads =
        Executors.newFixedThreadPool(concurrency + maxLost, NamedThreads.many("mows-origin"));
  }

  /** See {@link io.mows.p2p.fetch.PieceSource#fetch}. */
  CompletableFuture<Void> read(FileSpec file, long offset, int lengthBytes, PieceSink sink) {
    OriginRead read = new OriginRead(file, offset, lengthBytes, sink);
    reads.add(read);
    start(read, 0);
    return read.result();
  }

  private void start(OriginRead read, int owner) {
    try {
      threads.execute(() -> run(read, owner));
    } catch (RejectedExecutionException e) {
      reads.remove(read);
      read.result().completeExceptionally(OriginSource.shuttingDown(e));
    }
  }

  private void run(OriginRead read, int owner) {
    boolean mine;
    try {
      read.begin(nanoClock.getAsLong(), receivedBytes.get());
      mine = owner == 0 ? readOn(read) : readAnew(read, owner);
      if (mine) {
        reads.remove(read);
        read.result().complete(null);
      }
    } catch (IOException | RuntimeException | Error e) {
      mine = fail(read, owner, e);
    }
    if (!mine) {
      lost.decrementAndGet();
    }
  }

  private boolean fail(OriginRead read, int owner, Throwable failure) {
    if (!read.end(owner)) {
      return false;
    }
    reads.remove(read);
    // What is not the origin's doing is no reason to ask the origin.
    boolean isOurs = failure instanceof Error || failure instanceof StoreException;
    read.result().completeExceptionally(isOurs ? failure : failures.of(read, (Exception) failure));
    return true;
  }

  /** Over a stream that is open already, if there is one. Returns false if another took over. */
  private boolean readOn(OriginRead read) throws IOException {
    Optional<OriginStream> kept = streams.takeKept(read.file(), read.offset());
    if (kept.isPresent()) {
      try {
        return read(kept.get(), read, 0);
      } catch (IOException | RuntimeException e) {
        if (threads.isShutdown() || !read.isOwnedBy(0) || e instanceof StoreException) {
          throw e;
        }
        // It may have ended where its first request did, or its connection may have been cut while
        // nobody used it: that says nothing about the origin.
        LOG.debug("A kept stream of {} cannot be used any more", read.file(), e);
      }
    }
    return readAnew(read, 0);
  }

  private boolean readAnew(OriginRead read, int owner) throws IOException {
    FileSpec file = read.file();
    UnderFileSystem ufs = fileSystems.get(file.origin().mountId());
    int done = read.doneBytes();
    OriginStream stream = streams.open(ufs, file, read.offset() + done, read.lengthBytes() - done);
    return read(stream, read, owner);
  }

  private boolean read(OriginStream stream, OriginRead read, int owner) throws IOException {
    try {
      byte[] buffer = buffers.get();
      for (int left = left(read); left > 0; left = left(read)) {
        int count = stream.read(buffer, Math.min(buffer.length, left));
        if (count < 0) {
          throw new IOException(
              "the origin sent " + read.doneBytes() + " bytes and closed the connection");
        }
        if (!read.deliver(owner, ByteBuffer.wrap(buffer, 0, count))) {
          break;
        }
        receivedBytes.addAndGet(count);
      }
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
    if (!read.end(owner)) {
      stream.close();
      return false;
    }
    streams.giveBack(stream);
    return true;
  }

  private static int left(OriginRead read) {
    return read.lengthBytes() - read.doneBytes();
  }

  /** To be called several times a second. */
  void sweep() {
    streams.closeIdle();
    int count = reads.size();
    for (OriginRead read : reads) {
      long nowNs = nanoClock.getAsLong();
      long received = receivedBytes.get();
      boolean isStuck =
          lost.get() < maxLost && read.isStuck(nowNs, received, pieceBytes, count, concurrency);
      int owner = isStuck ? read.takeOver() : -1;
      if (owner >= 0) {
        read.begin(nowNs, received);
        lost.incrementAndGet();
        stuck.incrementAndGet();
        LOG.debug(
            "A read of {} is stuck after {} bytes and goes on over a new connection",
            read.file(),
            read.doneBytes());
        start(read, owner);
      }
    }
  }

  /** How many reads were stuck until now. */
  long stuckCount() {
    return stuck.get();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Those that never ran.
    reads.forEach(read -> read.result().completeExceptionally(OriginSource.shuttingDown(null)));
    streams.close();
  }
}
