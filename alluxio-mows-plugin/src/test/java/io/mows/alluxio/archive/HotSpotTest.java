// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

final class HotSpotTest {
  @TempDir Path dir;

  /**
   * Archives its own classes if there is an argument, and says whether it has mapped an archive.
   */
  static final class Archiving {
    private Archiving() {}

    public static void main(String[] args) throws IOException {
      HotSpot jvm = new HotSpot();
      if (args[0].equals("make")) {
        jvm.archive(Path.of(args[1]));
      }
      System.out.println("mapped: " + jvm.hasMapped(Path.of(args[1])));
    }
  }

  @Test
  void shouldArchiveTheClassesOfAProcessForTheNext() throws Exception {
    assumeTrue(new HotSpot().release() >= 17, "only newer JVMs archive what they have loaded");
    Path archive = dir.resolve("test.jsa");
    String jar = jar().toString();
    String logging =
        Path.of(Logger.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    String classPath = jar + File.pathSeparator + logging;
    assertEquals("mapped: false", run(classPath, archive, "make"));
    try (Stream<Path> left = Files.list(work())) {
      assertEquals(List.of(), left.collect(Collectors.toList()), "left where the process runs");
    }
    assertTrue(Files.size(archive) > 0);
    assertEquals("mapped: true", run(classPath, archive, "look"));
    // Another class path: the JVM goes without it, and starts.
    assertEquals("mapped: false", run(logging + File.pathSeparator + jar, archive, "look"));
  }

  @Test
  void shouldFindNoFileThatIsNotThere() {
    assertFalse(new HotSpot().hasMapped(dir.resolve("none.jsa")));
  }

  private Path jar() throws IOException {
    Path jar = dir.resolve("archiving.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> type : List.of(Jvm.class, HotSpot.class, HotSpot.LibC.class, Archiving.class)) {
        String entry = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(entry));
        try (InputStream in = type.getClassLoader().getResourceAsStream(entry)) {
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
    return jar;
  }

  private Path work() throws IOException {
    return Files.createDirectories(dir.resolve("work"));
  }

  /** Returns the last line of what it prints. */
  private String run(String classPath, Path archive, String what) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-cp", classPath));
    command.addAll(List.of(Archiving.class.getName(), what, archive.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).directory(work().toFile());
    builder.environment().keySet().removeIf(key -> key.endsWith("JAVA_OPTIONS"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.strip().substring(output.strip().lastIndexOf('\n') + 1);
  }
}
