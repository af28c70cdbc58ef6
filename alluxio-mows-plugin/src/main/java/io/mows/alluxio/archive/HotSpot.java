// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.archive;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import jnr.ffi.LibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The virtual machine of OpenJDK, on Linux. Stateless. */
final class HotSpot implements Jvm {
  private static final Logger LOG = LoggerFactory.getLogger(HotSpot.class);

  private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

  /** As {@code jcmd (process) VM.cds static_dump (file)}. */
  private static final String DUMP = "vmCds";

  private static final String OUTPUT = "java_pid*_std{out,err}";

  private static final int PRIO_PROCESS = 0;
  private static final int LOWEST = 19;

  /** The C library's function under its own name; public because jnr-ffi implements it. */
  public interface LibC {
    int setpriority(int which, int who, int priority);
  }

  @Override
  public int release() {
    return Runtime.version().feature();
  }

  @Override
  public List<String> options() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments();
  }

  @Override
  public List<Path> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(Path::of)
        .collect(Collectors.toList());
  }

  @Override
  public boolean hasMapped(Path file) {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      String end = " " + file.toRealPath();
      return maps.anyMatch(line -> line.endsWith(end));
    } catch (IOException | java.io.UncheckedIOException e) {
      return false;
    }
  }

  @Override
  public void archive(Path file) throws IOException {
    lowerPriority();
    Set<Path> before = output();
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName(COMMANDS),
              DUMP,
              new Object[] {new String[] {"static_dump", file.toString()}},
              new String[] {String[].class.getName()});
    } catch (JMException | RuntimeException e) {
      throw new IOException("this JVM does not write it: " + e, e);
    } finally {
      deleteOutput(before);
    }
    if (!Files.exists(file)) {
      throw new IOException("this JVM has not written it");
    }
  }

  /** What such processes have printed: the JVM leaves it where this process runs. */
  private static Set<Path> output() throws IOException {
    Set<Path> files = new HashSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of(""), OUTPUT)) {
      all.forEach(files::add);
    }
    return files;
  }

  private static void deleteOutput(Set<Path> before) throws IOException {
    for (Path file : output()) {
      if (!before.contains(file)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Of this thread, which does nothing else, and so of the process that it starts. */
  private static void lowerPriority() {
    try {
      LibraryLoader.create(LibC.class).load("c").setpriority(PRIO_PROCESS, 0, LOWEST);
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("The class archive is written at the usual priority", e);
    }
  }
}
