// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LocatorChecksTest {
  @Test
  void shouldSayWhyTheMemberDoesNotRunAndNothingElse() {
    assertEquals(List.of(), LocatorChecks.of(""));
    Finding finding = LocatorChecks.of("The locator cannot listen on port 29990").get(0);
    assertEquals(Finding.Level.PROBLEM, finding.level());
    assertTrue(finding.found().contains("cannot listen on port 29990"), finding::toString);
    assertTrue(finding.remedy().contains("tried again"), finding::toString);
  }
}
