// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A machine of the cluster: an address, a configuration directory, and the processes started on it.
 *
 * <p>Its class path is ordered as Alluxio's scripts order it: configuration directory, then {@code
 * ALLUXIO_CLASSPATH} (the drop-in jar), then Alluxio. With a {@link ClusterArchive}, which allows
 * no directory on the class path, system properties alone name the configuration directory.
 */
final class Node {
  private static final String LOG4J =
      "log4j.rootLogger=INFO, Console\n"
          + "log4j.appender.Console=org.apache.log4j.ConsoleAppender\n"
          + "log4j.appender.Console.target=System.err\n"
          + "log4j.appender.Console.layout=org.apache.log4j.PatternLayout\n"
          + "log4j.appender.Console.layout.ConversionPattern="
          + "%d{ISO8601} %-5p [%t](%F:%L) - %m%n\n";

  /** The command line says what it has to say itself; its log must not mix with that. */
  private static final String LOG4J_CLI = LOG4J.replace("INFO, Console", "ERROR, Console");

  private final String name;
  private final String address;
  private final List<String> enter;
  private final Path dir;
  private final Path logs;
  private final String marker;
  private final boolean ipv6;
  private final String classPath;

  Node(
      String name,
      Network network,
      Instance instance,
      Optional<Path> logsDir,
      Optional<Path> dropInJar,
      boolean ipv6)
      throws IOException {
    this.name = name;
    this.ipv6 = ipv6;
    this.address = network.address(name);
    this.enter = network.enter(name);
    this.dir = instance.dir().resolve(name);
    this.logs = logsDir.orElse(instance.dir().resolve("logs"));
    this.marker = Cleaner.marker(instance).substring("-D".length());
    List<String> entries = new ArrayList<>();
    if (!ClusterArchive.isWanted()) {
      entries.add(confDir() + File.separator);
    }
    dropInJar.ifPresent(jar -> entries.add(jar.toString()));
    entries.add(Build.alluxioClassPath());
    this.classPath = String.join(File.pathSeparator, entries);
  }

  String name() {
    return name;
  }

  String address() {
    return address;
  }

  Path dir() {
    return dir;
  }

  /** Writes {@code alluxio-site.properties}, logging and this node's {@code alluxio} command. */
  void configure(Map<String, String> properties) throws IOException {
    Files.createDirectories(confDir());
    StringBuilder site = new StringBuilder();
    new TreeMap<>(properties)
        .forEach(
            (key, value) ->
                site.append(key).append('=').append(value.replace("\\", "\\\\")).append('\n'));
    Files.writeString(confDir().resolve("alluxio-site.properties"), site);
    Files.writeString(confDir().resolve("log4j.properties"), LOG4J);
    Files.writeString(confDir().resolve("log4j-cli.properties"), LOG4J_CLI);
    writeCli();
  }

  /** Starts an Alluxio server; its log is {@code (node)-(process).log}. */
  JavaProcess startAlluxio(String process, List<String> jvmOptions, String mainClass)
      throws IOException {
    return startAlluxio(process, jvmOptions, List.of(), mainClass);
  }

  /**
   * As {@link #startAlluxio(String, List, String)}.
   *
   * @param lastOptions come after the class path
   */
  JavaProcess startAlluxio(
      String process, List<String> jvmOptions, List<String> lastOptions, String mainClass)
      throws IOException {
    List<String> command = new ArrayList<>(enter);
    command.addAll(
        AlluxioJvm.command(
            process,
            withIp(jvmOptions),
            systemProperties("log4j.properties"),
            classPath,
            lastOptions));
    command.add(mainClass);
    return start(process, command);
  }

  /** Starts a main class of this module on the node, with what Alluxio ships as libraries. */
  JavaProcess startOurs(
      String process, List<String> jvmOptions, String mainClass, List<String> arguments)
      throws IOException {
    String ownClassPath = Build.ownCode() + File.pathSeparator + Build.alluxioClassPath();
    List<String> command = new ArrayList<>(enter);
    command.addAll(
        AlluxioJvm.command(process, jvmOptions, List.of(marker), ownClassPath, List.of()));
    command.add(mainClass);
    command.addAll(arguments);
    return start(process, command);
  }

  /** The {@code alluxio} command of this node, for people and for {@link #cli}. */
  Path cliScript() {
    return dir.resolve("alluxio");
  }

  /** Runs the {@code alluxio} command of this node. */
  CliResult cli(Duration timeout, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(cliScript().toString());
    command.addAll(List.of(arguments));
    return Commands.tryRun(command, timeout);
  }

  private JavaProcess start(String process, List<String> command) throws IOException {
    Files.createDirectories(dir);
    return JavaProcess.start(
        name + " " + process, command, dir, logs.resolve(name + "-" + process + ".log"));
  }

  private void writeCli() throws IOException {
    List<String> command = new ArrayList<>(enter);
    command.addAll(
        AlluxioJvm.command(
            "cli",
            withIp(AlluxioJvm.light(512)),
            systemProperties("log4j-cli.properties"),
            classPath,
            List.of()));
    String quoted = "'" + String.join("' '", command) + "'";
    String script =
        "#!/bin/sh\n"
            + "# The alluxio command of "
            + name
            + " at "
            + address
            + ".\n"
            + "case \"$1\" in\n"
            + "  fs) main=alluxio.cli.fs.FileSystemShell ;;\n"
            + "  fsadmin) main=alluxio.cli.fsadmin.FileSystemAdminShell ;;\n"
            + "  job) main=alluxio.cli.job.JobShell ;;\n"
            + "  getConf) main=alluxio.cli.GetConf ;;\n"
            + "  *) echo \"usage: $0 fs|fsadmin|job|getConf ...\" >&2; exit 64 ;;\n"
            + "esac\n"
            + "shift\n"
            + "exec "
            + quoted
            + " \"$main\" \"$@\"\n";
    Files.writeString(cliScript(), script, StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(cliScript(), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Alluxio's scripts switch IPv6 off; the last word counts. */
  private List<String> withIp(List<String> jvmOptions) {
    if (!ipv6) {
      return jvmOptions;
    }
    List<String> options = new ArrayList<>(jvmOptions);
    options.add("-Djava.net.preferIPv4Stack=false");
    return options;
  }

  private List<String> systemProperties(String log4j) {
    return List.of(
        marker,
        "alluxio.home=" + dir,
        "alluxio.conf.dir=" + confDir(),
        // Not the default search path: what this machine has in /etc/alluxio is not ours.
        "alluxio.site.conf.dir=" + confDir(),
        "alluxio.logs.dir=" + logs,
        "log4j.configuration=file:" + confDir().resolve(log4j));
  }

  private Path confDir() {
    return dir.resolve("conf");
  }
}
