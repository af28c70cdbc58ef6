// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mows.channel.ChannelCount;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceTransfer;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.netty.BulkLink;
import io.mows.channel.netty.NettyInternals;
import io.mows.channel.testing.DataChannelContractTests;
import io.mows.channel.testing.Eventually;
import io.mows.channel.testing.FaultyLink;
import io.mows.channel.testing.TestFile;
import io.mows.channel.testing.TestWorker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The contract of data channels and what RDMA adds to it, for devices in memory and real ones. */
public abstract class RdmaContractTests extends DataChannelContractTests {
  @Override
  protected ChannelSettings.Builder adapt(ChannelSettings.Builder settings) throws Exception {
    return settings.bind("127.0.0.1", 0).rdma(null, 32L << 20);
  }

  @Override
  protected FaultyLink linkTo(InetSocketAddress target) {
    return FaultyLink.tcp(target);
  }

  /** Pieces go over TCP until RDMA is there. */
  @Override
  protected void ready(PeerConnection peer) {
    awaitRdma(peer);
  }

  /** The next that comes over TCP is the grant of the piece. */
  @Override
  protected void breakInTheMiddle(FaultyLink link) {
    link.disconnectAfter(1);
  }

  static void awaitRdma(PeerConnection peer) {
    Eventually.await("RDMA is there", () -> hasRdma(peer));
  }

  static boolean hasRdma(PeerConnection peer) {
    BulkLink bulk = NettyInternals.bulk(peer).orElseThrow();
    RdmaLink link = (RdmaLink) bulk;
    return CompletableFuture.supplyAsync(() -> link.reading().isConnected(), link.loop()).join();
  }

  static RdmaCommons commonsOf(PeerConnection peer) {
    return ((RdmaLink) NettyInternals.bulk(peer).orElseThrow()).commons();
  }

  static long count(DataChannel channel, ChannelCount count) {
    return channel.stats().count(count);
  }

  @Test
  void shouldReadEveryPieceByRdma() throws Exception {
    TestWorker server = newWorker("server");
    // Parts of several lengths, one READ and several for a piece, blocks that pieces straddle.
    TestFile file = newFile(9_000_001, 5_000_000, 3_333_333);
    TestFile room = roomFor(file, 2_000_000);
    server.pieces().add(file);
    TestWorker client = newWorker("client");
    PeerConnection peer = client.connect(server.channel().listen());
    for (int round = 0; round < 3; round++) {
      for (int piece = 0; piece < file.pieceCount(); piece++) {
        fetchAndCheck(peer, file.wholePiece(piece), file, room);
      }
    }
    Eventually.await("all is released", () -> server.pieces().inUse() == 0);
    assertEquals(3L * 9_000_001, count(client.channel(), ChannelCount.RDMA_BYTES_RECEIVED));
    assertEquals(3L * 9_000_001, count(client.channel(), ChannelCount.BYTES_RECEIVED));
    assertEquals(3L * 9_000_001, count(server.channel(), ChannelCount.RDMA_BYTES_SENT));
    assertEquals(6, server.pieces().sent());
    assertEquals(0, count(client.channel(), ChannelCount.RDMA_FALLBACKS));
  }

  @Test
  void shouldBringAPieceOverTcpWhereThereIsNoRegisteredMemory() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(2 * PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    TestWorker client = newWorker(settings("client").rdma(null, PIECE).build());
    PeerConnection peer = client.connect(server.channel().listen());
    fetchAndCheck(peer, file.wholePiece(0), file, room);
    assertEquals(0, count(client.channel(), ChannelCount.RDMA_BYTES_RECEIVED));
    assertEquals(PIECE, count(client.channel(), ChannelCount.BYTES_RECEIVED));
  }

  @Test
  void shouldBringAPieceOverTcpWhereTheServerHasNoMemoryToGrant() throws Exception {
    TestWorker server = newWorker(settings("server").rdma(null, PIECE).build());
    TestFile file = newFile(2 * PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    TestWorker client = newWorker("client");
    PeerConnection peer = client.connect(server.channel().listen());
    fetchAndCheck(peer, file.wholePiece(0), file, room);
    assertEquals(0, count(client.channel(), ChannelCount.RDMA_BYTES_RECEIVED));
    assertEquals(PIECE, count(client.channel(), ChannelCount.BYTES_RECEIVED));
  }

  @Test
  void shouldNotEndACancelledTransferWhileItsReceiverWrites() throws Exception {
    TestWorker server = newWorker("server");
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    StuckReceiver receiver = new StuckReceiver();
    PieceTransfer transfer = transferTo(receiver, server, peer);
    transfer.cancel();
    peer.send(ByteBuffer.wrap(new byte[1]));
    Eventually.await("it is cancelled", () -> server.listener().heard().size() == 1);
    assertFalse(transfer.completion().isDone(), "the receiver may still be written to");
    receiver.goOn.countDown();
    failureOf(transfer, TransferException.class, Remedy.RETRY);
    assertEquals(1, receiver.writes.get());
    Eventually.await("the slab is back", () -> commonsOf(peer).arena().usedBytes() == 0);
  }

  @Test
  void shouldNotEndTheTransfersOfABrokenConnectionWhileTheirReceiversWrite() throws Exception {
    TestWorker server = newWorker("server");
    TestWorker client = newWorker("client");
    PeerConnection peer = client.connect(server.channel().listen());
    RdmaCommons commons = commonsOf(peer);
    StuckReceiver receiver = new StuckReceiver();
    PieceTransfer transfer = transferTo(receiver, server, peer);
    peer.close();
    Eventually.await("it is closed", () -> client.listener().closes().size() == 1);
    assertFalse(transfer.completion().isDone(), "the receiver may still be written to");
    receiver.goOn.countDown();
    failureOf(transfer, TransferException.class, Remedy.RETRY_ELSEWHERE);
    assertEquals(1, receiver.writes.get());
    Eventually.await("the slab is back", () -> commons.arena().usedBytes() == 0);
  }

  /** A transfer of several writes, in the first of which {@code receiver} is stuck. */
  private PieceTransfer transferTo(StuckReceiver receiver, TestWorker server, PeerConnection peer)
      throws Exception {
    TestFile file = newFile(4 * PIECE, 4 * PIECE, 4 * PIECE);
    server.pieces().add(file);
    PieceTransfer transfer = peer.request(file.wholePiece(0), receiver, TIMEOUT_MS);
    Eventually.await("the first bytes are there", () -> receiver.writes.get() == 1);
    return transfer;
  }

  /** Waits in the middle of its first write. */
  private static final class StuckReceiver implements PieceReceiver {
    private final AtomicInteger writes = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public void write(int offset, ByteBuffer src) throws IOException {
      writes.incrementAndGet();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }
}
