// SPDX-License-Identifier: Apache-2.0
package io.mows.it.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The shell commands of the README, and who runs each of them. */
final class ReadmeCommands {
  /** A file of the project that runs a command, and words in it that do so. */
  static final class Elsewhere {
    final String file;
    final String words;

    private Elsewhere(String file, String words) {
      this.file = file;
      this.words = words;
    }
  }

  /** These begin what {@link ReadmeIT} runs on a real cluster. */
  static final List<String> ON_A_CLUSTER = List.of("alluxio ", "getfattr ", "mount -o remount,");

  /** These begin what a script runs after the build: they would build once more within it. */
  static final List<String> AFTER_THE_BUILD =
      List.of(
          "integration-tests/bin/quickstart",
          "integration-tests/bin/cluster ",
          "integration-tests/bin/swarm-sim ",
          "integration-tests/bin/test-chart");

  static final Elsewhere THE_SCRIPT =
      new Elsewhere("integration-tests/bin/test", "bin/test-readme\"");

  /** The whole command: who runs it. */
  static final Map<String, Elsewhere> ELSEWHERE =
      Map.of(
          "vllm serve /mnt/models/llama --load-format=mows",
          new Elsewhere("mows-loader/tests/engines/trial.py", "_vllm(\"vllm-serve-cold\""),
          "integration-tests/bin/test",
          new Elsewhere(".ci/run", "\nintegration-tests/bin/test\n"),
          "mows-loader/bin/test",
          new Elsewhere("integration-tests/bin/test", "mows-loader/bin/test\""),
          "mows-loader/bin/test-engines",
          new Elsewhere("integration-tests/bin/test", "mows-loader/bin/test-engines\""));

  /** The whole command: why no test runs it. */
  static final Map<String, String> NOT_RUN =
      Map.of(
          "sglang serve --model-path /mnt/models/llama --load-format mows",
          "SGLang needs a GPU; `mows-loader/bin/test-engines --all` runs its loader with stand-ins"
              + " for the kernels, which installs 10 GB",
          "mvn -B -DskipTests package",
          "a part of the `mvn -B verify` that integration-tests/bin/test runs",
          "mvn -B verify -DskipITs",
          "a part of the `mvn -B verify` that integration-tests/bin/test runs",
          "mvn -B spotless:apply",
          "it changes sources; `mvn -B verify` checks with the same plugin what it would change",
          "integration-tests/bin/test -Dit.test=OriginFaultsIT",
          "integration-tests/bin/test runs this test among all others");

  private ReadmeCommands() {}

  /** The commands of all fenced blocks of a shell, without comments, in order. */
  static List<String> of(List<String> readme) {
    List<String> commands = new ArrayList<>();
    boolean shell = false;
    for (String line : readme) {
      String text = line.strip();
      if (text.startsWith("```")) {
        shell = text.equals("```sh");
      } else if (shell) {
        String command = text.replaceFirst("(^|\\s+)#\\s.*$", "").strip();
        if (!command.isEmpty()) {
          commands.add(command);
        }
      }
    }
    return commands;
  }

  /** The languages of the fenced blocks; an empty one for a block that names none. */
  static List<String> languages(List<String> readme) {
    List<String> languages = new ArrayList<>();
    boolean code = false;
    for (String line : readme) {
      String text = line.strip();
      if (text.startsWith("```")) {
        if (!code) {
          languages.add(text.substring(3));
        }
        code = !code;
      }
    }
    return languages;
  }

  static List<String> readme() throws IOException {
    return Files.readAllLines(project().resolve("README.md"));
  }

  static Path project() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve(".mvn"))) {
        return at;
      }
    }
    throw new IllegalStateException("not in a checkout: " + Path.of("").toAbsolutePath());
  }
}
