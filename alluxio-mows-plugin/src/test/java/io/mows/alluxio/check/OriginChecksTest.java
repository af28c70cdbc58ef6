// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.FakeProgress;
import io.mows.p2p.swarm.origin.OriginFault;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OriginChecksTest {
  @Test
  void shouldSayNothingOfOriginsThatAnswer() {
    assertEquals(List.of(), OriginChecks.of(List.of(FakeProgress.of(1, "/m/a", 500, 2))));
  }

  @Test
  void shouldSayWhichOriginDeniesSinceWhenAndWhatToDo() {
    List<Finding> findings =
        OriginChecks.of(
            List.of(
                FakeProgress.waiting(1, "/m/a", OriginFault.DENIED, 5_000),
                FakeProgress.waiting(2, "/m/b", OriginFault.DENIED, 123_000),
                FakeProgress.waiting(3, "/m/c", OriginFault.AWAY, 1_000),
                FakeProgress.waiting(4, "/m/d", OriginFault.SILENT, 3_000)));
    assertEquals(3, findings.size());
    Finding away = findings.get(0);
    assertTrue(away.found().contains("/m/c cannot be read: the origin is away since 1 s"));
    Finding silent = findings.get(1);
    assertTrue(silent.found().contains("/m/d cannot be read: the origin sends nothing since 3 s"));
    Finding denied = findings.get(2);
    assertEquals(Finding.Level.PROBLEM, denied.level());
    assertEquals("origin of mount point 1", denied.subject());
    assertEquals(
        "/m/b and 1 more cannot be read: the origin denies it since 2 min 3 s: so it says",
        denied.found());
    assertTrue(denied.remedy().contains("credentials"), denied::remedy);
  }
}
