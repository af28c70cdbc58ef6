// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.util.List;
import java.util.Map;

/** What two releases took, and how they compare round by round. Not thread-safe. */
final class ReleasesTable {
  private static final String OLDER = "older";
  private static final String NEWER = "newer";
  private static final String RATIO = "newer / older";

  private final FreshTable table = new FreshTable(List.of(OLDER, NEWER, RATIO));

  /**
   * One round.
   *
   * @param older by figure
   * @param newer the same figures, measured beside it
   */
  void add(Map<String, Double> older, Map<String, Double> newer) {
    older.forEach(
        (figure, value) -> {
          table.add(figure, OLDER, value);
          table.add(figure, NEWER, newer.get(figure));
          table.add(figure, RATIO, newer.get(figure) / value);
        });
  }

  @Override
  public String toString() {
    return table.toString();
  }
}
