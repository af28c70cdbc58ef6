// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelCount;
import io.mows.channel.CorruptPieceException;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRefusedException;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.channel.memory.BlockFile;
import io.mows.channel.memory.BlockParts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The part of the contract that is about one piece: what arrives, what does not, and why. */
abstract class TransferContractTests extends MessageContractTests {
  @Test
  void shouldDeliverTheRightBytesAndTheirCrc() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(10 * PIECE + 1, 4 * PIECE, 100 * PIECE);
    TestFile room = roomFor(file, 100 * PIECE);
    server.pieces().add(file);
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    for (int piece = 0; piece < file.pieceCount(); piece++) {
      fetchAndCheck(peer, file.wholePiece(piece), file, room);
    }
    fetchAndCheck(peer, new PieceRequest(FILE, 1, 12_345, 1, false), file, room);
    fetchAndCheck(peer, new PieceRequest(FILE, 1, 3 * PIECE - 7, PIECE + 7, true), file, room);
    assertEquals("server", peer.peerId());
    assertTrue(peer.isOutgoing());
  }

  @Test
  void shouldDeliverPiecesThatStraddleBlocks() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    TestWorker server = newWorker("server");
    TestFile file = newFile(3 * PIECE + 17, PIECE, 1 + random.nextInt(PIECE));
    TestFile room = roomFor(file, 1 + random.nextInt(2 * PIECE));
    server.pieces().add(file);
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    for (int piece = 0; piece < file.pieceCount(); piece++) {
      fetchAndCheck(peer, file.wholePiece(piece), file, room);
    }
  }

  @Test
  void shouldServeAPieceOfABlockThatIsStillArriving() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(4 * PIECE, PIECE, 4 * PIECE);
    TestFile room = roomFor(file, 4 * PIECE);
    // The block file ends behind the second of four pieces, and its name is gone.
    Path path = Files.createTempFile(dir, "arriving", "");
    try (BlockFile arriving = BlockFile.openForWrite(path, 4 * PIECE)) {
      Files.delete(path);
      arriving.write(PIECE, ByteBuffer.wrap(file.expected(file.wholePiece(1))));
      server
          .pieces()
          .serveInstead(
              (peer, request) ->
                  CompletableFuture.completedFuture(
                      PieceAnswer.of(
                          BlockParts.of(arriving, (long) request.piece() * PIECE, PIECE),
                          file.crc32(request),
                          sent -> {})));
      PeerConnection peer = newWorker("client").connect(server.channel().listen());
      fetchAndCheck(peer, file.wholePiece(1), file, room);
      // Nothing has been written there: no bytes, no piece, and the connection goes on.
      PieceRefusedException refused =
          failureOf(
              fetch(peer, file.wholePiece(2), room),
              PieceRefusedException.class,
              Remedy.RETRY_ELSEWHERE);
      assertEquals(RefusalReason.GONE, refused.reason());
      fetchAndCheck(peer, file.wholePiece(1), file, room);
    }
  }

  @Test
  void shouldServeTheSideThatListensToo() throws Exception {
    TestWorker listening = newWorker("listening");
    TestWorker dialling = newWorker("dialling");
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    dialling.pieces().add(file);
    dialling.connect(listening.channel().listen());
    Eventually.await("a peer is here", () -> listening.listener().peers().size() == 1);
    PeerConnection peer = listening.listener().peers().get(0);
    assertEquals("dialling", peer.peerId());
    assertFalse(peer.isOutgoing());
    fetchAndCheck(peer, file.wholePiece(0), file, room);
  }

  @Test
  void shouldCarryManyRequestsOfManyPeersAtOnce() throws Exception {
    TestWorker server = newWorker(settings("server").uploads(8, 3, 100).build());
    TestFile file = newFile(50 * 60_000 - 9, 60_000, 1_000_000);
    server.pieces().add(file);
    InetSocketAddress address = server.channel().listen();
    List<PieceTransfer> transfers = new ArrayList<>();
    List<TestFile> rooms = new ArrayList<>();
    for (int client = 0; client < 4; client++) {
      PeerConnection peer = newWorker("client-" + client).connect(address);
      TestFile room = roomFor(file, 700_000);
      rooms.add(room);
      for (int piece = 0; piece < file.pieceCount(); piece++) {
        transfers.add(fetch(peer, file.wholePiece(piece), room));
      }
    }
    for (int i = 0; i < transfers.size(); i++) {
      PieceRequest request = file.wholePiece(i % file.pieceCount());
      check(await(transfers.get(i)), request, file, rooms.get(i / file.pieceCount()));
    }
    assertTrue(server.pieces().mostInUse() <= 8, "uploads: " + server.pieces().mostInUse());
  }

  @Test
  void shouldReportARefusalWithItsReasonAndRemedy() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    for (RefusalReason reason : RefusalReason.values()) {
      server
          .pieces()
          .serveInstead((p, r) -> CompletableFuture.completedFuture(PieceAnswer.refuse(reason)));
      PieceTransfer transfer = fetch(peer, file.wholePiece(0), room);
      assertEquals(
          reason, failureOf(transfer, PieceRefusedException.class, reason.remedy()).reason());
      assertEquals(1, server.channel().stats().refusals(reason));
    }
    server.pieces().serveInstead((p, r) -> CompletableFuture.failedFuture(new IOException("no")));
    PieceTransfer transfer = fetch(peer, file.wholePiece(0), room);
    assertEquals(
        RefusalReason.UNKNOWN,
        failureOf(transfer, PieceRefusedException.class, Remedy.RETRY_ELSEWHERE).reason());
  }

  @Test
  void shouldRefuseAsBusyWhatDoesNotFitInTheQueue() throws Exception {
    TestWorker server = newWorker(settings("server").uploads(4, 2, 3).build());
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    server.pieces().closeGate();
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    List<PieceTransfer> transfers = new ArrayList<>();
    for (int i = 0; i < 6; i++) { // Two are looked up, three wait, one is too many.
      transfers.add(fetch(peer, file.wholePiece(0), room));
    }
    assertEquals(
        RefusalReason.BUSY,
        failureOf(transfers.remove(5), PieceRefusedException.class, Remedy.RETRY).reason());
    Eventually.await("two are looked up", () -> server.pieces().served().size() == 2);
    server.pieces().openGate();
    for (PieceTransfer transfer : transfers) {
      check(await(transfer), file.wholePiece(0), file, room);
    }
    assertEquals(2, server.pieces().mostInUse());
  }

  @Test
  void shouldEndACancelledTransferAndGoOn() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(16 * PIECE, 8 * PIECE, 16 * PIECE);
    TestFile room = roomFor(file, 16 * PIECE);
    server.pieces().add(file);
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    CountDownLatch started = new CountDownLatch(1);
    AtomicInteger afterEnd = new AtomicInteger();
    CompletableFuture<PieceTransfer> transfer = new CompletableFuture<>();
    transfer.complete(
        peer.request(
            file.wholePiece(0),
            (offset, src) -> {
              started.countDown();
              if (transfer.join().completion().isDone()) {
                afterEnd.incrementAndGet();
              }
              transfer.join().cancel();
            },
            TIMEOUT_MS));
    failureOf(transfer.join(), TransferException.class, Remedy.RETRY);
    assertEquals(0, started.getCount());
    transfer.join().cancel();
    fetchAndCheck(peer, file.wholePiece(1), file, room);
    assertEquals(0, afterEnd.get(), "writes after the end");

    server.pieces().closeGate();
    PieceTransfer waiting = fetch(peer, file.wholePiece(0), room);
    waiting.cancel();
    failureOf(waiting, TransferException.class, Remedy.RETRY);
    server.pieces().openGate();
    fetchAndCheck(peer, file.wholePiece(0), file, room);
  }

  @Test
  void shouldTimeOutAndGoOn() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    server.pieces().closeGate();
    TestWorker client = newWorker("client");
    PeerConnection peer = client.connect(server.channel().listen());
    PieceRequest request = file.wholePiece(0);
    PieceTransfer late = peer.request(request, room.parts(request)::write, 50);
    TransferException failure = failureOf(late, TransferException.class, Remedy.RETRY_ELSEWHERE);
    assertTrue(failure.getMessage().contains("50 ms"), failure.getMessage());
    server.pieces().openGate();
    fetchAndCheck(peer, request, file, room);
    assertEquals(1, client.channel().stats().count(ChannelCount.REQUESTS_TIMED_OUT));
  }

  @Test
  void shouldDetectCorruptBytesAndStayUsable() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    server.pieces().setCorrupt(true);
    TestWorker client = newWorker("client");
    PeerConnection peer = client.connect(server.channel().listen());
    failureOf(
        fetch(peer, file.wholePiece(0), room), CorruptPieceException.class, Remedy.RETRY_ELSEWHERE);
    server.pieces().setCorrupt(false);
    fetchAndCheck(peer, file.wholePiece(0), file, room);
    assertEquals(1, client.channel().stats().count(ChannelCount.PIECES_CORRUPT));
  }

  @Test
  void shouldEndOnlyTheTransferWhoseReceiverFails() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(2 * PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    PieceTransfer full =
        peer.request(
            file.wholePiece(0),
            (offset, src) -> {
              throw new IOException("No space left on device");
            },
            TIMEOUT_MS);
    PieceTransfer broken =
        peer.request(
            file.wholePiece(0),
            (offset, src) -> {
              throw new IllegalStateException("a bug");
            },
            TIMEOUT_MS);
    TransferException failure = failureOf(full, TransferException.class, Remedy.RETRY);
    assertTrue(failure.getMessage().contains("No space left"), failure.getMessage());
    failureOf(broken, TransferException.class, Remedy.RETRY);
    fetchAndCheck(peer, file.wholePiece(1), file, room);
  }

  /** So that nobody takes a full disk for the doing of the peer. */
  @Test
  void shouldPassOnWhyTheReceiverHasNoRoomAsItIs() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(2 * PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    StoreException full = new StoreException("No space left on device");
    PieceTransfer transfer =
        peer.request(
            file.wholePiece(0),
            (offset, src) -> {
              throw full;
            },
            TIMEOUT_MS);
    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () -> transfer.completion().get(TIMEOUT_MS, TimeUnit.MILLISECONDS));
    assertSame(full, failure.getCause());
    fetchAndCheck(peer, file.wholePiece(1), file, room);
  }

  @Test
  void shouldSayWhetherAnAnswerWasSent() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(2 * PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    fetchAndCheck(peer, file.wholePiece(0), file, room);
    Eventually.await("the answer is released", () -> server.pieces().inUse() == 0);
    assertEquals(1, server.pieces().sent());
    server.pieces().closeGate();
    PieceTransfer cancelled = fetch(peer, file.wholePiece(0), room);
    Eventually.await("it is looked up", () -> server.pieces().inUse() == 1);
    cancelled.cancel();
    peer.send(ByteBuffer.wrap(new byte[1]));
    Eventually.await("the server knows", () -> server.listener().heard().size() == 1);
    server.pieces().openGate();
    Eventually.await("the answer is released", () -> server.pieces().inUse() == 0);
    assertEquals(1, server.pieces().sent(), "answers that were sent");
  }

  @Test
  void shouldSayWhetherSomebodyWaits() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    List<String> asked = new CopyOnWriteArrayList<>();
    server
        .pieces()
        .serveInstead(
            (peer, request) -> {
              asked.add(request.toString());
              return CompletableFuture.completedFuture(PieceAnswer.refuse(RefusalReason.GONE));
            });
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    for (boolean urgent : new boolean[] {true, false}) {
      PieceTransfer transfer = fetch(peer, new PieceRequest(FILE, 0, 1, 2, urgent), room);
      failureOf(transfer, PieceRefusedException.class, Remedy.RETRY_ELSEWHERE);
    }
    assertEquals(
        List.of(
            "urgent bytes 1+2 of piece 0 of file " + FILE, "bytes 1+2 of piece 0 of file " + FILE),
        asked);
  }
}
