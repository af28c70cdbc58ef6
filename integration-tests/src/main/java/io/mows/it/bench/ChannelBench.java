// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the data channel costs beside the least that the JDK can do: two processes on loopback, one
 * file of a tmpfs sent to another, on one connection.
 *
 * <ul>
 *   <li>{@code drop}: the sender calls {@link FileChannel#transferTo} (sendfile) on a blocking
 *       socket; the receiver reads the socket into one direct buffer and forgets the bytes.
 *   <li>{@code store}: the same, but the receiver writes each buffer to the file it is filling
 *       (pwrite). No framing, no checksum, nothing that could go wrong.
 *   <li>{@code channel}: the data channel, in pieces of 4 MiB, eight requested ahead, each with its
 *       CRC32 computed and compared on arrival, written to a block file.
 * </ul>
 *
 * <p>Every round fills a new file, so that both pay for the tmpfs pages. The rounds of the three
 * alternate; the median counts.
 */
public final class ChannelBench {
  /** The channel must reach this share of {@code store}'s throughput. */
  private static final double BAR = 0.85;

  // A worker runs for weeks: what its JVM compiles in the first seconds is not what is measured.
  private static final int WARM_UP_ROUNDS = 8;

  private static final int FILL_BYTES = 4 << 20;

  private ChannelBench() {}

  /**
   * Runs it and prints a table.
   *
   * @param args {@code [MiB per round, default 1024] [rounds, default 5]}
   */
  public static void run(String[] args) throws Exception {
    long bytes = (args.length > 0 ? Long.parseLong(args[0]) : 1_024) << 20;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Path dir = Files.createTempDirectory(Path.of("/dev/shm"), "mows-bench-");
    try {
      Path source = dir.resolve("source");
      fill(source, bytes);
      Map<ChannelBenchMode, List<ChannelBenchRound>> results =
          new EnumMap<>(ChannelBenchMode.class);
      try (ChannelBenchSender.Remote sender = ChannelBenchSender.start(source)) {
        ChannelBenchReceiver receiver = new ChannelBenchReceiver(sender, dir, bytes);
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
          for (ChannelBenchMode mode : ChannelBenchMode.values()) {
            ChannelBenchRound result = receiver.receive(mode);
            if (round >= 0) {
              results.computeIfAbsent(mode, m -> new ArrayList<>()).add(result);
            }
          }
        }
      }
      print(bytes, rounds, results);
    } finally {
      delete(dir);
    }
  }

  public static void main(String[] args) throws Exception {
    run(args);
  }

  private static void fill(Path file, long bytes) throws IOException {
    byte[] random = new byte[FILL_BYTES];
    new Random(42).nextBytes(random);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += FILL_BYTES) {
        int count = (int) Math.min(FILL_BYTES, bytes - at);
        channel.write(ByteBuffer.wrap(random, 0, count), at);
      }
    }
  }

  private static void delete(Path dir) throws IOException {
    try (var files = Files.list(dir)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
    Files.delete(dir);
  }

  private static void print(
      long bytes, int rounds, Map<ChannelBenchMode, List<ChannelBenchRound>> results) {
    System.out.printf(
        "%d MiB from tmpfs to tmpfs over loopback, two JVMs, one connection;"
            + " median of %d rounds after %d to warm up, %d processors%n%n",
        bytes >> 20, rounds, WARM_UP_ROUNDS, Runtime.getRuntime().availableProcessors());
    System.out.printf(
        "%-10s %12s %22s %22s%n", "", "MB/s", "sender CPU s per GB", "receiver CPU s per GB");
    for (ChannelBenchMode mode : ChannelBenchMode.values()) {
      List<ChannelBenchRound> all = results.get(mode);
      System.out.printf(
          "%-10s %12.0f %22.2f %22.2f%n",
          mode.label(),
          bytes / 1e6 / seconds(ChannelBenchRound.median(all, ChannelBenchRound::elapsed)),
          perGb(ChannelBenchRound.median(all, ChannelBenchRound::senderCpu), bytes),
          perGb(ChannelBenchRound.median(all, ChannelBenchRound::receiverCpu), bytes));
    }
    double share = share(results, ChannelBenchMode.STORE);
    System.out.printf(
        "%nchannel / store: %.2f (bar %.2f, %s); channel / drop: %.2f%n",
        share, BAR, share >= BAR ? "reached" : "MISSED", share(results, ChannelBenchMode.DROP));
  }

  /** The channel's throughput over that of {@code mode}. */
  private static double share(
      Map<ChannelBenchMode, List<ChannelBenchRound>> results, ChannelBenchMode mode) {
    return seconds(ChannelBenchRound.median(results.get(mode), ChannelBenchRound::elapsed))
        / seconds(
            ChannelBenchRound.median(
                results.get(ChannelBenchMode.CHANNEL), ChannelBenchRound::elapsed));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static double perGb(Duration cpu, long bytes) {
    return seconds(cpu) / (bytes / 1e9);
  }
}
