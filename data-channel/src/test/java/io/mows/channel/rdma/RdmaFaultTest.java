// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelCount;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceTransfer;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.testing.DataChannelContract;
import io.mows.channel.testing.Eventually;
import io.mows.channel.testing.FaultyLink;
import io.mows.channel.testing.TestFile;
import io.mows.channel.testing.TestWorker;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when RDMA does not do what it should; on a device in memory, which obeys. */
final class RdmaFaultTest extends DataChannelContract {
  private final FakeHardware hardware = new FakeHardware(1);

  private TestWorker server;
  private TestWorker client;
  private PeerConnection peer;
  private TestFile file;
  private TestFile room;

  @Override
  protected DataChannelProvider provider() {
    return new RdmaChannelProvider(hardware);
  }

  @Override
  protected ChannelSettings.Builder adapt(ChannelSettings.Builder settings) {
    return settings.bind("127.0.0.1", 0).rdma(null, 16L << 20);
  }

  @Override
  protected FaultyLink linkTo(InetSocketAddress target) {
    return FaultyLink.tcp(target);
  }

  private static long count(TestWorker worker, ChannelCount count) {
    return worker.channel().stats().count(count);
  }

  private FakeVerbs verbsOf(int worker) {
    return hardware.opened().get(worker);
  }

  @AfterEach
  void findOpenThings() {
    for (FakeVerbs verbs : hardware.opened()) {
      verbs.hold(false);
    }
  }

  /** A worker that has a file of four pieces, and room for one of them. */
  private void serve() throws Exception {
    server = newWorker("server");
    file = newFile(4 * PIECE, PIECE, PIECE);
    room = roomFor(file, PIECE);
    server.pieces().add(file);
  }

  private void connect() throws Exception {
    client = newWorker("client");
    peer = client.connect(server.channel().listen());
  }

  @Test
  void shouldBringThePieceOverTcpWhenAReadFails() throws Exception {
    serve();
    connect();
    RdmaContractTests.awaitRdma(peer);
    verbsOf(1).fail(true);
    fetchAndCheck(peer, file.wholePiece(0), file, room);
    assertEquals(1, count(client, ChannelCount.RDMA_FALLBACKS));
    assertEquals(0, count(client, ChannelCount.RDMA_BYTES_RECEIVED));
    assertFalse(RdmaContractTests.hasRdma(peer), "a queue pair is of no use after an error");
    // After a pause it is tried again.
    verbsOf(1).fail(false);
    Eventually.await(
        "RDMA is back",
        () -> {
          fetchUnchecked();
          return count(client, ChannelCount.RDMA_BYTES_RECEIVED) > 0;
        });
    assertEquals(0, count(client, ChannelCount.RDMA_TURNED_OFF));
  }

