// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class FreshTableTest {
  @Test
  void shouldShowTheMedianAndHowFarTheRoundsWereApart() {
    FreshTable table = new FreshTable(List.of("installed", "archive"));
    table.aim("read", "1.15x");
    table.add("read", "installed", 1.5);
    table.add("read", "installed", 1.3);
    table.add("read", "installed", 2.0);
    table.add("read", "archive", 1.1);
    table.add("start", "archive", 3);
    table.add("start", "archive", 4);
    assertEquals(
        List.of(
            "|  | installed | archive | aim |",
            "|---|---|---|---|",
            "| read | 1.50 (1.30 to 2.00) | 1.10 | 1.15x |",
            "| start | - | 3.50 (3.00 to 4.00) | - |"),
        table.toString().lines().collect(Collectors.toList()));
  }
}
