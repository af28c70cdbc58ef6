// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the threads of some processes use of the processor between two moments. */
final class FreshThreads {
  private final List<ThreadUse> processes = new ArrayList<>();

  private FreshThreads() {}

  static FreshThreads of(List<Long> pids) throws IOException {
    FreshThreads threads = new FreshThreads();
    for (long pid : pids) {
      threads.processes.add(new ThreadUse(pid));
    }
    return threads;
  }

  /** For people: of all processes together, by the threads' names, the most first. */
  String end() throws IOException {
    Map<String, Double> sums = new HashMap<>();
    for (ThreadUse process : processes) {
      process.secondsByName().forEach((name, seconds) -> sums.merge(name, seconds, Double::sum));
      process.close();
    }
    return ThreadUse.words(sums);
  }
}
