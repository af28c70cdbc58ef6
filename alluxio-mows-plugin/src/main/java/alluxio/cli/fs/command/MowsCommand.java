// SPDX-License-Identifier: Apache-2.0
package alluxio.cli.fs.command;

import alluxio.cli.Command;
import alluxio.client.file.FileSystemContext;
import io.mows.alluxio.cli.Subcommands;
import java.util.Map;

/**
 * {@code alluxio fs mows ...}. In this package because Alluxio's shell looks for commands here, and
 * makes every one of them whatever command is run: so making it costs nothing and cannot fail.
 */
public final class MowsCommand implements Command {
  private final Map<String, Command> subcommands;

  /**
   * @param context connects when a subcommand is run; stays the shell's
   */
  public MowsCommand(FileSystemContext context) {
    this.subcommands = Subcommands.of(context);
  }

  @Override
  public String getCommandName() {
    return "mows";
  }

  @Override
  public Map<String, Command> getSubCommands() {
    return subcommands;
  }

  @Override
  public String getUsage() {
    return Subcommands.usage(subcommands.values());
  }

  @Override
  public String getDescription() {
    return Subcommands.description(subcommands.values());
  }
}
