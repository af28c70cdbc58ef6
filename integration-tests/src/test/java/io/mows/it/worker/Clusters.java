// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.Deadline;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.cluster.Signals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What the tests of one worker on real processes share. */
final class Clusters {
  static final int MIB = 1 << 20;

  /** The master's load scheduler looks for workers once a minute only. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private Clusters() {}

  /** One MoWS worker over the test origin. */
  static ClusterConfig.Builder mows(Path bucket) throws IOException {
    return ClusterConfig.builder()
        .workers(1)
        .firstCompilerOnly(true)
        .dropInJar(Build.dropInJar())
        .origin(OriginConfig.serving(bucket))
        .jobServers(false);
  }

  static byte[] randomFile(Path file, int bytes, long seed) throws IOException {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    Files.createDirectories(file.getParent());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, content);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    return content;
  }

  /** Reads the whole file; fails with the reader's error. */
  static byte[] readAll(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) channel.size());
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
      return buffer.array();
    }
  }

  /** Reads the whole file past the kernel's page cache (O_DIRECT): the worker serves every byte. */
  static byte[] readDirect(Path file) throws IOException {
    Process dd =
        new ProcessBuilder("dd", "if=" + file, "iflag=direct", "bs=1M", "status=none")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return dd.getInputStream().readAllBytes();
  }

  static byte[] readAt(Path file, long offset, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(length);
      while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {}
      return buffer.array();
    }
  }

  static long metric(LocalCluster cluster, String name) throws IOException {
    return cluster.worker(0).metrics().value("Worker.Mows" + name);
  }

  /** Reads while the master is stopped, in a minute at most; it goes on afterwards. */
  static <T> T readWithoutMaster(LocalCluster cluster, Callable<T> reader) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Signals.send("STOP", cluster.masterPid());
    try {
      long startNs = System.nanoTime();
      T got = thread.submit(reader).get(60, TimeUnit.SECONDS);
      long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
      System.out.println("read without the master in " + tookMs + " ms");
      return got;
    } finally {
      Signals.send("CONT", cluster.masterPid());
      thread.shutdown();
    }
  }

  static void await(String what, Callable<Boolean> condition) throws Exception {
    Deadline.await(what, PATIENCE, condition);
  }
}
