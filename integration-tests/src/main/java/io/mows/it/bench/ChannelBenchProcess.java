// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVMs of {@link ChannelBench}. */
final class ChannelBenchProcess {
  private ChannelBenchProcess() {}

  /** A JVM like the others, not yet started, that shares this one's standard error. */
  static ProcessBuilder of(
      Class<?> mainClass, String classPath, List<String> jvmOptions, List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", classPath, mainClass.getName()));
    command.addAll(args);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
