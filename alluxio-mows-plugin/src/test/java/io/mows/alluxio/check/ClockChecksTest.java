// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ClockChecksTest {
  @Test
  void shouldSayNothingOfClocksThatAgree() {
    assertEquals(List.of(), ClockChecks.of(List.of()));
  }

  @Test
  void shouldSayWhoseClockIsOffAndWhatToDo() {
    String off = "The clock of the locator's member host:29990 is 600 s ahead of this worker's";
    Finding finding = ClockChecks.of(List.of(off)).get(0);
    assertEquals(Finding.Level.NOTE, finding.level(), "nothing fails for it");
    assertEquals(off, finding.found());
    assertTrue(finding.remedy().contains("NTP"), finding::remedy);
  }
}
