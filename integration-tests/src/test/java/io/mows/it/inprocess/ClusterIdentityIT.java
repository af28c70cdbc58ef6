// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.client.file.FileInStream;
import alluxio.conf.Configuration;
import alluxio.conf.PropertyKey;
import alluxio.grpc.SetAttributePOptions;
import alluxio.proto.journal.File.XAttrUpdateStrategy;
import alluxio.util.network.NetworkAddressUtils;
import com.google.protobuf.ByteString;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.trust.TrustSource;
import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannels;
import io.mows.channel.security.ClusterTrust;
import io.mows.channel.testing.TestWorker;
import io.mows.it.cluster.Deadline;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorReader;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.jobs.JobTarget;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.raft.RaftLocatorSettings;
import io.mows.p2p.locator.raft.RaftLocatorSettings.Timing;
import io.mows.p2p.locator.raft.RaftTransport;
import io.mows.p2p.locator.wire.MessageSeal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private static final int PIECE_BYTES = 1 << 20;
  private static final int HOST_NAME_MS = 5_000;

  /** Of one block. */
  private static final TestContent CONTENT = new TestContent(24, 8 * PIECE_BYTES);

  /** Waits for an answer however long it takes, and does not ask again. */
  private static final Timing ONE_ANSWER = new Timing(1_000, 30_000, 1, 3_000, 50_000, 8 << 20);

  private static final LocatorSettings ANNOUNCING =
      new LocatorSettings(1_000, 10, 60_000, 0, 1_000, 32, 32);

  @TempDir Path dir;
  private final AtomicInteger heldReads = new AtomicInteger();
  private CountDownLatch origin;

  @Test
  void shouldKnowItsClusterByTheMasterAndLetNobodyElseIn() throws Exception {
    int dataPort = freePort();
    try (InProcessCluster cluster = InProcessCluster.start(dir, smallPieces(dataPort))) {
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
        ExecutionException refused =
            assertThrows(
                ExecutionException.class, () -> connect(data, stranger), stranger::toString);
        assertSaysWhatToDo(refused.getMessage());
        assertKnowsNobody(host, stranger);
        assertCannotAnnounce(host, dataPort, stranger);
      }
      LocatorStatus status = status(host, trust);
      assertEquals(1, status.peers().size(), "a stranger has got in");
      assertEquals(0, status.fileCount(), "a stranger's word was taken");
      for (boolean hasSecret : new boolean[] {false, true}) {
        assertGivesAndGetsNothing(cluster, data, trust, hasSecret);
      }

      cluster.restartMaster();
      assertArrayEquals(identity, attribute(cluster), "it is in the journal");
    }
  }

  /** Or the test above would show nothing. */
  @Test
  void shouldBelieveAStrangerOnlyIfInsecure() throws Exception {
    int dataPort = freePort();
    Map<String, Object> conf = new HashMap<>(smallPieces(dataPort));
    conf.put("alluxio.mows.security.insecure", "true");
    try (InProcessCluster cluster = InProcessCluster.start(dir, conf)) {
      InetSocketAddress data = new InetSocketAddress(cluster.workerHost(), dataPort);
      String path = cluster.originFile("attacked", CONTENT);
      holdOrigin(cluster);
      ExecutorService reader = Executors.newSingleThreadExecutor();
      try (Stranger stranger = stranger(cluster, data, path, trust().clusterId(), false)) {
        Future<byte[]> read = reader.submit(() -> readAll(cluster, path));
        Deadline.await("forged pieces", () -> stranger.bytesGiven() >= CONTENT.lengthBytes() / 2);
        origin.countDown();
        byte[] got = read.get(1, TimeUnit.MINUTES);
        assertFalse(Arrays.equals(CONTENT.bytes(0, got.length), got), "all bytes are right");
        Deadline.await("a piece for the stranger", () -> stranger.bytesTaken() > 0);
      } finally {
        origin.countDown();
        reader.shutdown();
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /** Few origin reads at once, so that there are pieces that nobody has begun to read. */
  private static Map<String, Object> smallPieces(int dataPort) {
    return Map.of(
        "alluxio.mows.data.port",
        Integer.toString(dataPort),
        // Clusters of other tests have port 29990 at addresses of their own.
        "alluxio.mows.data.bind.host",
        NetworkAddressUtils.getLocalHostName(HOST_NAME_MS),
        "alluxio.mows.piece.size",
        "1MB",
        "alluxio.mows.origin.streams",
        "2");
  }

  /** No read of the origin goes on until {@link #origin} is counted down. */
  private void holdOrigin(InProcessCluster cluster) {
    origin = new CountDownLatch(1);
    heldReads.set(0);
    cluster
        .ufs()
        .beforeEachRead(
            offset -> {
              try {
                heldReads.incrementAndGet();
                origin.await();
              } catch (InterruptedException e) {
                throw new InterruptedIOException();
              }
            });
  }

  private static Stranger stranger(
      InProcessCluster cluster,
      InetSocketAddress data,
      String path,
      byte[] clusterId,
      boolean hasSecret)
      throws Exception {
    int pieces = (int) (CONTENT.lengthBytes() / PIECE_BYTES);
    long fileId = cluster.status(path).getFileId();
    return new Stranger(data, clusterId, hasSecret, fileId, pieces, PIECE_BYTES);
  }

  /** While a reader waits for an origin that does not answer, and when all is in memory. */
  private void assertGivesAndGetsNothing(
      InProcessCluster cluster, InetSocketAddress data, ClusterTrust trust, boolean hasSecret)
      throws Exception {
    String path = cluster.originFile("attacked-" + hasSecret, CONTENT);
    holdOrigin(cluster);
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try (Stranger stranger = stranger(cluster, data, path, trust.clusterId(), hasSecret)) {
      Future<byte[]> read = reader.submit(() -> readAll(cluster, path));
      Deadline.await("the origin is read", () -> heldReads.get() > 0);
      awaitVisits(stranger);
      origin.countDown();
      CONTENT.assertSame(0, read.get(1, TimeUnit.MINUTES));
      awaitVisits(stranger);
      assertTrue(cluster.isCached(path));
      assertEquals(0, stranger.bytesGiven(), "given by a stranger");
      assertEquals(0, stranger.bytesTaken(), "taken by a stranger");
      assertEquals(0, stranger.saidToIt(), "it was told something");
    } finally {
      origin.countDown();
      reader.shutdown();
    }
    assertEquals(0, InProcessCluster.counter("BytesFromPeers"));
  }

  private static void awaitVisits(Stranger stranger) throws Exception {
    int before = stranger.visits();
    Deadline.await("strangers come and go", () -> stranger.visits() > before + 3);
  }

  private static byte[] readAll(InProcessCluster cluster, String path) throws Exception {
    try (FileInStream in = cluster.client().openFile(new AlluxioURI(path))) {
      return in.readAllBytes();
    }
  }

  private static void assertSaysWhatToDo(String refusal) {
    assertTrue(
        refusal.contains("alluxio.mows.security.") || refusal.contains("Alluxio cluster"), refusal);
  }

  /** Neither itself as a holder, nor under the name of the worker, as if that had started anew. */
  private static void assertCannotAnnounce(String host, int dataPort, ClusterTrust stranger)
      throws Exception {
    long later = System.currentTimeMillis() + TimeUnit.DAYS.toMillis(1);
    for (String name : List.of("stranger", host + ":" + dataPort)) {
      CompletableFuture<Throwable> refused = new CompletableFuture<>();
      LocatorEvents events =
          new LocatorEvents() {
            @Override
            public void announced(int changes, boolean full, long elapsedNs) {
              refused.completeExceptionally(
                  new AssertionError(stranger + " has announced " + name));
            }

            @Override
            public void announceFailed(Throwable failure) {
              refused.complete(failure);
            }
          };
      try (LocatorClient forged =
          new LocatorClient(
              ANNOUNCING,
              new PeerInfo(name, name, "default", PeerRole.INSTANCE),
              later,
              () -> PeerLoad.NONE,
              locator(host, stranger),
              events,
              System::nanoTime)) {
        forged.announce(new FileInfo(1, "/models/forged", 1 << 20), Coverage.COMPLETE);
        assertSaysWhatToDo(refused.get(1, TimeUnit.MINUTES).getMessage());
      }
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

  private static LocatorTransport locator(String host, ClusterTrust trust) {
    return new RaftTransport(
        new RaftLocatorSettings(
            List.of(host + ":29990"), MessageSeal.of(trust), Optional.empty(), ONE_ANSWER));
  }

  private static LocatorStatus status(String host, ClusterTrust trust) throws Exception {
    try (LocatorTransport locator = locator(host, trust)) {
      return new LocatorReader(locator).status("/", 10).get(30, TimeUnit.SECONDS);
    }
  }

  private static void awaitPeers(String host, ClusterTrust trust) throws Exception {
    long endNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (true) {
      String found = "the locator knows nobody";
      try {
        if (!status(host, trust).peers().isEmpty()) {
          return;
        }
      } catch (ExecutionException e) {
        // It is about to be hosted.
        found = e.getMessage();
      }
      String last = found;
      assertTrue(
          System.nanoTime() < endNs,
          () -> "The worker is not in the locator (is port 29990 of this machine free?): " + last);
      Thread.sleep(100);
    }
  }

  private static void assertKnowsNobody(String host, ClusterTrust stranger) {
    try (LocatorTransport locator = locator(host, stranger)) {
      JobClient jobs = new JobClient(locator);
      WarmupJob job = WarmupJob.of(List.of("/models"), JobTarget.EVERY, 1, false, 0, 1, List.of());
      for (CompletableFuture<?> attempt :
          List.of(
              new LocatorReader(locator).status("/", 10),
              jobs.progress(),
              jobs.submit(job),
              jobs.stop(job.id()),
              jobs.remove(job.id()))) {
        assertThrows(
            ExecutionException.class,
            () -> attempt.get(1, TimeUnit.MINUTES),
            () -> stranger + " may talk to the locator");
      }
    }
  }
}
