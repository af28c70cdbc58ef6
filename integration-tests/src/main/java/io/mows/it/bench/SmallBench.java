// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.OriginConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.io.FileUtils;

/**
 * Small files that are in memory: all of a directory is opened and read, one after the other, and
 * {@code ls -l} of the directory, for stock Alluxio as it comes, stock Alluxio with {@code
 * direct_io}, and MoWS, in one run.
 *
 * <p>Options: {@code --files 2000}, {@code --bytes 10240} of each, {@code --rounds 7}, {@code
 * --only mows}.
 */
final class SmallBench {
  private static final String DIRECTORY = "small";

  /** Whatever may be believed for a second is not believed any more. */
  private static final long PAUSE_MS = 3_000;

  /** In which the JVMs compile what is measured. */
  private static final int UNTIMED_ROUNDS = 2;

  private static final int ROUNDS = 5;

  private static final String DEFAULT = "stock, default options";
  private static final String TUNED = "stock, direct_io";
  private static final String MOWS = "MoWS";

  private final BenchOptions options;
  private final Path bucket;
  private final List<String> names = new ArrayList<>();
  private final byte[][] contents;
  private final SmallTable table = new SmallTable(DEFAULT, TUNED, MOWS);

  private SmallBench(BenchOptions options, Path bucket) {
    this.options = options;
    this.bucket = bucket;
    this.contents = new byte[options.files()][];
  }

  static void run(String[] args) throws Exception {
    BenchOptions options = BenchOptions.parse(args, 0);
    Path bucket = Files.createTempDirectory("mows-bench");
    try {
      SmallBench bench = new SmallBench(options, bucket);
      bench.writeFiles();
      for (String variant : List.of(MOWS, TUNED, DEFAULT)) {
        bench.measure(variant);
      }
      System.out.println();
      System.out.println(bench.table);
    } finally {
      FileUtils.deleteDirectory(bucket.toFile());
    }
  }

  private void writeFiles() throws IOException {
    Path directory = Files.createDirectories(bucket.resolve(DIRECTORY));
    Random random = new Random(1);
    for (int i = 0; i < contents.length; i++) {
      names.add(String.format("file-%05d.json", i));
      contents[i] = new byte[options.fileBytes()];
      random.nextBytes(contents[i]);
      Files.write(directory.resolve(names.get(i)), contents[i]);
    }
  }

  private void measure(String variant) throws Exception {
    boolean mows = variant.equals(MOWS);
    if (!options.includes(mows ? "mows" : "stock")) {
      return;
    }
    System.out.println("Starting " + variant);
    ClusterConfig.Builder config =
        ClusterConfig.builder()
            .property(ScaleoutCluster.PREFETCH, "false")
            .workers(1)
            .workerMemoryMiB(1024, 2048)
            .origin(OriginConfig.serving(bucket))
            .jobServers(false);
    if (mows) {
      config.dropInJar(Build.dropInJar());
    } else {
      // Alluxio's default, and the only one that knows direct_io.
      config.property(MountBench.LIBFUSE, "2");
    }
    if (variant.equals(TUNED)) {
      config.mountOptions(MountBench.DIRECT_IO);
    }
    try (LocalCluster cluster = LocalCluster.start(config.build())) {
      cluster.worker(0).cli("fs", "load", "--local", "/" + DIRECTORY);
      cluster.origin().admin().resetCounters();
      Path directory = cluster.worker(0).mountPoint().resolve(DIRECTORY);
      for (int round = -UNTIMED_ROUNDS; round < options.rounds(ROUNDS); round++) {
        round(variant, directory, round >= 0);
      }
      if (cluster.origin().admin().stats().bytesSent() > 0) {
        throw new IOException(variant + ": the files were not in memory");
      }
    }
  }

  private void round(String variant, Path directory, boolean counts) throws Exception {
    forgetNames();
    note(
        variant,
        "open and read all of each, when the kernel knows no names",
        readNs(directory),
        counts);
    Thread.sleep(PAUSE_MS);
    note(variant, "open and read all of each, again", readNs(directory), counts);
    note(variant, "open and read all of each, again at once", readNs(directory), counts);
    forgetNames();
    note(variant, "ls -l, when the kernel knows no names", listNs(directory), counts);
    Thread.sleep(PAUSE_MS);
    note(variant, "ls -l, again", listNs(directory), counts);
  }

  /** As if no process had looked at the mount for long: the kernel has neither names nor pages. */
  private static void forgetNames() throws Exception {
    Thread.sleep(PAUSE_MS);
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
  }

  private void note(String variant, String row, long ns, boolean counts) {
    System.out.printf(
        "%s: %s: %.0f ms%s%n", variant, row, ns / 1e6, counts ? "" : " (does not count)");
    if (counts) {
      table.add(row, variant, ns / 1e6);
    }
  }

  /** What is read is looked at after the clock has stopped. */
  private long readNs(Path directory) throws IOException {
    ByteBuffer[] read = new ByteBuffer[names.size()];
    for (int i = 0; i < read.length; i++) {
      read[i] = ByteBuffer.allocateDirect(options.fileBytes() + 1);
    }
    long start = System.nanoTime();
    for (int i = 0; i < read.length; i++) {
      try (FileChannel file =
          FileChannel.open(directory.resolve(names.get(i)), StandardOpenOption.READ)) {
        while (file.read(read[i]) >= 0) {}
      }
    }
    long ns = System.nanoTime() - start;
    for (int i = 0; i < read.length; i++) {
      byte[] got = new byte[read[i].flip().remaining()];
      read[i].get(got);
      if (!Arrays.equals(contents[i], got)) {
        throw new IOException(directory.resolve(names.get(i)) + " gave wrong bytes");
      }
    }
    return ns;
  }

  private long listNs(Path directory) throws Exception {
    long start = System.nanoTime();
    Process list =
        new ProcessBuilder("ls", "-l", directory.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int status = list.waitFor();
    long ns = System.nanoTime() - start;
    if (status != 0) {
      throw new IOException("ls -l " + directory + " ended with " + status);
    }
    return ns;
  }
}
