// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Removes everything that carries the number of an instance, whoever left it. */
final class Cleaner {
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

  private Cleaner() {}

  private interface Step {
    void run() throws IOException;
  }

  /** Each step is tried even if an earlier one failed; files go last, and only without mounts. */
  static void clear(Instance instance) throws IOException {
    List<IOException> problems = new ArrayList<>();
    attempt(problems, () -> killProcesses(instance));
    attempt(problems, () -> Mounts.unmountBelow(instance.dir()));
    attempt(problems, () -> Namespaces.deleteAll(instance.name()));
    attempt(problems, () -> deleteTree(instance.sharedMemoryDir()));
    attempt(problems, () -> deleteTree(instance.dir()));
    if (!problems.isEmpty()) {
      IOException all = new IOException("cluster " + instance.name() + " left something behind");
      problems.forEach(all::addSuppressed);
      throw all;
    }
  }

  /** The JVM argument that marks a process as one of this instance. */
  static String marker(Instance instance) {
    return "-Dmows.it.cluster=" + instance.dir();
  }

  private static void attempt(List<IOException> problems, Step step) {
    try {
      step.run();
    } catch (IOException e) {
      problems.add(e);
    }
  }

  private static void killProcesses(Instance instance) throws IOException {
    List<ProcessHandle> found = processes(instance);
    found.forEach(ProcessHandle::destroyForcibly);
    Await.until(
        "processes " + found + " to end after SIGKILL",
        KILL_TIMEOUT,
        () -> processes(instance).isEmpty(),
        () -> "");
  }

  /** The live processes that carry the marker of the instance. */
  static List<ProcessHandle> processes(Instance instance) throws IOException {
    List<ProcessHandle> found = new ArrayList<>();
    String marker = "\0" + marker(instance) + "\0";
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.filter(process -> commandLine(process).contains(marker)).forEach(found::add);
    }
    return found;
  }

  /** Arguments separated by NUL; empty for a process that has ended or belongs to someone else. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "cmdline"),
          java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Deletes a directory tree and follows nothing out of it.
   *
   * @throws IOException if something is still mounted in it, since that is not ours to delete
   */
  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    List<Path> mounts = Mounts.below(root);
    if (!mounts.isEmpty()) {
      throw new IOException("not deleting " + root + ": still mounted in it: " + mounts);
    }
    Files.walkFileTree(root, new DeleteEverything());
  }

  private static final class DeleteEverything extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
      if (problem instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw problem;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path dir, IOException problem) throws IOException {
      Files.deleteIfExists(dir);
      return FileVisitResult.CONTINUE;
    }
  }
}
