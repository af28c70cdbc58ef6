// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelStats;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PeerChecksTest {
  private static List<Finding> of(String... older) {
    return PeerChecks.of(
        Optional.of(new ChannelStats(Map.of(), Map.of(), Map.of(), Set.of(older))));
  }

  @Test
  void shouldSayWhichWorkersRunAReleaseThatCannotShareAndNothingElse() {
    assertEquals(List.of(), PeerChecks.of(Optional.empty()));
    assertEquals(List.of(), of());
    Finding finding = of("w2:29998", "w1:29998").get(0);
    assertEquals(Finding.Level.NOTE, finding.level());
    assertTrue(finding.found().contains("with w1:29998, w2:29998: a release"), finding::toString);
    assertTrue(finding.remedy().contains("the same release"), finding::toString);
  }
}
