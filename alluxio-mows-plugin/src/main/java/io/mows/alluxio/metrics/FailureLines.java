// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.Waiters;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Log lines about files: one for each file and minute. Stack traces are of what is a fault of ours
 * only, one a minute. Thread-safe.
 */
public final class FailureLines {
  private static final String TRACE = "a stack trace";

  private final Logger log;
  private final OncePerFile errors;
  private final OncePerFile warnings;
  private final OncePerFile traces;

  /**
   * @param nanoClock such as {@code System::nanoTime}
   */
  public FailureLines(Logger log, LongSupplier nanoClock) {
    this.log = log;
    this.errors = new OncePerFile(nanoClock);
    this.warnings = new OncePerFile(nanoClock);
    this.traces = new OncePerFile(nanoClock);
  }

  /** {@code what} of {@code path} failed. */
  public void failed(String path, String what, Throwable failure) {
    FailureWords words = FailureWords.of(failure);
    if (errors.isDue(path)) {
      log.error("{} of {} failed: {}. Remedy: {}", what, path, words.cause(), words.remedy());
    }
    trace(path, failure);
  }

  /** Nobody gets the byte at {@code offset}. */
  void cannotRead(String path, long offset, FailureWords words) {
    if (errors.isDue(path)) {
      log.error(
          "{} cannot be read at byte {}: {}. Remedy: {}",
          path,
          offset,
          words.cause(),
          words.remedy());
    }
  }

  /** These wait for an origin that has sent nothing yet. */
  void waits(OriginWait wait, Waiters waiters) {
    FileSpec file = wait.file();
    warn(
        file.path(),
        "{} waits for its origin, {} reads from byte {} on and {} loads: {}. Remedy: {}",
        file.path(),
        waiters.readers(),
        file.layout().pieceOffset(waiters.firstPiece()),
        waiters.loads(),
        wait.what(),
        wait.remedy());
  }

  /** Something that may yet go well, unless something was said of {@code path}. */
  void warn(String path, String line, Object... arguments) {
    if (!errors.wasSaid(path) && warnings.isDue(path)) {
      log.warn(line, arguments);
    }
  }

  /** Shows where {@code failure} came from, if that is a fault of ours. */
  void trace(String path, Throwable failure) {
    if (FailureWords.isOurs(failure) && traces.isDue(TRACE)) {
      log.error("Where {} failed", path, failure);
    } else {
      log.debug("Where {} failed", path, failure);
    }
  }
}
