// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.channel.memory.BlockFile;
import io.mows.channel.security.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.apache.commons.io.FileUtils;

/** The receiving process of {@link ChannelBench}: fills a new file in each round. */
final class ChannelBenchReceiver {
  // A worker runs for weeks: what its JVM compiles in the first seconds is not what is measured.
  private static final int WARM_UP_ROUNDS = 8;

  private final Path source;
  private final Path target;

  private ChannelBenchReceiver(Path source, Path target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Prints the table.
   *
   * @param args the file, where to put it, how many rounds count, where the certificate is, and, to
   *     compare with Alluxio, the process id of its worker and the file's path in it
   */
  public static void main(String[] args) throws Exception {
    Path source = Path.of(args[0]);
    int rounds = Integer.parseInt(args[2]);
    ChannelBenchTable table = new ChannelBenchTable(Files.size(source), rounds, WARM_UP_ROUNDS);
    Map<ChannelBenchMode, ChannelBenchWay> ways = new EnumMap<>(ChannelBenchMode.class);
    Path certificateDir = Path.of(args[3]);
    try (ChannelBenchRemote sender = ChannelBenchRemote.start(source, certificateDir)) {
      for (ChannelBenchMode mode : ChannelBenchMode.values()) {
        if (mode != ChannelBenchMode.ALLUXIO) {
          ways.put(mode, way(mode, sender, ChannelBenchCertificate.in(certificateDir)));
        }
      }
      if (args.length > 4) {
        ProcessHandle worker = ProcessHandle.of(Long.parseLong(args[4])).orElseThrow();
        ways.put(ChannelBenchMode.ALLUXIO, new ChannelBenchAlluxioWay(worker, args[5]));
      }
      new ChannelBenchReceiver(source, Path.of(args[1])).run(ways, rounds, table);
      for (ChannelBenchWay way : ways.values()) {
        way.close();
      }
    }
    System.out.println(table);
    System.exit(0);
  }

  private static ChannelBenchWay way(ChannelBenchMode mode, ChannelBenchRemote sender, TlsFiles tls)
      throws Exception {
    int count = mode.connections();
    switch (mode) {
      case CHANNEL:
      case CHANNEL_2:
      case CHANNEL_4:
        return new ChannelBenchChannelWay(sender, sender.channelAddress(), count, null);
      case TLS:
      case TLS_2:
        return new ChannelBenchChannelWay(sender, sender.tlsAddress(), count, tls);
      default:
        return new ChannelBenchSocketWay(sender, mode != ChannelBenchMode.DROP, count);
    }
  }

  private void run(Map<ChannelBenchMode, ChannelBenchWay> ways, int rounds, ChannelBenchTable table)
      throws Exception {
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (Map.Entry<ChannelBenchMode, ChannelBenchWay> way : ways.entrySet()) {
        ChannelBenchRound result = receive(way.getValue());
        if (round >= 0) {
          table.add(way.getKey(), result);
        } else if (round == -WARM_UP_ROUNDS && way.getKey() != ChannelBenchMode.DROP) {
          checkTarget(way.getKey());
        }
      }
    }
  }

  private ChannelBenchRound receive(ChannelBenchWay way) throws Exception {
    Files.deleteIfExists(target);
    Files.createFile(target);
    try (BlockFile file = BlockFile.openForWrite(target, Files.size(source))) {
      ProcessHandle self = ProcessHandle.current();
      Duration senderBefore = cpu(way.sender());
      Duration receiverBefore = cpu(self);
      try (ThreadUse threads = new ThreadUse(self.pid())) {
        long startNs = System.nanoTime();
        way.receive(file);
        return new ChannelBenchRound(
            Duration.ofNanos(System.nanoTime() - startNs),
            cpu(way.sender()).minus(senderBefore),
            cpu(self).minus(receiverBefore),
            threads.busiestShare("mows-channel"));
      }
    }
  }

  /** What the kernel has counted for all threads of a process, in steps of 10 ms. */
  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  private void checkTarget(ChannelBenchMode mode) throws IOException {
    if (!FileUtils.contentEquals(source.toFile(), target.toFile())) {
      throw new IOException("What came by " + mode.label() + " is not what was sent");
    }
  }
}
