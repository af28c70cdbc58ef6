// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What a process uses of the processor from the creation of this on, and which of its threads do:
 * see proc_pid_stat(5). Threads that end are counted as of a look a moment before. Thread-safe.
 */
final class ThreadUse implements AutoCloseable {
  /** Threads that use less are not named. */
  private static final double LEAST_SECONDS = 0.02;

  private static final long LOOK_MS = 250;

  private final long pid;
  private final double startSeconds;
  private final Map<String, String> before = new HashMap<>();
  private final Map<String, String> latest = new HashMap<>();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(run -> new Thread(run, "bench-threads"));

  ThreadUse(long pid) throws IOException {
    this.pid = pid;
    read(before);
    this.startSeconds = ThreadTimes.seconds(pid);
    looks.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  /** Seconds of the whole process, with the threads that have ended. */
  double seconds() throws IOException {
    return ThreadTimes.seconds(pid) - startSeconds;
  }

  /** Seconds of all threads whose names begin in one of these ways. */
  synchronized double seconds(String... namePrefixes) throws IOException {
    read(latest);
    long ticks = 0;
    for (String prefix : namePrefixes) {
      ticks += latest.keySet().stream().mapToLong(thread -> used(thread, prefix)).sum();
    }
    return ticks / ThreadTimes.TICKS_PER_SECOND;
  }

  private long used(String thread, String namePrefix) {
    String then = before.get(thread);
    return ThreadTimes.ticks(latest.get(thread), namePrefix)
        - (then == null ? 0 : ThreadTimes.ticks(then, namePrefix));
  }

  /**
   * Seconds by the names of threads, without what numbers them. Linux keeps 15 bytes of a name, so
   * threads whose names begin alike are counted as one.
   */
  synchronized Map<String, Double> secondsByName() throws IOException {
    read(latest);
    Map<String, Double> byName = new TreeMap<>();
    for (String thread : latest.keySet()) {
      String name = ThreadTimes.name(latest.get(thread)).replaceAll("[-#_ ]*[0-9].*", "");
      byName.merge(name, used(thread, "") / ThreadTimes.TICKS_PER_SECOND, Double::sum);
    }
    return byName;
  }

  /** Of what threads whose names begin so have used, the part of the busiest, 0 to 1. */
  synchronized double busiestShare(String namePrefix) throws IOException {
    read(latest);
    LongSummaryStatistics ticks =
        latest.keySet().stream().mapToLong(thread -> used(thread, namePrefix)).summaryStatistics();
    return ticks.getSum() == 0 ? 0 : (double) ticks.getMax() / ticks.getSum();
  }

  private synchronized void look() {
    try {
      read(latest);
    } catch (IOException e) {
      // The process has ended; who asks for its time is told.
    }
  }

  /** The line of each living thread by its number. */
  private void read(Map<String, String> lines) throws IOException {
    try (DirectoryStream<Path> ids = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path id : ids) {
        try {
          lines.put(id.getFileName().toString(), Files.readString(id.resolve("stat")));
        } catch (NoSuchFileException e) {
          // It has ended since it was listed.
        }
      }
    }
  }

  @Override
  public void close() {
    looks.shutdown();
  }

  /** For people: what threads have used, by their names, the most first. */
  static String words(Map<String, Double> secondsByName) {
    return secondsByName.entrySet().stream()
        .filter(use -> use.getValue() >= LEAST_SECONDS)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .map(use -> String.format(Locale.ROOT, "%s %.2f s", use.getKey(), use.getValue()))
        .collect(Collectors.joining(", "));
  }
}
