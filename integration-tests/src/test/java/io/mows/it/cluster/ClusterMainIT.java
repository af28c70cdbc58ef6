// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command-line program, in its own process as people run it. */
final class ClusterMainIT {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  @TempDir Path dir;
  private Process program;

  @AfterEach
  void killProgram() {
    program.destroyForcibly();
  }

  @Test
  void shouldPrintWhereEverythingIsAndRemoveItWhenItIsEnded() throws Exception {
    Files.createDirectories(dir.resolve("root"));
    Files.writeString(dir.resolve("root/file"), "content\n");
    start("--stock", "--root", dir.resolve("root").toString(), "--no-jobs", "--ramdisk", "64MiB");
    Await.until(
        "the cluster to be up",
        START_TIMEOUT,
        () -> output().contains("Ctrl-C ends it") || !program.isAlive(),
        this::output);
    Path mount = Path.of(printed("mount +(\\S+)"));
    assertEquals("content\n", Files.readString(mount.resolve("file")));
    Path cli = Path.of(printed("alluxio +(\\S+worker-0/alluxio)"));
    String confFirst = "'-cp' '" + cli.resolveSibling("conf") + "/:";
    assertTrue(Files.readString(cli).contains(confFirst), "as an installation: " + confFirst);
    assertEquals("content\n", Commands.run(cli.toString(), "fs", "cat", "/file"));

    program.destroy();
    assertTrue(program.waitFor(30, TimeUnit.SECONDS), "ends within 30 s of SIGTERM");
    Path instanceDir = mount.getParent().getParent();
    assertFalse(Files.exists(instanceDir), "files");
    assertFalse(Files.readString(Path.of("/proc/mounts")).contains(instanceDir + "/"), "mounts");
    assertEquals(List.of(), Leftovers.processesNaming(instanceDir + "/"), "processes");
  }

  @Test
  void shouldSayWhichFlagIsWrong() throws Exception {
    start("--stock", "--ramdisk", "a lot");
    assertTrue(program.waitFor(30, TimeUnit.SECONDS));
    assertEquals(64, program.exitValue());
    assertTrue(output().contains("'a lot' is not a size"), output());
  }

  private void start(String... flags) throws IOException {
    String classPath = Build.ownCode() + ":" + Build.alluxioClassPath();
    ProcessBuilder builder =
        new ProcessBuilder(AlluxioJvm.executable(), "-cp", classPath, ClusterMain.class.getName());
    builder.command().addAll(List.of(flags));
    program =
        builder.redirectErrorStream(true).redirectOutput(dir.resolve("output").toFile()).start();
  }

  private String printed(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(output());
    assertTrue(matcher.find(), "'" + pattern + "' in " + output());
    return matcher.group(1);
  }

  private String output() {
    try {
      return Files.readString(dir.resolve("output"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
