// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.check.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassArchiveTest {
  @TempDir Path dir;

  private final FakeJvm jvm = new FakeJvm();
  private boolean isQuiet = true;

  private Path file() {
    return dir.resolve("archives/worker.jsa");
  }

  private ClassArchive archive() {
    return new ClassArchive(jvm, () -> isQuiet);
  }

  private static void turns(ClassArchive archive, int count) {
    for (int i = 0; i < count; i++) {
      archive.turn();
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(file().getParent())) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toList());
    }
  }

  private static void assertFinding(Finding.Level level, String text, Finding finding) {
    assertEquals(level, finding.level(), finding::toString);
    assertTrue(finding.toString().contains(text), finding::toString);
  }

  @Test
  void shouldMakeTheArchiveThatIsNamedAndNotThere() throws IOException {
    jvm.options = List.of("-Xmx4g", "-XX:SharedArchiveFile=" + file());
    try (ClassArchive archive = archive()) {
      assertFinding(Finding.Level.NOTE, "not there yet", archive.finding());
      turns(archive, 2);
      assertFinding(Finding.Level.OK, "was made", archive.finding());
    }
    assertEquals(List.of("worker.jsa"), files());
    assertEquals("fresh", Files.readString(file()));
  }

  @Test
  void shouldMakeAnewWhatTheJvmDoesNotTake() throws IOException {
    jvm.options = List.of("-XX:SharedArchiveFile=" + file());
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "of another jar");
    try (ClassArchive archive = archive()) {
      assertFinding(Finding.Level.NOTE, "another jar", archive.finding());
      turns(archive, 2);
    }
    assertEquals("fresh", Files.readString(file()));
  }

  @Test
  void shouldWaitUntilNothingIsOnItsWay() {
    jvm.options = List.of("-XX:SharedArchiveFile=" + file());
    try (ClassArchive archive = archive()) {
      archive.turn();
      isQuiet = false;
      archive.turn();
      isQuiet = true;
      archive.turn();
      assertFalse(Files.exists(file()));
      archive.turn();
      assertTrue(Files.exists(file()));
    }
  }

  @Test
  void shouldLeaveTheOneThatIsUsedAlone() {
    jvm.options = List.of("-XX:SharedArchiveFile=" + file());
    jvm.mapped = file();
    try (ClassArchive archive = archive()) {
      archive.start();
      assertFinding(Finding.Level.OK, "is used", archive.finding());
    }
    assertEquals(0, jvm.made);
  }

  @Test
  void shouldSayWhatKeepsItFromBeingMade() throws IOException {
    jvm.options = List.of("-XX:SharedArchiveFile=" + file());
    Path conf = Files.createDirectory(dir.resolve("conf"));
    jvm.classPath = List.of(conf, dir.resolve("worker.jar"));
    try (ClassArchive archive = archive()) {
      assertFinding(Finding.Level.NOTE, "not there yet", archive.finding());
    }
    Files.writeString(conf.resolve("alluxio-site.properties"), "");
    try (ClassArchive archive = archive()) {
      assertFinding(
          Finding.Level.NOTE, conf + ", and the JVM archives jars only", archive.finding());
    }
    jvm.release = 11;
    try (ClassArchive archive = archive()) {
      assertFinding(Finding.Level.NOTE, "Java 11", archive.finding());
    }
  }

  @Test
  void shouldGoWithoutOneThatCannotBeWritten() throws IOException {
    jvm.options = List.of("-XX:SharedArchiveFile=" + file());
    jvm.failure = "no space left";
    try (ClassArchive archive = archive()) {
      turns(archive, 2);
      assertFinding(Finding.Level.NOTE, "no space left", archive.finding());
    }
    assertEquals(List.of(), files());
  }

  @Test
  void shouldAskForOneWhereNoneIsNamed() {
    try (ClassArchive archive = archive()) {
      archive.start();
      assertFinding(Finding.Level.NOTE, "alluxio-env.sh", archive.finding());
    }
  }

  private static final class FakeJvm implements Jvm {
    int release = 17;
    List<String> options = List.of("-Xmx4g");
    List<Path> classPath = List.of();
    Path mapped;
    String failure = "";
    int made;

    @Override
    public int release() {
      return release;
    }

    @Override
    public List<String> options() {
      return options;
    }

    @Override
    public List<Path> classPath() {
      return classPath;
    }

    @Override
    public boolean hasMapped(Path file) {
      return file.equals(mapped);
    }

    @Override
    public void archive(Path file) throws IOException {
      made++;
      Files.writeString(file.resolveSibling(file.getFileName() + ".classlist"), "a list");
      if (!failure.isEmpty()) {
        throw new IOException(failure);
      }
      Files.writeString(file, "fresh");
    }
  }
}
