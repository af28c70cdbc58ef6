// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.manifest.Sha256Sums;
import io.mows.p2p.fetch.BlockSpace;
import io.mows.p2p.fetch.BlockSpace.BlockLease;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares files that are whole in memory with what {@code sha256sum} has written beside them at
 * the origin: in the background, on the thread {@code mows-sha256}, which rests as long as it
 * works, and only while {@code isIdle}. Each file once. It says what it finds, and keeps nobody
 * from reading: that the bytes are those of the origin the engine sees to. Thread-safe.
 */
public final class Sha256Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sha256Watch.class);
  private static final long PAUSE_MS = 10_000;
  private static final long MAX_FILES = 10_000;
  private static final int BUFFER_BYTES = 1 << 20;

  /** After so much the block is let go for a moment: somebody may need its room. */
  private static final long LEASE_BYTES = 64L << 20;

  private final BlockSpace space;
  private final Sums sums;
  private final Supplier<List<FileSpec>> files;
  private final BooleanSupplier isIdle;
  private final Rest rest;
  private final ScheduledExecutorService thread = NamedThreads.scheduled("mows-sha256");
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  /** What is wrong with each file that was looked at; empty: nothing, or nobody says what it is. */
  private final Cache<Long, Optional<String>> known =
      CacheBuilder.newBuilder().maximumSize(MAX_FILES).build();

  /** What files have to have. May block. */
  @FunctionalInterface
  public interface Sums {
    /**
     * @throws IOException if that cannot be found out now
     */
    Optional<Expected> of(FileSpec file) throws IOException;
  }

  /** Lets others work. */
  @FunctionalInterface
  interface Rest {
    void after(long workedNs) throws InterruptedException;
  }

  /**
   * @param files those that may be in memory
   * @param isIdle whether nothing is being fetched
   */
  public Sha256Watch(
      BlockSpace space, Sums sums, Supplier<List<FileSpec>> files, BooleanSupplier isIdle) {
    this(space, sums, files, isIdle, TimeUnit.NANOSECONDS::sleep);
  }

  Sha256Watch(
      BlockSpace space,
      Sums sums,
      Supplier<List<FileSpec>> files,
      BooleanSupplier isIdle,
      Rest rest) {
    this.space = space;
    this.sums = sums;
    this.files = files;
    this.isIdle = isIdle;
    this.rest = rest;
  }

  /** Begins. */
  public void start() {
    thread.scheduleWithFixedDelay(this::safeStep, PAUSE_MS, PAUSE_MS, TimeUnit.MILLISECONDS);
  }

  /** What was found to be wrong with a file; empty if nothing was, or nothing is known. */
  public Optional<String> fault(FileSpec file) {
    return Optional.ofNullable(known.getIfPresent(file.fileId())).flatMap(found -> found);
  }

  private void safeStep() {
    try {
      step();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("Files in memory cannot be compared with their SHA-256 now", e);
    }
  }

  /** Looks at all that is new. */
  void step() throws InterruptedException {
    for (FileSpec file : files.get()) {
      if (!isIdle.getAsBoolean()) {
        return;
      }
      if (known.getIfPresent(file.fileId()) == null && isWhole(file)) {
        try {
          look(file);
        } catch (IOException e) {
          LOG.debug("{} is looked at another time", file, e);
        }
      }
    }
  }

  private boolean isWhole(FileSpec file) {
    for (int block = 0; block < file.layout().blockCount(); block++) {
      if (!space.isCommitted(file.blockId(block))) {
        return false;
      }
    }
    return true;
  }

  private void look(FileSpec file) throws IOException, InterruptedException {
    Optional<Expected> expected = sums.of(file);
    if (expected.isEmpty()) {
      known.put(file.fileId(), Optional.empty());
      return;
    }
    Optional<String> actual = digest(file);
    if (actual.isEmpty()) {
      return;
    }
    Optional<String> fault = Optional.empty();
    if (!actual.get().equals(expected.get().sha256)) {
      fault =
          Optional.of(
              "its SHA-256 is "
                  + actual.get()
                  + " instead of the "
                  + expected.get().sha256
                  + " in "
                  + expected.get().source);
      LOG.error(
          "{}: {}. It is what the origin has: put the right file or the right line there",
          file.path(),
          fault.get());
    }
    known.put(file.fileId(), fault);
  }

  /** Empty if it is not here any more, or something else has begun. */
  private Optional<String> digest(FileSpec file) throws IOException, InterruptedException {
    MessageDigest digest = sha256();
    for (int block = 0; block < file.layout().blockCount(); block++) {
      long length = file.layout().blockLength(block);
      for (long at = 0; at < length; at += LEASE_BYTES) {
        try (BlockLease lease = space.inspect(file.blockId(block)).orElse(null)) {
          if (lease == null || !add(lease, at, Math.min(length, at + LEASE_BYTES), digest)) {
            return Optional.empty();
          }
        }
      }
    }
    return Optional.of(Sha256Sums.hex(digest.digest()));
  }

  private boolean add(BlockLease lease, long from, long to, MessageDigest digest)
      throws IOException, InterruptedException {
    for (long at = from; at < to; at += buffer.capacity()) {
      if (!isIdle.getAsBoolean()) {
        return false;
      }
      long startNs = System.nanoTime();
      buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
      lease.file().read(at, buffer);
      digest.update(buffer.flip());
      rest.after(System.nanoTime() - startNs);
    }
    return true;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    NamedThreads.stop(thread, "mows-sha256");
  }

  /** A checksum, and where it stands. Immutable. */
  public static final class Expected {
    private final String sha256;
    private final String source;

    /**
     * @param sha256 64 lower-case hexadecimal digits
     * @param source the path of the file that says so
     */
    public Expected(String sha256, String source) {
      this.sha256 = sha256;
      this.source = source;
    }
  }
}
