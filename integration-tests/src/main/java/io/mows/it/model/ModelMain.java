// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.HelpFormatter;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/**
 * Writes a synthetic model: {@code --dir D --bytes 1GiB --shards 4 --seed 7}. Exits with 2 when an
 * argument is wrong.
 */
public final class ModelMain {
  private ModelMain() {}

  public static void main(String[] args) throws IOException {
    Options options =
        new Options()
            .addOption(required("dir", "where to write; created if needed"))
            .addOption(required("bytes", "bytes of weights, such as 512MiB or 1GiB"))
            .addOption(Option.builder().longOpt("shards").hasArg().desc("default 1").build())
            .addOption(Option.builder().longOpt("seed").hasArg().desc("default 1").build());
    try {
      CommandLine line = new DefaultParser().parse(options, args);
      ModelDescription model =
          SyntheticModel.write(
              Path.of(line.getOptionValue("dir")),
              ByteSize.parse(line.getOptionValue("bytes")),
              Integer.parseInt(line.getOptionValue("shards", "1")),
              Long.parseLong(line.getOptionValue("seed", "1")));
      model.files().forEach(System.out::println);
    } catch (ParseException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      new HelpFormatter().printHelp(ModelMain.class.getSimpleName(), options);
      System.exit(2);
    }
  }

  private static Option required(String name, String description) {
    return Option.builder().longOpt(name).hasArg().required().desc(description).build();
  }
}
