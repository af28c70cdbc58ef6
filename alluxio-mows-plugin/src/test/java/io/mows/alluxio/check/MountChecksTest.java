// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.check.Finding.Level;
import io.mows.channel.ChannelChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MountChecksTest {
  private final MountChecks checks = new MountChecks("/mnt/models", true);

  @Test
  void shouldSayNothingOfAMountThatNobodyAskedFor() {
    assertEquals(List.of(), new MountChecks("/mnt/models", false).run());
  }

  @Test
  void shouldSayThatItIsNotThereYet() {
    Finding finding = checks.run().get(0);
    assertEquals(Level.NOTE, finding.level());
    assertTrue(finding.found().contains("not yet at /mnt/models"), finding::toString);
  }

  /** One cause, one finding: neither libfuse nor read-ahead is missed where no mount is. */
  @Test
  void shouldBeAllThatIsSaidOfAMissingMount(@TempDir Path root) {
    MountChecks missing = new MountChecks("/mnt/models", true, new Machine(root));
    missing.failed(new IOException("no such device"));
    List<Finding> findings = new ArrayList<>(missing.run());
    WorkerChecks.Settings settings =
        new WorkerChecks.Settings(
            ChannelChoice.AUTO,
            0,
            false,
            Optional.of(Path.of("/mnt/models")),
            OptionalInt::empty,
            Map.of());
    findings.addAll(new WorkerChecks(new Machine(root), settings, List.of(), List::of).run());
    List<Finding> problems =
        findings.stream().filter(f -> f.level() == Level.PROBLEM).collect(Collectors.toList());
    assertEquals(List.of(findings.get(0)), problems);
    assertTrue(problems.get(0).remedy().contains("modprobe fuse"), problems::toString);
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
    checks.mounted(false, Optional::empty, Optional::empty);
    assertEquals(
        List.of(Level.OK, Level.NOTE), List.of(checks.run().get(0).level(), users().level()));
    assertTrue(users().remedy().contains("allow_other"), () -> users().toString());
    checks.mounted(true, Optional::empty, Optional::empty);
    assertEquals(Level.OK, users().level());
    checks.mounted(true, Optional::empty, () -> Optional.of("/llama has mode 700"));
    assertEquals(Level.NOTE, users().level());
    assertTrue(users().found().contains("/llama has mode 700"), () -> users().toString());
    assertTrue(users().remedy().contains("alluxio fs chmod -R 755"), () -> users().toString());
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
    MountChecks mounted = new MountChecks("/mnt/models/fuse", true, new Machine(root));
    mounted.mounted(true, Optional::empty, Optional::empty);
    Finding finding = mounted.run().get(2);
    assertEquals(level, finding.level(), finding::toString);
    String said = finding.found() + finding.remedy();
    assertTrue(said.contains("rslave"), said);
    assertTrue(said.contains("/mnt/models "), said);
  }

  @Test
  void shouldSayThatNothingCanBeFound() {
    checks.mounted(true, () -> Optional.of("/modles does not exist in Alluxio"), Optional::empty);
    Finding finding = checks.run().get(0);
    assertEquals(Level.PROBLEM, finding.level());
    assertEquals("/modles does not exist in Alluxio", finding.found());
  }
}
