// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
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

  private final LocalStore space;
  private final Sums sums;
  private final Supplier<List<FileSpec>> files;
  private final BooleanSupplier isIdle;
  private final ScheduledExecutorService thread = NamedThreads.scheduled("mows-sha256");
  private final IdleDigest digest;

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

  /**
   * @param files those that may be in memory
   * @param isIdle whether nothing is being fetched
   */
  public Sha256Watch(
      LocalStore space, Sums sums, Supplier<List<FileSpec>> files, BooleanSupplier isIdle) {
    this(space, sums, files, isIdle, TimeUnit.NANOSECONDS::sleep);
  }

  Sha256Watch(
      LocalStore space,
      Sums sums,
      Supplier<List<FileSpec>> files,
      BooleanSupplier isIdle,
      IdleDigest.Rest rest) {
    this.space = space;
    this.sums = sums;
    this.files = files;
    this.isIdle = isIdle;
    this.digest = new IdleDigest(space, isIdle, rest);
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
    Optional<String> actual = digest.sha256(file);
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
