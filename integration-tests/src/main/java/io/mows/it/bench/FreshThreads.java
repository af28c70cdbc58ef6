// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the threads of some processes use of the processor between two moments. */
final class FreshThreads {
  private static final double LEAST_SECONDS = 0.05;

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
    return sums.entrySet().stream()
        .filter(sum -> sum.getValue() >= LEAST_SECONDS)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .map(sum -> String.format(Locale.ROOT, "%s %.2f s", sum.getKey(), sum.getValue()))
        .collect(Collectors.joining(", "));
  }
}
