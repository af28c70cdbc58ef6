// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.underfs.UnderFileSystem;
import alluxio.underfs.options.OpenOptions;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open streams of the origin, kept for the next piece of the same file further on: opening one
 * costs a request of its own on object stores, skipping ahead in one does not. Thread-safe.
 */
final class OriginStreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OriginStreams.class);
  private static final long IDLE_NS = 3_000_000_000L;

  private final int maxIdle;
  private final LongSupplier nanoClock;
  private final Deque<OriginStream> idle = new ArrayDeque<>();
  private boolean closed;

  OriginStreams(int maxIdle, LongSupplier nanoClock) {
    this.maxIdle = maxIdle;
    this.nanoClock = nanoClock;
  }

  /**
   * A new stream of {@code file} that stands at {@code offset}; its owner gives it back or closes
   * it.
   */
  OriginStream open(UnderFileSystem ufs, FileSpec file, long offset, int length)
      throws IOException {
    OpenOptions options = OpenOptions.defaults().setOffset(offset).setLength(length);
    InputStream in = KnownObject.during(file, () -> ufs.open(file.origin().path(), options));
    return new OriginStream(in, file, offset);
  }

  /** As {@link #open}, but one that was given back, if there is one that can get there. */
  Optional<OriginStream> takeKept(FileSpec file, long offset) {
    OriginStream kept = takeIdle(file.fileId(), offset);
    if (kept == null) {
      return Optional.empty();
    }
    try {
      kept.skipTo(offset);
      return Optional.of(kept);
    } catch (IOException | RuntimeException e) {
      LOG.debug("A kept stream of {} cannot be used any more", file, e);
      kept.close();
      return Optional.empty();
    }
  }

  private synchronized OriginStream takeIdle(long fileId, long offset) {
    OriginStream best = null;
    for (OriginStream stream : idle) {
      boolean usable = stream.file.fileId() == fileId && stream.position <= offset;
      if (usable && (best == null || stream.position > best.position)) {
        best = stream;
      }
    }
    idle.remove(best);
    return best;
  }

  /** Keeps a stream whose last read went well. */
  void giveBack(OriginStream stream) {
    OriginStream surplus = stream;
    synchronized (this) {
      if (!closed) {
        stream.idleSinceNs = nanoClock.getAsLong();
        idle.addLast(stream);
        surplus = idle.size() > maxIdle ? idle.pollFirst() : null;
      }
    }
    if (surplus != null) {
      surplus.close();
    }
  }

  void closeIdle() {
    closeThoseIdleFor(IDLE_NS);
  }

  private void closeThoseIdleFor(long idleNs) {
    Deque<OriginStream> old = new ArrayDeque<>();
    long now = nanoClock.getAsLong();
    synchronized (this) {
      Iterator<OriginStream> all = idle.iterator();
      while (all.hasNext()) {
        OriginStream stream = all.next();
        if (now - stream.idleSinceNs >= idleNs) {
          all.remove();
          old.add(stream);
        }
      }
    }
    old.forEach(OriginStream::close);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    closeThoseIdleFor(0);
  }

  /** One open stream and where it stands. For one thread at a time. */
  static final class OriginStream {
    private final InputStream in;
    private final FileSpec file;
    private long position;
    private long idleSinceNs;

    OriginStream(InputStream in, FileSpec file, long position) {
      this.in = in;
      this.file = file;
      this.position = position;
    }

    private void skipTo(long offset) throws IOException {
      while (position < offset) {
        long wanted = offset - position;
        long skipped = KnownObject.during(file, () -> in.skip(wanted));
        if (skipped <= 0) {
          throw new IOException("The stream cannot skip from " + position + " to " + offset);
        }
        position += skipped;
      }
    }

    int read(byte[] buffer, int length) throws IOException {
      int count = KnownObject.during(file, () -> in.read(buffer, 0, length));
      if (count > 0) {
        position += count;
      }
      return count;
    }

    void close() {
      try {
        in.close();
      } catch (IOException | RuntimeException e) {
        LOG.debug("A stream of the origin was not closed cleanly", e);
      }
    }
  }
}
