// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.conf.Configuration;
import alluxio.conf.PropertyKey;
import alluxio.grpc.SetAttributePOptions;
import alluxio.proto.journal.File.XAttrUpdateStrategy;
import com.google.protobuf.ByteString;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.trust.TrustSource;
import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannels;
import io.mows.channel.security.ClusterTrust;
import io.mows.channel.testing.TestWorker;
import io.mows.p2p.locator.DirectoryReader;
import io.mows.p2p.locator.DirectoryTransport;
import io.mows.p2p.locator.JobDirectory;
import io.mows.p2p.locator.JobTarget;
import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.MessageSeal;
import io.mows.p2p.locator.WarmupJob;
import io.mows.p2p.locator.raft.RaftLocatorSettings;
import io.mows.p2p.locator.raft.RaftLocatorSettings.Timing;
import io.mows.p2p.locator.raft.RaftTransport;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker without any setting of security knows its cluster by the Alluxio master, and lets in
 * nobody who does not.
 */
final class ClusterIdentityIT {
  private static final AlluxioURI ROOT = new AlluxioURI("/");
  private static final String ATTRIBUTE = "mows";

  @TempDir Path dir;

  @Test
  void shouldKnowItsClusterByTheMasterAndLetNobodyElseIn() throws Exception {
    int dataPort;
    try (ServerSocket free = new ServerSocket(0)) {
      dataPort = free.getLocalPort();
    }
    try (InProcessCluster cluster =
        InProcessCluster.start(dir, Map.of("alluxio.mows.data.port", Integer.toString(dataPort)))) {
      ClusterTrust trust = trust();
      assertFalse(trust.isInsecure());
      byte[] identity = attribute(cluster);
      assertArrayEquals(trust.clusterId(), Arrays.copyOfRange(identity, 1, 17));
      assertNobodyReplacesIt(cluster, identity);

      String host = cluster.workerHost();
      awaitPeers(host, trust);
      InetSocketAddress data = new InetSocketAddress(host, dataPort);
      connect(data, trust);
      for (ClusterTrust stranger : strangers(trust)) {
        assertThrows(ExecutionException.class, () -> connect(data, stranger), stranger::toString);
        assertKnowsNobody(host, stranger);
      }
      assertEquals(1, status(host, trust).peers().size(), "a stranger has got in");

      cluster.restartMaster();
      assertArrayEquals(identity, attribute(cluster), "it is in the journal");
    }
  }

  /** Those who know nothing, all that is not secret, another secret, or another cluster. */
  private static List<ClusterTrust> strangers(ClusterTrust trust) {
    byte[] guess = "a guess of 16 b.".getBytes(StandardCharsets.US_ASCII);
    return List.of(
        ClusterTrust.insecure(),
        ClusterTrust.insecure(trust.clusterId()),
        ClusterTrust.of(trust.clusterId(), List.of(guess)),
        ClusterTrust.nobody());
  }

  private static ClusterTrust trust() throws Exception {
    MowsConf conf = MowsConf.read(Configuration.global());
    return TrustSource.of(conf.security(), Configuration.global()).get();
  }

  private static byte[] attribute(InProcessCluster cluster) throws Exception {
    return cluster.client().getStatus(ROOT).getXAttr().get(ATTRIBUTE);
  }

  private void assertNobodyReplacesIt(InProcessCluster cluster, byte[] identity) throws Exception {
    cluster
        .client()
        .setAttribute(
            ROOT,
            SetAttributePOptions.newBuilder()
                .putXattr(ATTRIBUTE, ByteString.copyFromUtf8("another"))
                .setXattrUpdateStrategy(XAttrUpdateStrategy.UNION_PRESERVE)
                .build());
    assertArrayEquals(identity, attribute(cluster), "who comes second");
    Path root = Path.of(Configuration.getString(PropertyKey.MASTER_MOUNT_TABLE_ROOT_UFS));
    try (Stream<Path> files = Files.list(root)) {
      assertEquals(0, files.count(), "it was written to the under file system");
    }
  }

  private static void connect(InetSocketAddress address, ClusterTrust trust) throws Exception {
    ChannelSettings settings = ChannelSettings.builder("somebody").trust(trust).build();
    try (TestWorker worker =
        new TestWorker(DataChannels.load().choose(ChannelChoice.TCP), settings)) {
      worker.connect(address);
    }
  }

  private static DirectoryTransport locator(String host, ClusterTrust trust) {
    Timing impatient = new Timing(1_000, 1_000, 1_500, 3_000, 50_000, 8 << 20);
    return new RaftTransport(
        new RaftLocatorSettings(
            List.of(host + ":29990"), MessageSeal.of(trust), Optional.empty(), impatient));
  }

  private static LocatorStatus status(String host, ClusterTrust trust) throws Exception {
    try (DirectoryTransport locator = locator(host, trust)) {
      return new DirectoryReader(locator).status("/", 10).get(30, TimeUnit.SECONDS);
    }
  }

  private static void awaitPeers(String host, ClusterTrust trust) throws Exception {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        if (!status(host, trust).peers().isEmpty()) {
          return;
        }
      } catch (ExecutionException e) {
        // It is about to be hosted.
      }
      assertTrue(System.nanoTime() < endNs, "the worker is in the locator");
      Thread.sleep(100);
    }
  }

  private static void assertKnowsNobody(String host, ClusterTrust stranger) {
    try (DirectoryTransport locator = locator(host, stranger)) {
      JobDirectory jobs = new JobDirectory(locator);
      WarmupJob job = WarmupJob.of(List.of("/models"), JobTarget.EVERY, 1, false, 0, 1, List.of());
      for (CompletableFuture<?> attempt :
          List.of(
              new DirectoryReader(locator).status("/", 10),
              jobs.progress(),
              jobs.submit(job),
              jobs.stop(job.id()),
              jobs.remove(job.id()))) {
        assertThrows(
            ExecutionException.class,
            () -> attempt.get(30, TimeUnit.SECONDS),
            () -> stranger + " may talk to the locator");
      }
    }
  }
}
