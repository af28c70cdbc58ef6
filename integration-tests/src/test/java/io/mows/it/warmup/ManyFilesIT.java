// SPDX-License-Identifier: Apache-2.0
package io.mows.it.warmup;

import static io.mows.it.warmup.Warmups.awaitPeers;
import static io.mows.it.warmup.Warmups.warmup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.it.cluster.CliResult;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.origin.OriginStats;
import io.mows.it.origin.RequestKind;
import io.mows.it.origin.Shaping;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models of many small files, and of files that Alluxio does not show. {@code
 * -Dmows.it.shards=1433} measures what it prints.
 */
final class ManyFilesIT {
  private static final int SHARDS = Integer.getInteger("mows.it.shards", 300);
  private static final int SHARD_BYTES = 16 << 10;
  private static final long ANSWER_MS = 50;

  @TempDir private static Path bucket;
  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    write("first", SHARDS);
    write("model", SHARDS);
    write("hidden", 2);
    Files.write(bucket.resolve("hidden/why?.bin"), new byte[10]);
    write("lacking", 2);
    String manifest = String.format("%s  %s%n", "00000000", "tokenizer.json");
    Files.writeString(bucket.resolve("lacking/crc32.txt"), manifest);
    cluster =
        LocalCluster.start(
            Warmups.config(bucket, 1).workerProperty(0, Warmups.ROLE, "warmup").build());
    awaitPeers(cluster, 1);
    CliResult first = warmup(cluster, "/first", "--wait");
    assertEquals(0, first.exitCode(), first::toString);
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
  }

  private static void write(String name, int files) throws IOException {
    Path model = Files.createDirectories(bucket.resolve(name));
    byte[] bytes = new byte[SHARD_BYTES];
    Random random = new Random(7);
    for (int i = 0; i < files; i++) {
      random.nextBytes(bytes);
      Files.write(model.resolve(String.format("model-%05d-of-%05d.bin", i + 1, files)), bytes);
    }
  }

  @Test
  void shouldNotAskTheOriginAgainAboutEachOfManyFiles() throws Exception {
    assertTrue(cluster.cli("fs", "ls", "/model").succeeded());
    cluster.origin().admin().setShaping(Shaping.unshaped().withFirstByteDelayMs(ANSWER_MS));
    cluster.origin().admin().resetCounters();
    long startNs = System.nanoTime();
    CliResult done = warmup(cluster, "/model", "--wait");
    double seconds = (System.nanoTime() - startNs) / 1e9;
    cluster.origin().admin().setShaping(Shaping.unshaped());
    assertEquals(0, done.exitCode(), done::toString);
    OriginStats stats = cluster.origin().admin().stats();
    double heads = (double) stats.requests(RequestKind.HEAD) / SHARDS;
    double gets = (double) stats.requests(RequestKind.GET) / SHARDS;
    System.out.printf(
        "%d files in %.1f s with the command's own time, %.0f a second; each %.2f HEADs, %.2f GETs%n",
        SHARDS, seconds, SHARDS / seconds, heads, gets);
    System.out.println(done.output());
    // For the version. A machine that is slow to hear an answer asks once more.
    assertTrue(heads <= 1.15, heads + " HEADs a file");
  }

  /** By no other file can it be seen. */
  @Test
  void shouldNeverSayThatAModelIsCompleteOfWhichAFileOfTheManifestIsNotThere() throws Exception {
    String missing = "/lacking/tokenizer.json";
    CliResult warm = warmup(cluster, "/lacking", "--wait");
    assertEquals(3, warm.exitCode(), warm::toString);
    assertTrue(warm.output().contains(missing), warm::toString);
    String host = cluster.worker(0).webUri().getHost();
    CliResult ready =
        cluster.cli(
            "fs", "mows", "ready", "/lacking", "--unproven", "--timeout", "0s", "--worker", host);
    assertEquals(2, ready.exitCode(), ready::toString);
    assertTrue(ready.output().contains(missing), ready::toString);
    URI probe = cluster.worker(0).webUri().resolve("/mows/ready?path=/lacking&proof=off");
    HttpURLConnection asked = (HttpURLConnection) probe.toURL().openConnection();
    assertEquals(503, asked.getResponseCode());
    CliResult verify = cluster.cli("fs", "mows", "verify", "/lacking");
    assertEquals(1, verify.exitCode(), verify::toString);
    assertTrue(verify.output().contains(missing + " MISSING"), verify::toString);
  }

  @Test
  void shouldNeverSayThatAModelIsCompleteOfWhichAlluxioHidesAFile() throws Exception {
    CliResult warm = warmup(cluster, "/hidden", "--wait");
    assertEquals(3, warm.exitCode(), warm::toString);
    assertTrue(warm.output().contains("/hidden/why?.bin"), warm::toString);
    CliResult verify = cluster.cli("fs", "mows", "verify", "/hidden");
    assertEquals(1, verify.exitCode(), verify::toString);
    assertTrue(verify.output().contains("/hidden/why?.bin HIDDEN"), verify::toString);
    CliResult check = cluster.cli("fs", "mows", "check");
    assertTrue(check.output().contains("/hidden/why?.bin"), check::toString);
  }
}
