// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class FloorTableTest {
  @Test
  void shouldTellMediansAndRangesAndTheRatioOfEachRound() {
    FloorTable table = new FloorTable();
    double[] floor = {2, 1, 4};
    double[] mows = {3, 4, 4};
    for (int round = 0; round < 3; round++) {
      table.floor("all", floor[round]);
      table.mows("all", mows[round]);
      table.mows("the mount", 0.5);
    }
    assertEquals(
        "|  | plain C | MoWS |\n"
            + "|---|---|---|\n"
            + "| all | 2.00 (1.00 to 4.00) | 4.00 (3.00 to 4.00) |\n"
            + "| the mount | - | 0.50 (0.50 to 0.50) |\n"
            + "\n"
            + "MoWS / plain C, all: 1.50 (1.00 to 4.00)\n",
        table.print("all"));
  }
}
