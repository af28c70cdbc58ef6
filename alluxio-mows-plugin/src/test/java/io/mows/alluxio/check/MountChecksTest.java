// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.check.Finding.Level;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MountChecksTest {
  private final MountChecks checks = new MountChecks("/mnt/models");

  @Test
  void shouldSayNothingOfAMountThatNobodyAskedFor() {
    assertEquals(List.of(), checks.run());
  }

  @Test
  void shouldSayWhyThereIsNone() {
    checks.failed(new IOException("alluxio.fuse.mount.options: 'allow_othr' is not known"));
    List<Finding> findings = checks.run();
    assertEquals(1, findings.size());
    Finding finding = findings.get(0);
    assertEquals(Level.PROBLEM, finding.level());
    assertEquals("mount", finding.subject());
    assertTrue(finding.found().contains("/mnt/models"), finding::toString);
    assertTrue(finding.found().contains("'allow_othr' is not known"), finding::toString);
  }

  @Test
  void shouldSayWhoIsRefused() {
    checks.mounted(false, Optional::empty);
    assertEquals(
        List.of(Level.OK, Level.NOTE), List.of(checks.run().get(0).level(), users().level()));
    assertTrue(users().remedy().contains("allow_other"), () -> users().toString());
    checks.mounted(true, Optional::empty);
    assertEquals(Level.OK, users().level());
  }

  private Finding users() {
    return checks.run().get(1);
  }

  @Test
  void shouldSayThatNothingCanBeFound() {
    checks.mounted(true, () -> Optional.of("/modles does not exist in Alluxio"));
    Finding finding = checks.run().get(0);
    assertEquals(Level.PROBLEM, finding.level());
    assertEquals("/modles does not exist in Alluxio", finding.found());
  }
}
