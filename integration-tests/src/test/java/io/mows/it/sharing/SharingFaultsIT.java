// SPDX-License-Identifier: Apache-2.0
package io.mows.it.sharing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.security.TlsFiles;
import io.mows.channel.testing.TestCertificates;
import io.mows.it.cluster.Build;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.Deadline;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.OriginConfig;
import io.mows.it.cluster.Signals;
import io.mows.it.model.CrcMismatch;
import io.mows.it.model.SyntheticModel;
import io.mows.it.origin.Shaping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sharing when workers die, come back, or are not to be trusted. */
final class SharingFaultsIT {
  private static final long MODEL_BYTES = 64L << 20;
  private static final long SHARED_BYTES = 8L << 20;

  /** Six times what is left of the load takes. (34 s when hung peers were waited for.) */
  private static final long HANG_S = 25;

  private static final String TLS = "alluxio.mows.security.tls.";
  private static final String LOCATOR = "alluxio.mows.locator.addresses";

  @TempDir Path bucket;
  @TempDir Path secrets;

  private ClusterConfig.Builder config(int workers) throws IOException {
    return ClusterConfig.builder()
        .workers(workers)
        .firstCompilerOnly(true)
        .origin(OriginConfig.serving(bucket))
        .dropInJar(Build.dropInJar())
        .jobServers(false);
  }

