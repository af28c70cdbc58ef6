// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.fetch.FakeProgress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CopyLimitChecksTest {
  @Test
  void shouldSayNothingOfFilesWithoutALimit() {
    assertEquals(List.of(), CopyLimitChecks.of(Map.of()));
  }

  @Test
  void shouldSayWhatAlluxioRemovesAndWhatToDo() {
    List<Finding> findings =
        CopyLimitChecks.of(
            Map.of(
                FakeProgress.of(2, "/m/b", 100, 0).file(), 2,
                FakeProgress.of(1, "/m/a", 100, 0).file(), 1));
    assertEquals(1, findings.size());
    assertEquals(Finding.Level.PROBLEM, findings.get(0).level());
    assertEquals(
        "/m/a and 1 more may have 1 copies at most: Alluxio removes what workers share above that,"
            + " again and again, and it is fetched again",
        findings.get(0).found());
    assertEquals(
        "alluxio fs setReplication --max -1 /m/a (-R for a directory)", findings.get(0).remedy());
  }
}
