// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReleasesTableTest {
  @Test
  void shouldCompareWithinEachRound() {
    ReleasesTable table = new ReleasesTable();
    // The machine is three times slower in the second round, the newer release 10 % in each.
    table.add(Map.of("cold", 1.0), Map.of("cold", 1.1));
    table.add(Map.of("cold", 3.0), Map.of("cold", 3.3));
    String text = table.toString();
    assertTrue(text.contains("1.10 (1.10 to 1.10)"), text);
    assertTrue(text.contains("2.00 (1.00 to 3.00)"), text);
  }
}
