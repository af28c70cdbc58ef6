// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StepsTableTest {
  @Test
  void shouldPutStepsOfBothRunsSideBySideAndCountWhatIsWrong() {
    StepResult stock = new StepResult("first read", 10.0, 1_000_000_000, 3_000_000_000L, List.of());
    StepResult mows = new StepResult("first read", 2.0, 1_000_000_000, 400_000_000, List.of("x"));
    List<String> lines = List.of(StepsTable.of(List.of(stock), List.of(mows)).split("\n", -1));
    assertTrue(
        lines
            .get(2)
            .matches("first read +\\| +10.0 +100 +3000 MB +0 B \\| +2.0 +500 +400 MB +600 MB"),
        lines.get(2));
    assertTrue(lines.get(3).matches("CRC32.*\\| match crc32.txt +\\| 1 WRONG"), lines.get(3));
  }

  @Test
  void shouldShowOneRunAlone() {
    StepResult read = new StepResult("first read", 2.0, 1_000_000_000, 400_000_000, List.of());
    List<String> lines = List.of(StepsTable.of(List.of(read)).split("\n", -1));
    assertTrue(lines.get(0).matches("Alluxio with MoWS +\\| +seconds +MB/s.*"), lines.get(0));
    assertTrue(lines.get(1).matches("first read +\\| +2.0 +500 +400 MB +600 MB"), lines.get(1));
    assertTrue(lines.get(2).matches("CRC32 of every file +\\| match crc32.txt"), lines.get(2));
  }

  @Test
  void shouldWriteBytesInUnitsOfThePowerOfTen() {
    assertEquals("999 B", StepsTable.bytes(999));
    assertEquals("2 kB", StepsTable.bytes(1_999));
    assertEquals("268 MB", StepsTable.bytes(268_435_456));
    assertEquals("38.7 GB", StepsTable.bytes(38_654_705_664L));
  }
}
