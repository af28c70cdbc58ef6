// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.underfs.UnderFileSystem;
import io.mows.alluxio.origin.OriginStreams.OriginStream;
import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.PieceSink;
import io.mows.p2p.origin.RangeQueue;
import io.mows.p2p.origin.RangeQueue.Range;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Reads pieces over streams of the origin, on threads called {@code mows-origin}. How many streams
 * there are, and which parts of which pieces each of them reads, says {@link RangeQueue}.
 *
 * <p>A read is stuck that gets nothing for a second while the others go on, or, when few others are
 * left, less than an eighth of its share: its packets are lost, or it has met a slow server.
 * Another thread then goes on with it, over a new stream, from where it stopped. (Object stores
 * recommend that for their slowest requests; see "The Tail at Scale", Dean and Barroso 2013.) Not
 * as long as other reads use the link: closing a stream of HTTP may read what is left of its range,
 * which then comes twice. A slow origin is slow for all reads and gets no request more, and there
 * are only a few threads for it. Thread-safe.
 */
final class OriginReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OriginReader.class);
  private static final int BUFFER_BYTES = 256 << 10;
  private static final long CLOSE_MS = 15_000;

  /** With fewer at work than half of that, those that read are the last. */
  private static final int USUAL_STREAMS = 16;

  private final OriginFileSystems fileSystems;
  private final Failures failures;
  private final LongSupplier nanoClock;
  private final int pieceBytes;
  private final int concurrency;
  private final int maxLost;
  private final OriginStreams streams;
  private final OriginStreams partStreams;
  private final ExecutorService threads;
  private final ThreadLocal<byte[]> buffers = ThreadLocal.withInitial(() -> new byte[BUFFER_BYTES]);

  /** Guarded by itself; nothing waits while it is held. */
  private final RangeQueue<PieceRead> queue;

  private final Map<OriginRead, Range<PieceRead>> reads = new ConcurrentHashMap<>();
  private volatile int width;
  private volatile boolean closed;
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
  OriginReader(
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
    this.partStreams = new OriginStreams(concurrency, nanoClock);
    this.queue = new RangeQueue<>(concurrency, pieceBytes);
    // As many as there are streams, and those that are lost; they end when they are not needed.
    this.threads = Executors.newCachedThreadPool(NamedThreads.many("mows-origin"));
  }

  /** See {@link io.mows.p2p.fetch.Origin#fetch}. */
  CompletableFuture<Void> read(FileSpec file, long offset, int lengthBytes, PieceSink sink) {
    PieceRead piece = new PieceRead(file, offset, lengthBytes, sink);
    boolean isDivisible = fileSystems.readsParts(file.origin().mountId());
    boolean isQueued;
    synchronized (queue) {
      isQueued = !closed;
      if (isQueued) {
        queue.add(piece, lengthBytes, isDivisible);
      }
    }
    if (isQueued) {
      startMore();
    } else {
      piece.fail(OriginErrors.shuttingDown(null));
    }
    return piece.result();
  }

  /** See {@link io.mows.p2p.fetch.Origin#width}. */
  int width() {
    return width;
  }

  private void startMore() {
    for (Optional<OriginRead> next = next(); next.isPresent(); next = next()) {
      OriginRead first = next.get();
      execute(first, () -> readFrom(first));
    }
  }

  private void execute(OriginRead read, Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      over(reads.get(read), read, OriginErrors.shuttingDown(e));
    }
  }

  private Optional<OriginRead> next() {
    Optional<Range<PieceRead>> range;
    synchronized (queue) {
      range = closed ? Optional.empty() : queue.next();
    }
    return range.map(
        part -> {
          OriginRead read = part.piece().range(part.offset(), part.lengthBytes());
          reads.put(read, part);
          return read;
        });
  }

  /** Reads on and on, as long as there is anything to read for one stream. */
  private void readFrom(OriginRead first) {
    Optional<OriginRead> read = Optional.of(first);
    while (read.isPresent() && run(read.get(), 0)) {
      read = next();
      startMore();
    }
  }

  /** Returns false if another thread took over. */
  private boolean run(OriginRead read, int owner) {
    boolean mine;
    try {
      read.begin(nanoClock.getAsLong(), receivedBytes.get());
      mine = owner == 0 ? readOn(read) : readAnew(read, owner);
      if (mine) {
        over(reads.get(read), read, null);
      }
    } catch (IOException | RuntimeException | Error e) {
      mine = fail(read, owner, e);
    }
    if (!mine) {
      lost.decrementAndGet();
    }
    return mine;
  }

  private boolean fail(OriginRead read, int owner, Throwable failure) {
    if (!read.end(owner)) {
      return false;
    }
    Range<PieceRead> range = reads.get(read);
    // What is not the origin's doing is no reason to ask the origin, nor is what is known.
    boolean isOurs = failure instanceof Error || failure instanceof StoreException;
    boolean isKnown = range.piece().isOver();
    over(range, read, isOurs || isKnown ? failure : failures.of(read, (Exception) failure));
    return true;
  }

  /**
   * A read is over; the last one of a piece ends it, and so does the first that fails.
   *
   * @param failure null if there is none
   */
  private void over(Range<PieceRead> range, OriginRead read, Throwable failure) {
    boolean isLast;
    synchronized (queue) {
      reads.remove(read);
      long nowNs = nanoClock.getAsLong();
      if (OriginException.mayPass(failure).isPresent()) {
        queue.refused(nowNs);
      }
      isLast = failure == null ? queue.ended(range, nowNs) : queue.failed(range, nowNs);
      update(nowNs);
    }
    if (isLast && failure == null) {
      range.piece().succeed();
    } else if (isLast) {
      range.piece().fail(failure);
    }
  }

  private void update(long nowNs) {
    queue.update(nowNs, receivedBytes.get());
    width = queue.piecesWanted();
  }

  /** Over a stream that is open already, if there is one. Returns false if another took over. */
  private boolean readOn(OriginRead read) throws IOException {
    Optional<OriginStream> kept = streamsOf(read).takeKept(read.file(), read.offset());
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

  /** It lies within a unit, and what is larger goes to the end of its piece. */
  private static boolean isSmall(OriginRead read) {
    return read.lengthBytes() <= RangeQueue.UNIT_BYTES;
  }

  private OriginStreams streamsOf(OriginRead read) {
    return isSmall(read) ? partStreams : streams;
  }

  private boolean readAnew(OriginRead read, int owner) throws IOException {
    FileSpec file = read.file();
    long mountId = file.origin().mountId();
    UnderFileSystem ufs =
        isSmall(read)
            ? fileSystems.forParts(mountId, RangeQueue.UNIT_BYTES)
            : fileSystems.get(mountId);
    int done = read.doneBytes();
    OriginStream stream =
        streamsOf(read).open(ufs, file, read.offset() + done, read.lengthBytes() - done);
    return read(stream, read, owner);
  }

  private boolean read(OriginStream stream, OriginRead read, int owner) throws IOException {
    try {
      byte[] buffer = buffers.get();
      boolean begun = false;
      for (int left = left(read); left > 0; left = left(read)) {
        int count = stream.read(buffer, Math.min(buffer.length, left));
        if (count < 0) {
          throw new IOException(
              "the origin sent " + read.doneBytes() + " bytes and closed the connection");
        }
        if (!begun) {
          begun = true;
          begun(read);
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
    streamsOf(read).giveBack(stream);
    return true;
  }

  private void begun(OriginRead read) {
    synchronized (queue) {
      Range<PieceRead> range = reads.get(read);
      if (range != null) {
        queue.begun(range, nanoClock.getAsLong());
      }
    }
  }

  private static int left(OriginRead read) {
    return read.lengthBytes() - read.doneBytes();
  }

  /** To be called several times a second. */
  void sweep() {
    streams.closeIdle();
    partStreams.closeIdle();
    int usual;
    synchronized (queue) {
      update(nanoClock.getAsLong());
      usual = Math.min(concurrency, Math.max(USUAL_STREAMS, queue.width()));
    }
    startMore();
    int count = reads.size();
    for (OriginRead read : reads.keySet()) {
      long nowNs = nanoClock.getAsLong();
      long received = receivedBytes.get();
      boolean isStuck =
          lost.get() < maxLost && read.isStuck(nowNs, received, pieceBytes, count, usual);
      int owner = isStuck ? read.takeOver() : -1;
      if (owner >= 0) {
        read.begin(nowNs, received);
        lost.incrementAndGet();
        stuck.incrementAndGet();
        LOG.debug(
            "A read of {} is stuck after {} bytes and goes on over a new connection",
            read.file(),
            read.doneBytes());
        execute(read, () -> goOn(read, owner));
      }
    }
  }

  private void goOn(OriginRead read, int owner) {
    if (run(read, owner)) {
      startMore();
    }
  }

  /** How many reads were stuck until now. */
  long stuckCount() {
    return stuck.get();
  }

  @Override
  public void close() {
    List<PieceRead> waiting;
    synchronized (queue) {
      closed = true;
      waiting = queue.removeAll();
    }
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    waiting.forEach(piece -> piece.fail(OriginErrors.shuttingDown(null)));
    streams.close();
    partStreams.close();
  }
}
