// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.p2p.fetch.DroppedBytesException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.PendingRead;
import io.mows.p2p.fetch.engine.FetchEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that readers have open, and the round that they were given bytes of. A round of a file
 * ends when bytes of it turn out to be wrong and are dropped (see {@link Verification#generation}).
 * Who was given bytes of it by then gets errors from then on, never the rest from another round;
 * who was given none goes on with the next round. Shared by readers who see each other's bytes, as
 * in the kernel's page cache. Thread-safe.
 */
public final class OpenedFile {
  private static final Logger LOG = LoggerFactory.getLogger(OpenedFile.class);
  private static final int NOTHING = -1;

  private final FileSpec file;
  private final FileReading reading;
  private final VisibleFiles visible;
  private final AtomicInteger given = new AtomicInteger(NOTHING);
  private final AtomicBoolean told = new AtomicBoolean();

  public OpenedFile(FileSpec file, FileReading reading, VisibleFiles visible) {
    this.file = file;
    this.reading = reading;
    this.visible = visible;
  }

  /** Bytes of the file, from wherever. */
  @FunctionalInterface
  public interface Bytes {
    /**
     * Puts bytes into {@code dst}.
     *
     * @return how many; not more than 0 if there are none
     */
    int read(ByteBuffer dst) throws IOException;
  }

  public FileSpec file() {
    return file;
  }

  /**
   * As {@link FetchEngine#read}.
   *
   * @throws DroppedBytesException if bytes that were given before have been dropped
   */
  public int read(long position, ByteBuffer dst) throws IOException {
    return read(dst, to -> reading.read(file, this::check, position, to, List.of()));
  }

  /**
   * The read of up to {@code bytes} from {@code position} on, if it would have to wait.
   *
   * @throws DroppedBytesException if bytes that were given before have been dropped
   */
  public Optional<PendingRead> pending(long position, int bytes) throws IOException {
    List<Demand> missing = reading.pending(file, this::check, position, bytes);
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(new PendingDemands(position, missing));
  }

  /**
   * Has {@code bytes} put bytes into {@code dst}, again if they were of a round that ended
   * meanwhile.
   *
   * @throws DroppedBytesException if bytes that were given before have been dropped
   */
  public int read(ByteBuffer dst, Bytes bytes) throws IOException {
    int start = dst.position();
    while (true) {
      int round = begin();
      int count = bytes.read(dst);
      if (count <= 0 || gave(round)) {
        return count;
      }
      dst.position(start);
    }
  }

  /**
   * Bytes are about to be had from elsewhere.
   *
   * @return for {@link #end}
   * @throws DroppedBytesException if bytes that were given before have been dropped
   */
  public int begin() throws DroppedBytesException {
    int round = visible.of(file.fileId()).generation();
    check(round);
    return round;
  }

  /**
   * They are here and may be given now.
   *
   * @throws DroppedBytesException if their round has ended meanwhile
   */
  public void end(int round) throws DroppedBytesException {
    if (!gave(round)) {
      throw dropped();
    }
  }

  /**
   * Readers have bytes of this round although they have not asked for them: the kernel had kept
   * them, or reads them by itself.
   *
   * @param round the file's {@link Verification#generation} before they got them
   */
  public void given(int round) {
    given.compareAndSet(NOTHING, round);
  }

  /** Whether the bytes just had may be given, because the round that they are of goes on. */
  private boolean gave(int round) {
    return visible.of(file.fileId()).generation() == round
        && (given.compareAndSet(NOTHING, round) || given.get() == round);
  }

  /** Whether bytes that were given have been dropped. */
  public boolean isDropped() {
    int had = given.get();
    return had != NOTHING && had != visible.of(file.fileId()).generation();
  }

  /** Fails if bytes that were given have been dropped. */
  public void check() throws DroppedBytesException {
    check(visible.of(file.fileId()).generation());
  }

  private void check(int round) throws DroppedBytesException {
    int had = given.get();
    if (had == NOTHING || had == round) {
      return;
    }
    throw dropped();
  }

  private DroppedBytesException dropped() {
    DroppedBytesException failure = new DroppedBytesException(file.path());
    if (told.compareAndSet(false, true)) {
      LOG.warn("{}", failure.getMessage());
    }
    return failure;
  }

  /** A read that waits for pieces without a thread. */
  private final class PendingDemands implements PendingRead {
    private final long position;
    private final List<Demand> demands;

    public PendingDemands(long position, List<Demand> demands) {
      this.position = position;
      this.demands = demands;
    }

    @Override
    public CompletableFuture<Void> arrival() {
      return CompletableFuture.allOf(
          demands.stream().map(Demand::arrived).toArray(CompletableFuture[]::new));
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
      return OpenedFile.this.read(
          dst, to -> reading.read(file, OpenedFile.this::check, position, to, demands));
    }

    @Override
    public void close() {
      demands.forEach(Demand::end);
    }
  }
}
