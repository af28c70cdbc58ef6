// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What all processors of this machine have spent their time on since it started, by whomever.
 * Immutable.
 */
final class ProcessorTime {
  private static final Path TABLE = Path.of("/proc/stat");
  private static final int IDLE = 3;
  private static final int IOWAIT = 4;

  /** User, nice, system, idle, iowait, irq, softirq, steal: what follows is part of the first. */
  private static final int FIELDS = 8;

  private final long busyTicks;
  private final long allTicks;

  private ProcessorTime(long busyTicks, long allTicks) {
    this.busyTicks = busyTicks;
    this.allTicks = allTicks;
  }

  static ProcessorTime now() throws IOException {
    return parse(Files.readAllLines(TABLE).get(0));
  }

  /** From the first line of the kernel's table, {@code cpu ...}. */
  static ProcessorTime parse(String line) {
    List<Long> ticks =
        Splitter.on(' ').omitEmptyStrings().splitToList(line).stream()
            .skip(1)
            .limit(FIELDS)
            .map(Long::parseLong)
            .collect(Collectors.toList());
    long all = ticks.stream().mapToLong(Long::longValue).sum();
    return new ProcessorTime(all - ticks.get(IDLE) - ticks.get(IOWAIT), all);
  }

  /** Seconds that all processors together were busy since an earlier moment. */
  double busySecondsSince(ProcessorTime earlier) {
    return (busyTicks - earlier.busyTicks) / ThreadTimes.TICKS_PER_SECOND;
  }

  /** The busy part of the time since an earlier moment, 0 to 1. */
  double busySince(ProcessorTime earlier) {
    long all = allTicks - earlier.allTicks;
    return all == 0 ? 0 : (double) (busyTicks - earlier.busyTicks) / all;
  }
}
