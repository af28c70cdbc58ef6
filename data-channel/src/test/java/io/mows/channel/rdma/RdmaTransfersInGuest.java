// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Availability;
import io.mows.channel.ChannelCount;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceReceipt;
import io.mows.channel.PieceTransfer;
import io.mows.channel.TransferException;
import io.mows.channel.testing.Eventually;
import io.mows.channel.testing.TestListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Transfers on real verbs; RdmaGuestIT runs it in a guest with soft-RoCE. */
final class RdmaTransfersInGuest {
  private static final int TIMEOUT_MS = 60_000;
  private static final int OPEN_REQUESTS = 6;
  private static final byte[] TOKEN = new byte[Verbs.TOKEN_BYTES];

  private static DataChannel open(String name, LargeFile file) throws IOException {
    return new RdmaChannelProvider()
        .open(ChannelSettings.builder(name).bind("127.0.0.1", 0).build(), file, new TestListener());
  }

  private static PieceTransfer fetch(PeerConnection peer, LargeFile room, int piece) {
    return peer.request(room.request(piece), room.parts(piece)::write, TIMEOUT_MS);
  }

  /** Fetches all pieces, some at once. */
  private static void fetchAll(PeerConnection peer, LargeFile room) throws Exception {
    Deque<PieceTransfer> open = new ArrayDeque<>();
    for (int piece = 0; piece < room.pieces(); piece++) {
      if (open.size() == OPEN_REQUESTS) {
        await(open.remove());
      }
      open.add(fetch(peer, room, piece));
    }
    while (!open.isEmpty()) {
      await(open.remove());
    }
  }

  private static PieceReceipt await(PieceTransfer transfer) throws Exception {
    return transfer.completion().get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
  }

  private static void check(LargeFile room) throws IOException {
    for (int piece = 0; piece < room.pieces(); piece++) {
      assertEquals(LargeFile.crc32(piece), room.storedCrc32(piece), "CRC32 of piece " + piece);
    }
  }

  private static void transfer(int pieces) throws Exception {
    long bytes = (long) pieces * LargeFile.PIECE_BYTES;
    long packetsBefore = GuestDevice.sentPackets();
    try (LargeFile file = LargeFile.filled(pieces);
        LargeFile room = LargeFile.roomFor(pieces);
        DataChannel server = open("server", file);
        DataChannel client = open("client", room)) {
      PeerConnection peer = client.connect(server.listen()).get(10, TimeUnit.SECONDS);
      RdmaContractTests.awaitRdma(peer);
      fetchAll(peer, room);
      check(room);
      assertEquals(bytes, client.stats().count(ChannelCount.RDMA_BYTES_RECEIVED));
    }
    long packets = GuestDevice.sentPackets() - packetsBefore;
    assertTrue(packets > bytes / GuestDevice.MTU_BYTES, "the device sent only " + packets);
  }

  @Test
  void shouldBeAvailableAndSayHow() {
    Availability availability = new RdmaChannelProvider().availability();
    assertTrue(availability.isAvailable(), availability::explanation);
    assertTrue(availability.explanation().contains("rxe0"), availability::explanation);
  }

  @Test
  void shouldMove64MiB() throws Exception {
    transfer(16);
  }

  @Test
  void shouldMoveOneGiB() throws Exception {
    transfer(256);
  }

  @Test
  void shouldOutliveAPeerThatIsKilledInTheMiddle() throws Exception {
    try (LargeFile file = LargeFile.filled(8);
        LargeFile room = LargeFile.roomFor(64);
        PeerProcess mortal = PeerProcess.start(64);
        DataChannel healthy = open("healthy", file);
        DataChannel client = open("client", room)) {
      PeerConnection peer = client.connect(mortal.address()).get(20, TimeUnit.SECONDS);
      RdmaContractTests.awaitRdma(peer);
      List<PieceTransfer> transfers = new ArrayList<>();
      for (int piece = 0; piece < room.pieces(); piece++) {
        transfers.add(fetch(peer, room, piece));
      }
      await(transfers.get(2));
      mortal.kill();
      int failed = 0;
      for (PieceTransfer transfer : transfers) {
        failed += hasFailed(transfer) ? 1 : 0;
      }
      assertTrue(failed > 0, "all arrived before the peer was dead");
      RdmaCommons commons = RdmaContractTests.commonsOf(peer);
      Eventually.await("all slabs are given back", () -> commons.arena().usedBytes() == 0);
      PeerConnection other = client.connect(healthy.listen()).get(10, TimeUnit.SECONDS);
      RdmaContractTests.awaitRdma(other);
      long before = client.stats().count(ChannelCount.RDMA_BYTES_RECEIVED);
      await(fetch(other, room, 7));
      assertEquals(LargeFile.crc32(7), room.storedCrc32(7));
      assertEquals(
          LargeFile.PIECE_BYTES, client.stats().count(ChannelCount.RDMA_BYTES_RECEIVED) - before);
    }
  }

  private static boolean hasFailed(PieceTransfer transfer) throws Exception {
    try {
      await(transfer);
      return false;
    } catch (ExecutionException e) {
      assertEquals(TransferException.class, e.getCause().getClass());
      return true;
    }
  }

  @Test
  void shouldGiveUpOnPeersThatRefuseOrDoNotAnswer() throws Exception {
    Verbs other = new RdmaMachine().open(Optional.empty());
    InetSocketAddress gone = other.address();
    other.close();
    try (Verbs verbs = new RdmaMachine().open(Optional.empty())) {
      assertFails(verbs, gone, 3_000);
      assertFails(verbs, new InetSocketAddress("10.9.9.77", 4_711), 1_000);
      assertFails(verbs, new InetSocketAddress("192.0.2.1", 4_711), 1_000);
    }
  }

  private static void assertFails(Verbs verbs, InetSocketAddress peer, int timeoutMs)
      throws IOException {
    try (Verbs.Domain domain = verbs.newDomain()) {
      long startNs = System.nanoTime();
      assertThrows(IOException.class, () -> verbs.dial(peer, TOKEN, domain, 1, timeoutMs));
      long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
      assertTrue(elapsedMs < timeoutMs + 2_000, peer + " took " + elapsedMs + " ms");
    }
  }

  @Test
  void shouldRejectWhoWasNotInvited() throws Exception {
    try (LargeFile file = LargeFile.filled(1);
        DataChannel server = open("server", file);
        DataChannel client = open("client", file);
        Verbs stranger = new RdmaMachine().open(Optional.empty());
        Verbs.Domain domain = stranger.newDomain()) {
      PeerConnection peer = client.connect(server.listen()).get(10, TimeUnit.SECONDS);
      RdmaContractTests.awaitRdma(peer);
      InetSocketAddress listening = RdmaContractTests.commonsOf(peer).verbs().address();
      assertThrows(IOException.class, () -> stranger.dial(listening, TOKEN, domain, 1, 3_000));
    }
  }
}
