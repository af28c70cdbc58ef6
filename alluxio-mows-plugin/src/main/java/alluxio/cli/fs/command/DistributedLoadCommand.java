// SPDX-License-Identifier: Apache-2.0
package alluxio.cli.fs.command;

import alluxio.cli.Command;
import alluxio.client.file.FileSystemContext;
import alluxio.exception.status.InvalidArgumentException;
import alluxio.util.CommonUtils;
import io.mows.alluxio.cli.load.DistributedLoad;
import io.mows.alluxio.cli.load.LoadJobs;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/**
 * {@code alluxio fs distributedLoad}, which Alluxio had until 2.8 and which Fluid and many scripts
 * call. In this package because Alluxio's shell looks for commands here.
 */
public final class DistributedLoadCommand implements Command {
  private final FileSystemContext context;

  /**
   * @param context connects when the command is run; stays the shell's
   */
  public DistributedLoadCommand(FileSystemContext context) {
    this.context = context;
  }

  @Override
  public String getCommandName() {
    return "distributedLoad";
  }

  @Override
  public Options getOptions() {
    return DistributedLoad.options();
  }

  @Override
  public void validateArgs(CommandLine line) throws InvalidArgumentException {
    DistributedLoad.validate(line);
  }

  @Override
  public int run(CommandLine line) throws IOException {
    return new DistributedLoad(
            LoadJobs.of(context), System.out, System.err, System::nanoTime, CommonUtils::sleepMs)
        .run(line);
  }

  @Override
  public String getUsage() {
    return DistributedLoad.USAGE;
  }

  @Override
  public String getDescription() {
    return DistributedLoad.DESCRIPTION;
  }
}
