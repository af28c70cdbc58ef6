// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a closed cluster must not leave behind, asked of the system and not of our own code. */
final class Leftovers {
  private Leftovers() {}

  static void assertNone(Instance instance) throws IOException {
    String dir = instance.dir().toString();
    assertEquals(List.of(), processesNaming(dir + "/"));
    assertFalse(
        Files.readString(Path.of("/proc/mounts"), StandardCharsets.UTF_8).contains(dir + "/"),
        "mounts");
    assertFalse(Files.exists(instance.dir()), "files");
    assertFalse(Files.exists(instance.sharedMemoryDir()), "shared memory");
    assertFalse(Commands.run("ip", "netns", "list").contains(instance.name() + "-"), "namespaces");
    assertFalse(
        Commands.run("ip", "-o", "link").contains(" " + instance.name() + "@"), "interfaces");
  }

  static List<String> processesNaming(String text) throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        String commandLine = commandLine(process);
        if (commandLine.contains(text)) {
          found.add(commandLine);
        }
      }
    }
    return found;
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // It has ended since the directory was read.
      return "";
    }
  }
}
