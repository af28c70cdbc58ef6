// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The phases of the script, before there is a Java program: packages and build. */
final class PhasesScriptTest {
  private static final int FAILED = 1;

  @TempDir Path dir;
  private int exitCode;

  @Test
  void shouldShowWhichPhaseFailedAndTheEndOfItsLog() throws Exception {
    String output =
        run(
            "work() { seq 1 100; echo no space left on device; return 7; }\n"
                + "none() { :; }\n"
                + "phase 'build: the jar' 'usually 60 s'\n"
                + "run_phase '"
                + dir.resolve("build.log")
                + "' none work\n"
                + "echo not reached");
    assertEquals(FAILED, exitCode, output);
    assertTrue(output.contains("] build: the jar (usually 60 s)"), output);
    assertTrue(output.contains("this phase has failed (exit code 7): build: the jar"), output);
    assertTrue(output.contains(dir.resolve("build.log") + ":"), output);
    assertTrue(output.contains("  no space left on device"), output);
    assertFalse(output.contains("  50\n"), output);
    assertFalse(output.contains("not reached"), output);
  }

  @Test
  void shouldSayHowFarAPhaseIsUntilItEnds() throws Exception {
    String seen = dir.resolve("seen").toString();
    String output =
        run(
            // Ends when the ticker has asked twice how far it is.
            "work() { until [[ -s '"
                + seen
                + "' ]]; do sleep 0.05; done; }\n"
                + "half() { [[ ! -e '"
                + seen
                + ".1' ]] || echo x >'"
                + seen
                + "'\n"
                + "  touch '"
                + seen
                + ".1'; echo 50; }\n"
                + "phase 'packages' 'usually 30 s'\n"
                + "run_phase '"
                + dir.resolve("log")
                + "' half work\n"
                + "how_far '' 12; how_far 3 12; how_far 25 10\n"
                + "say done");
    assertEquals(0, exitCode, output);
    assertTrue(
        output.matches("(?s).*\\[ +\\d+ s\\]   \\.\\.\\. \\d+ s, 50 %, about \\d+ s left\n.*"),
        output);
    assertTrue(
        output.contains("... 12 s\n... 12 s, 3 %\n... 10 s, 25 %, about 30 s left\n"), output);
    assertTrue(output.endsWith(" s] done\n"), output);
  }

  private String run(String body) throws IOException, InterruptedException {
    Path bin = bin();
    String script =
        "set -euo pipefail\n"
            + "source '"
            + bin.resolve("lib.sh")
            + "'\n"
            + "source '"
            + bin.resolve("phases.sh")
            + "'\n"
            + body;
    ProcessBuilder bash = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true);
    bash.environment().put("MOWS_TICK_SECONDS", "0.1");
    Process process = bash.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), output);
    exitCode = process.exitValue();
    return output;
  }

  private static Path bin() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path bin = at.resolve("integration-tests/bin");
      if (Files.isDirectory(bin)) {
        return bin;
      }
    }
    throw new IllegalStateException("not in a checkout: " + Path.of("").toAbsolutePath());
  }
}
