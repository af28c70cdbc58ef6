// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.HelpFormatter;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** Starts a local cluster from flags and keeps it up until Ctrl-C. */
public final class ClusterMain {
  private static final int USAGE_ERROR = 64;

  private ClusterMain() {}

  public static void main(String[] args) throws InterruptedException {
    ClusterConfig config;
    try {
      CommandLine flags = new DefaultParser().parse(options(), args, false);
      if (flags.hasOption("help") || !flags.getArgList().isEmpty()) {
        new HelpFormatter().printHelp(100, "cluster [flags]", "", options(), "");
        System.exit(flags.hasOption("help") ? 0 : USAGE_ERROR);
      }
      config = config(flags);
    } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
      System.err.println("cluster: " + e.getMessage() + " (--help lists the flags)");
      System.exit(USAGE_ERROR);
      return;
    } catch (IOException e) {
      System.err.println("cluster: " + e.getMessage());
      System.exit(1);
      return;
    }
    try {
      long startNs = System.nanoTime();
      System.out.println("Starting the cluster ...");
      LocalCluster cluster = LocalCluster.start(config);
      System.out.printf("Up after %.1f s.%n", (System.nanoTime() - startNs) / 1e9);
      describe(cluster);
      System.out.println("Ctrl-C ends it and removes everything.");
    } catch (IOException e) {
      System.err.println("cluster: " + e.getMessage());
      System.exit(1);
    }
    // The shutdown hook of the cluster ends it.
    Thread.currentThread().join();
  }

  /** Prints where everything of a running cluster is. */
  public static void describe(LocalCluster cluster) {
    System.out.println("  master web   " + cluster.masterWebUri());
    System.out.println("  files        " + cluster.rootDirectory() + " (the under file system)");
    cluster
        .originAdminUri()
        .ifPresent(uri -> System.out.println("  origin       " + uri + "/stats"));
    System.out.println("  alluxio      " + cluster.cliScript() + " fs ls /");
    for (int index = 0; index < cluster.workers(); index++) {
      WorkerNode worker = cluster.worker(index);
      System.out.println("  worker " + index + (worker.isStock() ? " (stock)" : " (MoWS)"));
      System.out.println("    web        " + worker.webUri());
      System.out.println("    alluxio    " + worker.cliScript() + " fs load --local /");
      System.out.println("    mount      " + (worker.mounts() ? worker.mountPoint() : "none"));
      System.out.println("    log        " + worker.log());
    }
  }

  private static Options options() {
    Options options = new Options();
    options.addOption(null, "help", false, "print this");
    options.addOption(null, "workers", true, "number of workers (1)");
    options.addOption(null, "ramdisk", true, "memory of each worker (1GiB)");
    options.addOption(null, "root", true, "a directory as under file system");
    options.addOption(null, "origin", true, "a directory, served by an OSS-compatible test origin");
    options.addOption(null, "stock", false, "stock Alluxio, without the drop-in jar");
    options.addOption(null, "jar", true, "another drop-in jar than the one that was built");
    options.addOption(null, "no-mount", false, "do not mount");
    options.addOption(null, "mount-options", true, "alluxio.fuse.mount.options");
    options.addOption(null, "no-jobs", false, "no job master and job workers");
    options.addOption(null, "namespaces", false, "one network namespace per node (root)");
    options.addOption(null, "worker-link", true, "limit of each worker's link, such as 500Mbit");
    options.addOption(null, "origin-link", true, "limit of the origin's link, such as 500Mbit");
    options.addOption(null, "logs", true, "keep the logs in this directory");
    options.addOption(
        pair("worker-jar", "number=file", "another drop-in jar for this worker; repeatable"));
    options.addOption(pair("property", "key=value", "an Alluxio property; repeatable"));
    return options;
  }

  private static Option pair(String name, String form, String description) {
    return Option.builder()
        .longOpt(name)
        .numberOfArgs(2)
        .valueSeparator('=')
        .argName(form)
        .desc(description)
        .build();
  }

  private static ClusterConfig config(CommandLine flags) throws IOException {
    ClusterConfig.Builder builder =
        ClusterConfig.builder()
            .workers(Integer.parseInt(flags.getOptionValue("workers", "1")))
            .ramdiskBytes(Units.parseBytes(flags.getOptionValue("ramdisk", "1GiB")))
            .mount(!flags.hasOption("no-mount"))
            .jobServers(!flags.hasOption("no-jobs"))
            .network(network(flags))
            .progress(System.out::println);
    if (flags.hasOption("root")) {
      builder.localRoot(existing("root", flags));
    }
    if (flags.hasOption("origin")) {
      builder.origin(OriginConfig.serving(existing("origin", flags)));
    }
    if (flags.hasOption("jar")) {
      builder.dropInJar(existing("jar", flags));
    } else if (!flags.hasOption("stock")) {
      builder.dropInJar(Build.dropInJar());
    }
    for (Map.Entry<Object, Object> jar : flags.getOptionProperties("worker-jar").entrySet()) {
      builder.workerJar(
          Integer.parseInt((String) jar.getKey()),
          Build.checkDropInJar(Path.of((String) jar.getValue())));
    }
    if (flags.hasOption("mount-options")) {
      builder.mountOptions(flags.getOptionValue("mount-options"));
    }
    if (flags.hasOption("logs")) {
      builder.logsDir(Path.of(flags.getOptionValue("logs")));
    }
    for (Map.Entry<Object, Object> entry : flags.getOptionProperties("property").entrySet()) {
      builder.property((String) entry.getKey(), (String) entry.getValue());
    }
    return builder.build();
  }

  private static NetworkConfig network(CommandLine flags) {
    boolean limited = flags.hasOption("worker-link") || flags.hasOption("origin-link");
    if (!limited && !flags.hasOption("namespaces")) {
      return NetworkConfig.loopback();
    }
    NetworkConfig network = NetworkConfig.namespaces();
    if (flags.hasOption("worker-link")) {
      network =
          network.withWorkerLink(Units.parseBitsPerSecond(flags.getOptionValue("worker-link")));
    }
    if (flags.hasOption("origin-link")) {
      network =
          network.withOriginLink(Units.parseBitsPerSecond(flags.getOptionValue("origin-link")));
    }
    return network;
  }

  private static Path existing(String flag, CommandLine flags) {
    Path path = Path.of(flags.getOptionValue(flag));
    if (!Files.exists(path)) {
      throw new IllegalArgumentException("--" + flag + ": " + path + " does not exist");
    }
    return path;
  }
}
