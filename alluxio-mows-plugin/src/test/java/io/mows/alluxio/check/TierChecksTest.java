// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TierChecksTest {
  private static final long MB = 1 << 20;

  @Test
  void shouldSayWhatADiskBelowMemoryCosts() {
    assertEquals(List.of(), TierChecks.of(MB, 1_024 * MB, Map.of()), "memory alone");
    Finding finding = TierChecks.of(4_096 * MB, 1_024 * MB, Map.of("SSD", 256 * MB)).get(0);
    assertEquals(Finding.Level.NOTE, finding.level());
    assertTrue(finding.found().contains("SSD of 256.00MB"), finding::toString);
    assertTrue(finding.remedy().contains("tieredstore.levels=1"), finding::toString);
  }

  @Test
  void shouldSayThatAlluxioKeepsAllMemoryFree() {
    Finding finding = TierChecks.of(96 * MB, 1_024 * MB, Map.of("SSD", 256 * MB)).get(0);
    assertEquals(Finding.Level.PROBLEM, finding.level());
    assertTrue(finding.found().contains("1024.00MB"), finding::toString);
    assertTrue(finding.remedy().contains("tier.align.reserved.bytes"), finding::toString);
  }
}
