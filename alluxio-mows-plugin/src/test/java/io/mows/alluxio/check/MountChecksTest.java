// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.check.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** As proc_pid_mountinfo(5) has it: "shared:1" is one of any number of optional fields. */
  @ParameterizedTest
  @CsvSource({"' shared:7',OK", "' master:3 shared:7',OK", "'',NOTE", "' master:3',NOTE"})
  void shouldSayHowItComesBackInContainers(String optional, Level level, @TempDir Path root)
      throws IOException {
    Path table = root.resolve("proc/self/mountinfo");
    Files.createDirectories(table.getParent());
    Files.writeString(
        table,
        "1 0 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n"
            + "2 1 0:40 / /mnt/models/fuse ro"
            + optional
            + " - fuse.mows mows ro\n");
    MountChecks mounted = new MountChecks("/mnt/models/fuse", new Machine(root));
    mounted.mounted(true, Optional::empty);
    Finding finding = mounted.run().get(2);
    assertEquals(level, finding.level(), finding::toString);
    String said = finding.found() + finding.remedy();
    assertTrue(said.contains("rslave"), said);
    assertTrue(said.contains("/mnt/models "), said);
  }

  @Test
  void shouldSayThatNothingCanBeFound() {
    checks.mounted(true, () -> Optional.of("/modles does not exist in Alluxio"));
    Finding finding = checks.run().get(0);
    assertEquals(Level.PROBLEM, finding.level());
    assertEquals("/modles does not exist in Alluxio", finding.found());
  }
}
