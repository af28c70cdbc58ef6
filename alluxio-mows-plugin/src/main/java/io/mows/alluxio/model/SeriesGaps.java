// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shards of weights that are not there although others of their series are, such as the third of
 * {@code model-0000N-of-00004.safetensors}: their names say how many there are. Stateless.
 */
public final class SeriesGaps {
  private static final Pattern SHARD =
      Pattern.compile("^(.*?)(\\d{1,6})([-_]of[-_])(\\d{1,6})([^/]*)$");

  /** Of one series; who lacks more knows it by then. */
  private static final int MAX_NAMED = 20;

  private SeriesGaps() {}

  /**
   * @param files with or without directories before their names; a series lies in one directory
   * @return the paths of what is not there, as those of {@code files} are written
   */
  public static SortedSet<String> of(Collection<String> files) {
    Map<String, Series> all = new HashMap<>();
    for (String file : files) {
      int name = file.lastIndexOf('/') + 1;
      Matcher shard = SHARD.matcher(file.substring(name));
      if (shard.matches() && WeightFormat.of(file.substring(name)).isPresent()) {
        String before = file.substring(0, name) + shard.group(1);
        String after = shard.group(3) + shard.group(4) + shard.group(5);
        all.computeIfAbsent(
                before + "\0" + after,
                key -> new Series(before, after, Integer.parseInt(shard.group(4))))
            .add(shard.group(2));
      }
    }
    SortedSet<String> gaps = new TreeSet<>();
    all.values().forEach(series -> series.addGapsTo(gaps));
    return gaps;
  }

  /** Shards that differ in their number. For one thread. */
  private static final class Series {
    private final String before;
    private final String after;
    private final int count;
    private final SortedSet<Integer> numbers = new TreeSet<>();
    private int digits;

    Series(String before, String after, int count) {
      this.before = before;
      this.after = after;
      this.count = count;
    }

    void add(String number) {
      numbers.add(Integer.parseInt(number));
      digits = number.length();
    }

    /** Most begin with 1, some with 0. */
    void addGapsTo(SortedSet<String> gaps) {
      int first = numbers.first() == 0 ? 0 : 1;
      int named = 0;
      for (int number = first; number < first + count && named < MAX_NAMED; number++) {
        if (!numbers.contains(number)) {
          gaps.add(before + String.format("%0" + digits + "d", number) + after);
          named++;
        }
      }
    }
  }
}
