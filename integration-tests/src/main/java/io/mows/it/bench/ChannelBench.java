// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.io.FileUtils;

/**
 * What the data channel costs beside the least that the JDK can do and beside what it stands in
 * for: two processes on loopback, one file of a tmpfs sent to another.
 *
 * <ul>
 *   <li>{@code drop}: the sender calls {@link FileChannel#transferTo} (sendfile) on a blocking
 *       socket; the receiver reads the socket into one direct buffer and forgets the bytes.
 *   <li>{@code store}: the same, but the receiver writes each buffer to the file it is filling
 *       (pwrite). No framing, no checksum, nothing that could go wrong. With 2 and 4 connections,
 *       each of which brings a part, each side has as many threads.
 *   <li>{@code channel}: the data channel, in pieces of 4 MiB, eight requested ahead, each with its
 *       CRC32 computed and compared on arrival, written to a block file; with 1, 2 and 4
 *       connections, on the I/O threads of a worker with so many processors, and with TLS.
 *   <li>{@code alluxio}: the blocks of a stock Alluxio 2.9.6 worker, in its memory, read one after
 *       the other by Alluxio's client over gRPC at its default settings, as one worker reads from
 *       another, and written to the file. No checksum.
 * </ul>
 *
 * <p>Every round fills a new file, so that all pay for the tmpfs pages. The rounds alternate; the
 * median counts. This process only prepares: {@link ChannelBenchReceiver} runs the rounds.
 */
final class ChannelBench {
  private static final int FILL_BYTES = 4 << 20;
  private static final String SOURCE = "source";

  private ChannelBench() {}

  /** Runs it and prints a table; {@link ChannelBenchOptions} has the arguments. */
  static void run(String[] args) throws Exception {
    ChannelBenchOptions options = ChannelBenchOptions.parse(args);
    Path dir = Files.createTempDirectory(Path.of("/dev/shm"), "mows-bench-");
    try {
      Path source = Files.createDirectory(dir.resolve("origin")).resolve(SOURCE);
      fill(source, options.bytes());
      List<String> receiverArgs = new ArrayList<>();
      receiverArgs.add(source.toString());
      receiverArgs.add(dir.resolve("target").toString());
      receiverArgs.add(Integer.toString(options.rounds()));
      ChannelBenchCertificate.create(dir);
      receiverArgs.add(dir.toString());
      if (options.withAlluxio()) {
        try (LocalCluster cluster = startAlluxio(source.getParent(), options.bytes())) {
          receiverArgs.add(Long.toString(cluster.worker(0).pid()));
          receiverArgs.add("/" + SOURCE);
          receive(clientOptions(cluster, dir), receiverArgs);
        }
      } else {
        receive(List.of(), receiverArgs);
      }
    } finally {
      FileUtils.deleteDirectory(dir.toFile());
    }
  }

  private static void fill(Path file, long bytes) throws IOException {
    byte[] random = new byte[FILL_BYTES];
    Random generator = new Random(42);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += FILL_BYTES) {
        generator.nextBytes(random);
        int count = (int) Math.min(FILL_BYTES, bytes - at);
        channel.write(ByteBuffer.wrap(random, 0, count), at);
      }
    }
  }

  /** A stock worker that has the file in memory. */
  private static LocalCluster startAlluxio(Path root, long bytes) throws IOException {
    LocalCluster cluster =
        LocalCluster.start(
            ClusterConfig.builder()
                .localRoot(root)
                .ramdiskBytes(2 * bytes)
                .workerMemoryMiB(1024, 2048)
                .mount(false)
                .jobServers(false)
                .build());
    CliResult loaded = cluster.worker(0).cli("fs", "load", "--local", "/" + SOURCE);
    if (!loaded.succeeded()) {
      cluster.close();
      throw new IOException("The worker did not load the file: " + loaded);
    }
    return cluster;
  }

  /** Has Alluxio's client find the cluster, and nothing else that is configured on this machine. */
  private static List<String> clientOptions(LocalCluster cluster, Path dir) throws IOException {
    List<String> options = new ArrayList<>();
    options.add("-Dalluxio.site.conf.dir=" + dir);
    for (String key : List.of("alluxio.master.hostname", "alluxio.master.rpc.port")) {
      CliResult value = cluster.cli("getConf", key);
      if (!value.succeeded()) {
        throw new IOException("The cluster does not say its " + key + ": " + value);
      }
      options.add("-D" + key + "=" + value.output().trim());
    }
    return options;
  }

  /** Runs the rounds in a process that has the drop-in jar on its class path, as workers have. */
  private static void receive(List<String> jvmOptions, List<String> args)
      throws IOException, InterruptedException {
    String classPath =
        System.getProperty("java.class.path") + File.pathSeparator + Build.dropInJar();
    Process receiver =
        ChannelBenchProcess.of(ChannelBenchReceiver.class, classPath, jvmOptions, args)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      if (receiver.waitFor() != 0) {
        throw new IOException("The receiving process failed");
      }
    } finally {
      receiver.destroy();
    }
  }
}
