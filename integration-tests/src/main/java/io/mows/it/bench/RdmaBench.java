// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.rdma.RdmaGuest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * READs of 4 MiB through our channel beside those of {@code ib_read_bw -R}, in one run of the guest
 * with soft-RoCE: what the channel adds, not how fast RDMA is. In the guest an emulated processor
 * does what a NIC would do.
 *
 * <p>Both have four READs under way and memory of huge pages. Three rounds of each, in turns; the
 * best of each counts.
 */
final class RdmaBench {
  private static final int TIMEOUT_S = 240;
  private static final int ROUNDS = 3;

  private RdmaBench() {}

  static void run(String[] args) throws Exception {
    if (args.length > 0) {
      throw new IllegalArgumentException("bench rdma takes no arguments");
    }
    RdmaGuest guest = RdmaGuest.ofThisBuild();
    Optional<String> unavailable = guest.prepare();
    if (unavailable.isPresent()) {
      throw new IOException("There can be no guest: " + unavailable.get());
    }
    int status = guest.run(script(), TIMEOUT_S);
    List<String> console = Files.readAllLines(guest.console());
    if (status != 0) {
      console.forEach(System.err::println);
      throw new IOException("The guest ended with " + status);
    }
    double perftest = best(guest.output("perftest"));
    double channel = best(guest.output("channel"));
    System.out.printf("%-34s %8s%n", "READ of 4 MiB, soft-RoCE in a guest", "MB/s");
    System.out.printf("%-34s %8.1f%n", "ib_read_bw -R", perftest);
    System.out.printf("%-34s %8.1f%n", "our channel, CRC32, to a block file", channel);
    System.out.printf("%-34s %8.2f%n", "of ib_read_bw", channel / perftest);
  }

  /** The highest number, one on each line. */
  private static double best(String lines) {
    return lines
        .lines()
        .mapToDouble(line -> Double.parseDouble(line.strip()))
        .max()
        .orElseThrow(() -> new IllegalStateException("nothing was measured"));
  }

  private static String script() throws IOException {
    String java = RdmaGuest.java(classPath(), RdmaBenchRound.class.getName());
    return "set -e\n"
        // As ib_read_bw's buffer has, from malloc.
        + "mount -o remount,huge=always /dev/shm\n"
        + "rm -f /out/perftest /out/channel\n"
        + "perftest() {\n"
        // Bytes, iterations, outstanding READs as the channel has them; MB of 10^6 bytes.
        + "  set -- -R -d rxe0 -s 4194304 -n 64 -F --report_gbits -o 4 -t 4\n"
        + "  timeout 60 ib_read_bw \"$@\" >/dev/null 2>&1 &\n"
        + "  sleep 1\n"
        + "  timeout 60 ib_read_bw \"$@\" 10.9.9.1 |\n"
        + "    awk '$1 == 4194304 { print $4 * 125 }' >>/out/perftest\n"
        + "  wait\n"
        + "}\n"
        + "for round in $(seq "
        + ROUNDS
        + "); do\n"
        + "  perftest\n"
        + "  timeout 60 "
        + java
        + " >>/out/channel\n"
        + "done\n"
        + "cat /out/perftest /out/channel\n";
  }

  /** The code and the native library of a worker: those of the drop-in jar. */
  private static String classPath() throws IOException {
    return System.getProperty("java.class.path") + File.pathSeparator + Build.dropInJar();
  }
}
