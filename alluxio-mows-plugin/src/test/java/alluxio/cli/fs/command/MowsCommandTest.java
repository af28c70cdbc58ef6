// SPDX-License-Identifier: Apache-2.0
package alluxio.cli.fs.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.cli.Command;
import alluxio.cli.CommandUtils;
import alluxio.client.file.FileSystemContext;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MowsCommandTest {
  /** What {@code alluxio fs} does first, whatever command it is asked for; no shell is here. */
  private static final Map<String, Command> FOUND =
      CommandUtils.loadCommands(
          "alluxio.cli.fs", new Class<?>[] {FileSystemContext.class}, new Object[] {null});

  private final Command mows = FOUND.get("mows");

  @Test
  void shouldBeFoundByAlluxiosShell() {
    assertEquals(MowsCommand.class, mows.getClass());
    assertTrue(mows.hasSubCommand());
  }

  @Test
  void shouldListItsSubcommands() {
    assertEquals(
        List.of("status", "peers", "check", "top", "ready", "verify", "manifest", "warmup"),
        List.copyOf(mows.getSubCommands().keySet()));
    assertTrue(
        mows.getUsage()
            .startsWith(
                "mows status [PATH] [--json] | mows peers [--json] | mows check [--json]"
                    + " | mows top [--once] | mows ready PATH [--percent 100] [--timeout 10m]"
                    + " [--worker HOST] [--wanted] [--unproven]"
                    + " | mows verify PATH [--json] | mows manifest PATH [-o FILE|-] | mows warmup"),
        mows::getUsage);
    for (Command subcommand : mows.getSubCommands().values()) {
      assertTrue(mows.getDescription().contains(subcommand.getUsage()));
      assertTrue(mows.getDescription().contains(subcommand.getDescription()));
    }
  }
}
