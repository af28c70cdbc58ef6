// SPDX-License-Identifier: Apache-2.0
package io.mows.it.rdma;

import io.mows.it.cluster.Build;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A throw-away virtual machine with a soft-RoCE device, in which real RDMA verbs work on any
 * machine. It sees this machine's files, read-only, under their own names. The scripts in {@code
 * integration-tests/rdma-guest} do the work.
 */
public final class RdmaGuest {
  /** What "prepare" ends with if the packages cannot be had. */
  private static final int UNAVAILABLE = 75;

  private static final int PREPARE_TIMEOUT_S = 300;

  private static final Pattern NEEDED =
      Pattern.compile(
          ".*/(junit-|opentest4j-|apiguardian-|slf4j-api-|slf4j-reload4j-|reload4j-|netty-|disni-"
              + "|integration-tests/|data-channel|p2p-worker"
              + "|alluxio-mows-[0-9])[^:]*");

  private final Path scripts;
  private final Path kit;
  private final Path out;

  private RdmaGuest(Path scripts, Path directory) {
    this.scripts = scripts;
    this.kit = directory.resolve("kit");
    this.out = directory.resolve("out");
  }

  /** The guest of this build. */
  public static RdmaGuest ofThisBuild() throws IOException {
    Path tests = Build.target().getParent();
    return new RdmaGuest(tests.resolve("rdma-guest"), tests.resolve("target/rdma-guest"));
  }

  /**
   * Gets kernel, emulator and drivers, which takes some seconds the first time.
   *
   * @return why there can be no guest here; empty if there can
   */
  public Optional<String> prepare() throws IOException, InterruptedException {
    Files.createDirectories(out);
    Path log = out.resolveSibling("prepare.log");
    int status = run(log, PREPARE_TIMEOUT_S, script("prepare"), kit.toString());
    if (status == 0) {
      return Optional.empty();
    }
    String said = Files.readString(log);
    if (status == UNAVAILABLE) {
      return Optional.of(said.strip());
    }
    throw new IOException("The guest could not be prepared:\n" + said);
  }

  /**
   * Boots, runs a script of bash, and switches off.
   *
   * @return the exit status of the script; 99 if the guest died or took too long
   */
  public int run(String script, int timeoutS) throws IOException, InterruptedException {
    Path file = out.resolveSibling("script.sh");
    Files.writeString(file, script);
    return run(
        console(),
        timeoutS + 30,
        script("boot"),
        kit.toString(),
        out.toString(),
        file.toString(),
        Integer.toString(timeoutS));
  }

  private String script(String name) {
    return scripts.resolve(name).toString();
  }

  /** All that the guest and the script have printed. */
  public Path console() {
    return out.resolveSibling("console.log");
  }

  /** What the script has left in {@code /out}. */
  public String output(String file) throws IOException {
    return Files.readString(out.resolve(file)).strip();
  }

  private static int run(Path log, int timeoutS, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(new File("/dev/null"))
            .start();
    try {
      if (!process.waitFor(timeoutS, TimeUnit.SECONDS)) {
        throw new IOException(command[0] + " did not end in " + timeoutS + " s");
      }
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /**
   * The command line of a JVM in the guest.
   *
   * <p>With the first compiler only: the others discard what they have compiled ten times as often,
   * for which a jump is written over code that the other processor may run. Hardware sees all of it
   * or nothing; the emulator may see half, and then that JVM dies with SIGSEGV (seen once in 52
   * starts with all compilers).
   *
   * @param classPath of this process; what is not needed is left out, opening it takes time
   * @param mainClass followed by its arguments
   */
  public static String java(String classPath, String... mainClass) throws IOException {
    Path root = Build.target().getParent().getParent();
    List<String> entries = new ArrayList<>();
    // The tests of the other modules are in no jar that this one could have.
    entries.add(root.resolve("data-channel/target/test-classes").toString());
    entries.add(root.resolve("p2p-worker/target/test-classes").toString());
    Stream.of(classPath.split(File.pathSeparator))
        .filter(entry -> NEEDED.matcher(entry).matches())
        .forEach(entries::add);
    Path log = root.resolve("integration-tests/target/rdma-guest/log4j.properties");
    Files.createDirectories(log.getParent());
    Files.write(
        log,
        List.of(
            "log4j.rootLogger=INFO, console",
            "log4j.logger.com.ibm.disni=WARN",
            "log4j.appender.console=org.apache.log4j.ConsoleAppender",
            "log4j.appender.console.target=System.err",
            "log4j.appender.console.layout=org.apache.log4j.PatternLayout",
            "log4j.appender.console.layout.ConversionPattern=%d{ABSOLUTE} %p %c{1} [%t] %m%n"),
        StandardCharsets.US_ASCII);
    return Stream.concat(
            Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dlog4j.configuration=" + log.toUri(),
                "-cp",
                String.join(File.pathSeparator, entries)),
            Stream.of(mainClass))
        .map(argument -> "'" + argument + "'")
        .collect(Collectors.joining(" "));
  }
}