  /** It may host the locator or lead it, too: nobody waits for that. */
  @ParameterizedTest
  @ValueSource(strings = {"auto", "{worker-0}:29990,{worker-1}:29990,{worker-2}:29990"})
  void shouldGoOnWhenAWorkerDiesInTheMiddle(String locator) throws Exception {
    System.out.println("seed 12");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 2, 12);
    SyntheticModel.write(bucket.resolve("next"), MODEL_BYTES / 4, 1, 13);
    Probes.write(bucket);
    try (LocalCluster cluster = LocalCluster.start(config(3).property(LOCATOR, locator).build())) {
      Probes.awaitSharing(cluster, 3);
      cluster.origin().admin().setShaping(Shaping.unshaped().withTotalBytesPerSecond(16 << 20));
      Path dying = cluster.worker(0).mountPoint().resolve("model");
      CompletableFuture<Void> first = CompletableFuture.runAsync(() -> readAll(dying));
      CompletableFuture<List<List<CrcMismatch>>> others =
          CompletableFuture.supplyAsync(() -> verifyOn(cluster, "model", 1, 2));
      Thread.sleep(1_500);
      cluster.worker(0).kill9();
      for (List<CrcMismatch> wrong : others.get()) {
        assertEquals(List.of(), wrong);
      }
      first.join();
      cluster.origin().admin().setShaping(Shaping.unshaped());
      // The locator has moved, or it has not: nobody waits for it.
      assertEquals(List.of(List.of(), List.of()), verifyOn(cluster, "next", 1, 2));
    }
  }

  /** It holds its connections, its turns to read the origin and what it was asked for. */
  @Test
  void shouldNotWaitForAWorkerThatHangs() throws Exception {
    System.out.println("seed 17");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES, 2, 17);
    Probes.write(bucket);
    try (LocalCluster cluster = LocalCluster.start(config(3).build())) {
      Probes.awaitSharing(cluster, 3);
      long[] before = {Probes.fromPeers(cluster.worker(1)), Probes.fromPeers(cluster.worker(2))};
      cluster.origin().admin().setShaping(Shaping.unshaped().withTotalBytesPerSecond(16 << 20));
      Path hanging = cluster.worker(0).mountPoint().resolve("model");
      CompletableFuture<Void> first = CompletableFuture.runAsync(() -> readAll(hanging));
      CompletableFuture<List<List<CrcMismatch>>> others =
          CompletableFuture.supplyAsync(() -> verifyOn(cluster, "model", 1, 2));
      // The others know each other by then, however slow the machine is.
      Deadline.await(
          "both have something from peers",
          () ->
              others.isDone()
                  || (Probes.fromPeers(cluster.worker(1)) - before[0] >= SHARED_BYTES
                      && Probes.fromPeers(cluster.worker(2)) - before[1] >= SHARED_BYTES));
      long startNs = System.nanoTime();
      Signals.send("STOP", cluster.worker(0).pid());
      try {
        assertEquals(List.of(List.of(), List.of()), others.get(HANG_S, TimeUnit.SECONDS));
      } finally {
        Signals.send("CONT", cluster.worker(0).pid());
      }
      System.out.printf("the others went on for %.1f s%n", (System.nanoTime() - startNs) / 1e9);
      first.join();
      long fromOrigin = cluster.origin().admin().stats().bytesSent();
      assertTrue(fromOrigin < 2 * MODEL_BYTES, () -> "the origin sent " + fromOrigin + " bytes");
    }
  }

  /** Until the mount goes. */
  private static void readAll(Path model) {
    try (var files = Files.list(model)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        Files.readAllBytes(file);
      }
    } catch (Exception e) {
      // Its worker has died.
    }
  }

  private static List<List<CrcMismatch>> verifyOn(LocalCluster cluster, String model, int... on) {
    try {
      return Readers.verifyOn(cluster, model, on);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldShareAmongThoseWhoKnowTheSecretOnly() throws Exception {
    System.out.println("seed 14");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES / 4, 1, 14);
    Probes.write(bucket);
    Path right = Files.writeString(secrets.resolve("right"), "a secret of the cluster's own");
    Path wrong = Files.writeString(secrets.resolve("wrong"), "a secret of somebody else's");
    for (Path file : List.of(right, wrong)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    String key = "alluxio.mows.security.secret.file";
    ClusterConfig config =
        config(3)
            // Not the stranger: nobody else could use it.
            .property(LOCATOR, "{worker-0}:29990")
            .workerProperty(0, key, right.toString())
            .workerProperty(1, key, right.toString())
            .workerProperty(2, key, wrong.toString())
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      Probes.awaitSharing(cluster, 2);
      for (List<CrcMismatch> mismatches : Readers.verifyOnAll(cluster, "model", 3)) {
        assertEquals(List.of(), mismatches);
      }
      assertEquals(0, Probes.fromPeers(cluster.worker(2)), "the stranger got bytes");
      assertTrue(Probes.fromPeers(cluster.worker(1)) > 0);
    }
  }

  @Test
  void shouldShareOverTlsWithThoseOfTheSameCaOnly() throws Exception {
    System.out.println("seed 16");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES / 4, 1, 16);
    Probes.write(bucket);
    ClusterConfig.Builder config = config(3).property(LOCATOR, "{worker-0}:29990");
    TlsFiles ours = certificate("ours");
    TlsFiles others = certificate("others");
    for (int worker = 0; worker < 3; worker++) {
      TlsFiles files = worker < 2 ? ours : others;
      config
          .workerProperty(worker, TLS + "enabled", "true")
          .workerProperty(worker, TLS + "certificate.file", files.certificates().toString())
          .workerProperty(worker, TLS + "key.file", files.key().toString())
          .workerProperty(worker, TLS + "trust.file", files.trusted().toString());
    }
    try (LocalCluster cluster = LocalCluster.start(config.build())) {
      Probes.awaitSharing(cluster, 2);
      for (List<CrcMismatch> mismatches : Readers.verifyOnAll(cluster, "model", 3)) {
        assertEquals(List.of(), mismatches);
      }
      assertEquals(0, Probes.fromPeers(cluster.worker(2)), "the stranger got bytes");
      assertTrue(Probes.fromPeers(cluster.worker(1)) > 0);
    }
  }

  /** For all addresses that the workers of a local cluster may get. */
  private TlsFiles certificate(String name) throws Exception {
    String[] addresses =
        IntStream.range(0, 60)
            .mapToObj(i -> "127.78." + (1 + i / 3) + "." + (10 + i % 3))
            .toArray(String[]::new);
    return TestCertificates.create(Files.createDirectory(secrets.resolve(name)), addresses);
  }

  @Test
  void shouldServeWhatIsInMemoryAfterARestart() throws Exception {
    System.out.println("seed 15");
    SyntheticModel.write(bucket.resolve("model"), MODEL_BYTES / 4, 1, 15);
    Probes.write(bucket);
    try (LocalCluster cluster = LocalCluster.start(config(2).build())) {
      assertTrue(cluster.worker(0).cli("fs", "load", "--local", "/model").succeeded());
      cluster.worker(0).stop();
      cluster.worker(0).restart();
      Probes.awaitSharing(cluster, 2);
      cluster.origin().admin().resetCounters();
      assertEquals(List.of(List.of()), verifyOn(cluster, "model", 1));
      long fromOrigin = cluster.origin().admin().stats().bytesSent();
      assertTrue(fromOrigin < MODEL_BYTES / 8, () -> "the origin sent " + fromOrigin + " bytes");
    }
  }
}
