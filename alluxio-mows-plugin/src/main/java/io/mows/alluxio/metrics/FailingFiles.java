// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import io.mows.p2p.fetch.FileSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The files of which something cannot be read. Each is said in the log once a minute, with path,
 * offset, cause and remedy, however many readers it fails. It is forgotten when what failed has
 * been read or has come, or when nobody has asked for it for a while. Thread-safe.
 */
public final class FailingFiles {
  /** What the operator can do about a file that is broken at the origin. */
  public static final String DOWNLOAD_AGAIN = FailureWords.DOWNLOAD_AGAIN;

  static final long FORGET_NS = TimeUnit.MINUTES.toNanos(15);
  private static final int MAX_FILES = 1_000;

  private final FailureLines lines;
  private final LongSupplier nanoClock;
  private final LongSupplier millisClock;
  private final Map<String, FailingFile> files = new ConcurrentHashMap<>();

  FailingFiles(FailureLines lines, LongSupplier nanoClock, LongSupplier millisClock) {
    this.lines = lines;
    this.nanoClock = nanoClock;
    this.millisClock = millisClock;
  }

  /**
   * A read failed, or a load.
   *
   * @return to be thrown in its place
   */
  public ToldException failed(String path, long offset, Throwable failure) {
    failed(path, offset, FailureWords.of(failure));
    lines.trace(path, failure);
    return new ToldException(failure);
  }

  void failed(String path, long offset, FailureWords words) {
    lines.cannotRead(path, offset, words);
    long nowNs = nanoClock.getAsLong();
    if (files.size() >= MAX_FILES && !files.containsKey(path)) {
      files.values().removeIf(file -> nowNs - file.lastNs() > FORGET_NS);
      if (files.size() >= MAX_FILES) {
        return;
      }
    }
    files.compute(
        path,
        (key, known) ->
            known == null
                ? new FailingFile(path, offset, words, millisClock.getAsLong(), nowNs, 1)
                : new FailingFile(path, offset, words, known.sinceMs(), nowNs, known.count() + 1));
  }

  /** These bytes have been read, or have come. */
  public void read(String path, long offset, long bytes) {
    FailingFile file = files.isEmpty() ? null : files.get(path);
    if (file != null && offset <= file.offset() && file.offset() < offset + bytes) {
      files.remove(path, file);
    }
  }

  /** All of {@code file} can be read. */
  public void read(FileSpec file) {
    read(file.path(), 0, Math.max(1, file.layout().lengthBytes()));
  }

  /** Those that fail now. */
  List<FailingFile> now() {
    long nowNs = nanoClock.getAsLong();
    files.values().removeIf(file -> nowNs - file.lastNs() > FORGET_NS);
    return files.values().stream()
        .sorted((a, b) -> a.path().compareTo(b.path()))
        .collect(Collectors.toList());
  }
}
