// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command line of an Alluxio JVM. */
final class AlluxioJvm {
  /** What Alluxio 2.9 reaches into on Java 17. */
  private static final List<String> ADD_OPENS =
      List.of(
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED");

  /** What javac wrote need not be verified: a server starts in a fifth less time. */
  private static final List<String> NO_VERIFICATION =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote");

  private AlluxioJvm() {}

  /**
   * Options for processes that move no data: they start faster with the first compiler only, and
   * with a collector that needs no threads.
   */
  static List<String> light(int heapMiB) {
    return List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx" + heapMiB + "m");
  }

  /** The same for servers, whose start nobody measures. */
  static List<String> lightServer(int heapMiB) {
    List<String> options = new ArrayList<>(light(heapMiB));
    options.addAll(NO_VERIFICATION);
    return options;
  }

  /** Options for a worker, whose speed is measured: those of an Alluxio installation. */
  static List<String> worker(int heapMiB, int directMiB, boolean firstCompilerOnly) {
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + heapMiB + "m");
    options.add("-XX:MaxDirectMemorySize=" + directMiB + "m");
    if (firstCompilerOnly) {
      options.add("-XX:TieredStopAtLevel=1");
      options.add("-XX:+UseSerialGC");
      options.addAll(NO_VERIFICATION);
    }
    return options;
  }

  static String executable() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * All of a command line up to the main class.
   *
   * @param process what it will run, such as {@code worker}
   * @param options heap and compiler
   * @param systemProperties {@code key=value}
   * @param lastOptions come after the class path, as Alluxio's scripts put those of its settings:
   *     they may name another one
   */
  static List<String> command(
      String process,
      List<String> options,
      List<String> systemProperties,
      String classPath,
      List<String> lastOptions)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(executable());
    command.addAll(ClusterArchive.options(process, classPath));
    command.add("-Djava.net.preferIPv4Stack=true");
    command.addAll(options);
    command.addAll(ADD_OPENS);
    systemProperties.forEach(property -> command.add("-D" + property));
    command.addAll(Arrays.asList("-cp", classPath));
    command.addAll(lastOptions);
    return command;
  }
}