  private void fetchUnchecked() {
    try {
      fetchAndCheck(peer, file.wholePiece(1), file, room);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldTurnRdmaOffForAPeerThatFailsAgainAndAgain() throws Exception {
    serve();
    verbsOf(0).refuse();
    connect();
    Eventually.await(
        "it is off",
        () -> {
          fetchUnchecked();
          return count(client, ChannelCount.RDMA_TURNED_OFF) == 1;
        });
    fetchAndCheck(peer, file.wholePiece(0), file, room);
    assertEquals(1, count(client, ChannelCount.RDMA_TURNED_OFF), "said and counted once");
    assertEquals(0, count(client, ChannelCount.RDMA_BYTES_RECEIVED));
    assertTrue(peer.isOpen());
  }

  @Test
  void shouldTurnRdmaOffWhereNothingCanBeRegistered() throws Exception {
    serve();
    connect();
    RdmaContractTests.awaitRdma(peer);
    verbsOf(1).runOutOfMemory();
    Eventually.await(
        "it is off",
        () -> {
          fetchUnchecked();
          return count(client, ChannelCount.RDMA_TURNED_OFF) == 1;
        });
    assertEquals(3, count(client, ChannelCount.RDMA_FALLBACKS));
    assertEquals(0, count(client, ChannelCount.RDMA_BYTES_RECEIVED));
  }

  @Test
  void shouldSendThePieceWhereTheServerCannotRegisterIt() throws Exception {
    serve();
    connect();
    RdmaContractTests.awaitRdma(peer);
    verbsOf(0).runOutOfMemory();
    fetchAndCheck(peer, file.wholePiece(0), file, room);
    assertEquals(0, count(client, ChannelCount.RDMA_BYTES_RECEIVED));
    assertEquals(PIECE, count(client, ChannelCount.BYTES_RECEIVED));
    assertTrue(RdmaContractTests.hasRdma(peer), "another piece may fare better");
  }

  @Test
  void shouldKeepTheSlabOfACancelledReadUntilItEnds() throws Exception {
    serve();
    connect();
    RdmaContractTests.awaitRdma(peer);
    Arena arena = RdmaContractTests.commonsOf(peer).arena();
    verbsOf(1).hold(true);
    PieceTransfer transfer = fetch(peer, file.wholePiece(0), room);
    Eventually.await("the READ is under way", () -> arena.usedBytes() == PIECE);
    transfer.cancel();
    failureOf(transfer, TransferException.class, Remedy.RETRY);
    assertEquals(PIECE, arena.usedBytes(), "what the device may still write to");
    assertEquals(1, server.pieces().inUse(), "the grant must outlive the READ");
    verbsOf(1).hold(false);
    Eventually.await("the slab is back", () -> arena.usedBytes() == 0);
    Eventually.await("the grant has ended", () -> server.pieces().inUse() == 0);
    fetchAndCheck(peer, file.wholePiece(1), file, room);
    assertEquals(PIECE, count(client, ChannelCount.RDMA_BYTES_RECEIVED));
  }

  @Test
  void shouldKeepTheSlabsUntilTheQueuePairIsGoneWhenTheConnectionBreaks() throws Exception {
    serve();
    connect();
    RdmaContractTests.awaitRdma(peer);
    Arena arena = RdmaContractTests.commonsOf(peer).arena();
    verbsOf(1).hold(true);
    PieceTransfer transfer = fetch(peer, file.wholePiece(0), room);
    Eventually.await("the READ is under way", () -> arena.usedBytes() == PIECE);
    peer.close();
    failureOf(transfer, TransferException.class, Remedy.RETRY_ELSEWHERE);
    Eventually.await("the slab is back", () -> arena.usedBytes() == 0);
    // Now the READ ends after all: FakeVerbs fails if it touches memory for a closed queue pair.
    verbsOf(1).hold(false);
    Eventually.await("the grant has ended", () -> server.pieces().inUse() == 0);
  }

  @Test
  void shouldLeakNothingInTenThousandTransfersWithRandomCancellations() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    TestWorker server = newWorker(settings("server").uploads(64, 16, 256).build());
    TestFile file = newFile(64 * 4_096, 4_096, 64 * 4_096);
    server.pieces().add(file);
    TestWorker client = newWorker(settings("client").rdma(null, 2L << 20).build());
    PeerConnection peer = client.connect(server.channel().listen());
    RdmaContractTests.awaitRdma(peer);
    RdmaCommons commons = RdmaContractTests.commonsOf(peer);
    TestFile room = roomFor(file, 64 * 4_096);
    Deque<PieceTransfer> open = new ArrayDeque<>();
    int cancelled = 0;
    for (int i = 0; i < 10_000; i++) {
      open.add(fetch(peer, file.wholePiece(random.nextInt(file.pieceCount())), room));
      if (random.nextInt(4) == 0) {
        open.peekLast().cancel();
        cancelled++;
      }
      if (i % 500 == 499) {
        verbsOf(1).hold(random.nextBoolean());
      }
      while (open.size() > 20) {
        verbsOf(1).hold(false);
        await(open.remove(), random);
      }
    }
    verbsOf(1).hold(false);
    while (!open.isEmpty()) {
      await(open.remove(), random);
    }
    assertTrue(cancelled > 1_000, "cancelled: " + cancelled);
    assertTrue(count(client, ChannelCount.RDMA_BYTES_RECEIVED) > 1_000 * 4_096L, "by RDMA");
    Eventually.await("all slabs are back", () -> commons.arena().usedBytes() == 0);
    Eventually.await("all grants have ended", () -> server.pieces().inUse() == 0);
    assertTrue(commons.arena().registeredBytes() <= 1 << 20, "the budget holds");
    assertEquals(0, count(client, ChannelCount.RDMA_TURNED_OFF));
    server.close();
    client.close();
    assertEquals(0, verbsOf(0).openThings(), "left open at the server");
    assertEquals(0, verbsOf(1).openThings(), "left open at the client");
  }

  private static void await(PieceTransfer transfer, Random random) throws Exception {
    try {
      await(transfer);
    } catch (ExecutionException e) {
      assertEquals(TransferException.class, e.getCause().getClass(), () -> e + ", " + random);
    }
  }
}
