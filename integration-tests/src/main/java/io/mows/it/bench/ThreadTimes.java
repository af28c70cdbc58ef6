// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What threads of a process have used of the processor: see proc_pid_stat(5). */
final class ThreadTimes {
  /** As every Linux tells it, whatever its timer does. */
  static final double TICKS_PER_SECOND = 100;

  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  private ThreadTimes() {}

  /** Seconds of all living threads whose names begin so. */
  static double seconds(long pid, String namePrefix) throws IOException {
    long ticks = 0;
    Path threads = Path.of("/proc/" + pid + "/task");
    try (DirectoryStream<Path> ids = Files.newDirectoryStream(threads)) {
      for (Path id : ids) {
        try {
          ticks += ticks(Files.readString(id.resolve("stat")), namePrefix);
        } catch (NoSuchFileException e) {
          // It has ended since it was listed.
        }
      }
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** Seconds of a process, with its threads that have ended. */
  static double seconds(long pid) throws IOException {
    return ticks(Files.readString(Path.of("/proc/" + pid + "/stat")), "") / TICKS_PER_SECOND;
  }

  /** The name of one thread, or of a process, as its line tells it. */
  static String name(String stat) {
    return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  }

  /** Of one thread, or a process, as its line tells; 0 if it has another name. */
  static long ticks(String stat, String namePrefix) {
    int nameEnd = stat.lastIndexOf(')');
    if (!stat.startsWith(namePrefix, stat.indexOf('(') + 1)) {
      return 0;
    }
    String[] fields = stat.substring(nameEnd + 2).split(" ", -1);
    return Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
  }
}
