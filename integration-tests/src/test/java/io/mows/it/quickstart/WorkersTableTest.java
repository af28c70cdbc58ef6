// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WorkersTableTest {
  @Test
  void shouldShowWhereTheBytesOfEachWorkerCameFrom() {
    PeerResult quick = new PeerResult(2.0, 350_000_000, 650_000_000, 1_000, 999_000_000, List.of());
    PeerResult wrong = new PeerResult(4.0, 1_000_000_000, 0, 0, 1_000_000_000, List.of("x", "y"));
    List<String> lines =
        List.of(
            WorkersTable.of("cold", List.of(quick, wrong), 1_000_000_000, 1_350_000_000)
                .split("\n", -1));
    assertTrue(
        lines
            .get(1)
            .matches("worker 0 +\\| +2.0 +500 \\| +350 MB +650 MB \\| +1 kB +999 MB \\| all match"),
        lines.get(1));
    assertTrue(lines.get(2).endsWith("| 2 WRONG"), lines.get(2));
    assertEquals(
        "The origin sent 1350 MB for a model of 1000 MB on 2 workers: 1.35 times the model.",
        lines.get(3));
  }
}
