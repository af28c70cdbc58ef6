// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;

/**
 * The drop-in jar beside that of an older release, in one run: each round starts a cluster with the
 * one and one with the other, which read in turns. The machine changes from minute to minute, and
 * so do JVMs that compile the same: what counts is the ratio of what all reads of a round took,
 * over some rounds. With the same jar twice it shows what of that is chance.
 *
 * <p>Options: {@code --older FILE} (its jar), {@code --rounds 4}, {@code -n 4}, {@code --bytes
 * 268435456}, {@code --link-mbit 200}.
 */
final class ReleasesBench {
  private static final int SHARDS = 4;
  private static final int COLD_READS = 2;
  private static final int HOT_READS = 20;
  private static final int PEER_READS = 8;

  private final ReleasesOptions options;
  private final Path bucket;
  private final ReleasesTable table = new ReleasesTable();

  private ReleasesBench(ReleasesOptions options, Path bucket) {
    this.options = options;
    this.bucket = bucket;
  }

  /** A read of one cluster, the number of which is given. */
  private interface Read {
    void of(ReleaseRun run, int number) throws Exception;
  }

  static void run(String[] args) throws Exception {
    ReleasesOptions options = ReleasesOptions.parse(args);
    Path bucket = Files.createTempDirectory("mows-bench");
    try {
      ReleasesBench bench = new ReleasesBench(options, bucket);
      bench.writeModels();
      for (int round = 0; round < options.rounds(); round++) {
        bench.measure(round);
      }
      System.out.println();
      System.out.println(bench.table);
    } finally {
      FileUtils.deleteDirectory(bucket.toFile());
    }
  }

  /** The same bytes under each name: a name that was not read yet is cold. */
  private void writeModels() throws IOException {
    System.out.println("Writing a model of " + options.modelBytes() + " bytes");
    Path model = bucket.resolve(ReleaseRun.FIRST);
    SyntheticModel.write(model, options.modelBytes(), SHARDS, 1);
    for (int read = 0; read < COLD_READS; read++) {
      BenchModels.link(model, bucket.resolve(cold(read)));
    }
    for (int read = 0; read < PEER_READS; read++) {
      BenchModels.link(model, bucket.resolve(fromPeer(read)));
    }
  }

  private static String cold(int read) {
    return "cold-" + read;
  }

  private static String fromPeer(int read) {
    return "from-peer-" + read;
  }

  private void measure(int round) throws Exception {
    boolean olderFirst = round % 2 == 0;
    try (ReleaseRun first = start(olderFirst);
        ReleaseRun second = start(!olderFirst)) {
      List<ReleaseRun> both = List.of(first, second);
      inTurns(both, HOT_READS, (run, number) -> run.hot());
      inTurns(both, COLD_READS, (run, number) -> run.cold(cold(number)));
      inTurns(both, PEER_READS, (run, number) -> run.fromPeer(fromPeer(number)));
      System.out.println("round " + round + ", " + first);
      System.out.println("round " + round + ", " + second);
      ReleaseRun older = olderFirst ? first : second;
      table.add(older.figures(), (olderFirst ? second : first).figures());
    }
  }

  private ReleaseRun start(boolean older) throws Exception {
    return ReleaseRun.start(
        older ? "older" : "newer", older ? options.older() : Build.dropInJar(), options, bucket);
  }

  /** So often each; who is first changes. */
  private static void inTurns(List<ReleaseRun> both, int times, Read read) throws Exception {
    for (int number = 0; number < times; number++) {
      read.of(both.get(number % 2), number);
      read.of(both.get(1 - number % 2), number);
    }
  }
}
