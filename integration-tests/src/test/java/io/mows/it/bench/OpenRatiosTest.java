// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class OpenRatiosTest {
  private final OpenRatios table = new OpenRatios(2_000_000_000L, "old", "new", "new / old");

  @Test
  void shouldCompareTheBestOfEachWay() {
    table.add("cold", "old", 9, 3);
    table.add("cold", "old", 8, 4);
    table.add("cold", "new", 10, 0.3);
    table.add("cold", "new", 6, 0.5);
    assertEquals(
        "|  | old | new | new / old |\n"
            + "|---|---|---|---|\n"
            + "| cold: s | 8.00 | 6.00 | 0.75 |\n"
            + "| cold: mount's processor, s per GB | 1.50 | 0.15 | 0.10 |\n",
        table.toString());
  }

  @Test
  void shouldShowWhatIsThereOfOneWayAlone() {
    table.add("cold", "old", 8, 4);
    assertEquals(
        "|  | old | new | new / old |\n"
            + "|---|---|---|---|\n"
            + "| cold: s | 8.00 | - | - |\n"
            + "| cold: mount's processor, s per GB | 2.00 | - | - |\n",
        table.toString());
  }
}
