// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Archives of the classes that Alluxio's processes load (JEP 350): with them a JVM starts in half
 * the time, and most of an integration test is JVMs that start. Made once in the life of the JVM
 * that runs the tests, by a cluster that starts, answers one command and ends.
 *
 * <p>Only where the system property {@value #PROPERTY} is {@code true}: what people start, and what
 * benchmarks measure, starts as an installation does. The JVM takes an archive only for the class
 * path that it was made with, of jars only.
 */
final class ClusterArchive {
  static final String PROPERTY = "mows.it.class.archive";

  /** Writing an archive takes a JVM some seconds. */
  private static final Duration WRITING_GRACE = Duration.ofMinutes(2);

  private static boolean isTried;
  private static volatile boolean isMaking;

  private ClusterArchive() {}

  static boolean isWanted() {
    return Boolean.getBoolean(PROPERTY);
  }

  /** Makes the archives if they are wanted and nobody has tried before. */
  static synchronized void prepare() throws IOException {
    if (!isWanted() || isTried) {
      return;
    }
    isTried = true;
    clear();
    isMaking = true;
    try (LocalCluster cluster =
        LocalCluster.start(
            ClusterConfig.builder()
                .workers(1)
                .firstCompilerOnly(true)
                .jobServers(false)
                .dropInJar(Build.dropInJar())
                .build())) {
      cluster.cli("fs", "mows", "status", "/");
    } finally {
      isMaking = false;
    }
  }

  private static void clear() throws IOException {
    Files.createDirectories(dir());
    try (DirectoryStream<Path> old = Files.newDirectoryStream(dir())) {
      for (Path archive : old) {
        Files.delete(archive);
      }
    }
  }

  /**
   * The options of a JVM.
   *
   * @param process what it will run, such as {@code worker}
   */
  static List<String> options(String process, String classPath) throws IOException {
    Path archive =
        dir().resolve(process + "-" + Integer.toHexString(classPath.hashCode()) + ".jsa");
    if (isMaking) {
      return List.of("-XX:ArchiveClassesAtExit=" + archive);
    }
    return isTried && Files.exists(archive)
        ? List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive)
        : List.of("-Xshare:auto");
  }

  /** How long processes that are asked to end may take. */
  static Duration grace(Duration usual) {
    return isMaking ? WRITING_GRACE : usual;
  }

  private static Path dir() throws IOException {
    return Build.target().resolve("class-archives");
  }
}
