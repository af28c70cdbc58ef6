// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelCount;
import io.mows.channel.CloseReason;
import io.mows.channel.CorruptPieceException;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceChange;
import io.mows.channel.PieceReceipt;
import io.mows.channel.PieceRefusedException;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.mows.channel.SwarmFile;
import io.mows.channel.TransferException;
import io.mows.channel.memory.BlockFile;
import io.mows.channel.memory.BlockParts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The tests of the contract: transfers, peers, faults, fairness, shutdown. */
public abstract class DataChannelContractTests extends DataChannelContract {
  private static final int PIECE = 256 << 10;

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
    fetchAndCheck(peer, new PieceRequest(FILE, 1, 12_345, 1), file, room);
    fetchAndCheck(peer, new PieceRequest(FILE, 1, 3 * PIECE - 7, PIECE + 7), file, room);
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
                          () -> {})));
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
  void shouldTellPeersWhatTheOtherHas() throws Exception {
    TestWorker one = newWorker("one");
    TestWorker two = newWorker("two");
    PeerConnection peer = two.connect(one.channel().listen());
    SwarmFile file = new SwarmFile(FILE, 20_001, 1_000, "etag-1");
    BitSet have = new BitSet();
    have.set(3);
    have.set(20);
    BitSet arriving = new BitSet();
    arriving.set(4, 7);
    peer.openFile(file, have, arriving);
    peer.announce(FILE, 4, PieceChange.HAVE);
    peer.announce(FILE, 8, PieceChange.ARRIVING);
    peer.announce(FILE, 8, PieceChange.HAVE);
    peer.announce(FILE, 3, PieceChange.GONE);
    peer.announce(FILE + 1, 3, PieceChange.GONE); // Not open: not sent.
    List<String> heard = one.listener().heard();
    Eventually.await("the changes are heard", () -> heard.size() == 3);
    peer.closeFile(FILE);
    peer.closeFile(FILE);
    Eventually.await("the end is heard", () -> heard.size() == 4);
    assertEquals(
        List.of(
            "two opened file 77 version etag-1 (20001 bytes) have {3, 20} arriving {4, 5, 6}",
            "two HAVE 77 [4, 8]",
            "two GONE 77 [3]",
            "two closed 77"),
        heard);
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

  @Test
  void shouldFailWhatIsUnderWayWhenThePeerDiesInTheMiddle() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(4 * PIECE, 4 * PIECE, 4 * PIECE);
    TestFile room = roomFor(file, 4 * PIECE);
    server.pieces().add(file);
    FaultyLink link = newLink(server.channel().listen());
    TestWorker client = newWorker("client");
    PeerConnection peer = client.connect(link.address());
    link.disconnectAfter(2 * PIECE);
    PieceTransfer first = fetch(peer, file.wholePiece(0), room);
    PieceTransfer second = fetch(peer, file.wholePiece(0), room);
    failureOf(first, TransferException.class, Remedy.RETRY_ELSEWHERE);
    failureOf(second, TransferException.class, Remedy.RETRY_ELSEWHERE);
    Eventually.await("both notice", () -> server.listener().peers().isEmpty());
    Eventually.await("it is reported", () -> client.listener().closes().size() == 1);
    assertFalse(peer.isOpen());
    failureOf(
        fetch(peer, file.wholePiece(0), room), TransferException.class, Remedy.RETRY_ELSEWHERE);
    Eventually.await("the bytes are released", () -> server.pieces().inUse() == 0);
  }

  @Test
  void shouldNoticeAPeerThatIsGoneWithoutAWord() throws Exception {
    TestWorker server = newWorker(settings("server").idleTimeoutMs(400).build());
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    FaultyLink link = newLink(server.channel().listen());
    TestWorker client = newWorker(settings("client").idleTimeoutMs(400).build());
    PeerConnection peer = client.connect(link.address());
    link.drop();
    failureOf(
        fetch(peer, file.wholePiece(0), room), TransferException.class, Remedy.RETRY_ELSEWHERE);
    Eventually.await("the server notices", () -> server.listener().closes().size() == 1);
    Eventually.await("the client notices", () -> client.listener().closes().size() == 1);
    assertEquals(List.of(CloseReason.IDLE), server.listener().closes());
    assertEquals(List.of(CloseReason.IDLE), client.listener().closes());
  }

  @Test
  void shouldKeepAnIdleConnectionAliveOnASlowNetwork() throws Exception {
    TestWorker server = newWorker(settings("server").idleTimeoutMs(400).build());
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    FaultyLink link = newLink(server.channel().listen());
    PeerConnection peer =
        newWorker(settings("client").idleTimeoutMs(400).build()).connect(link.address());
    link.delay(20);
    long startNs = System.nanoTime();
    Eventually.await(
        "three idle timeouts have passed",
        () -> System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(1_200));
    fetchAndCheck(peer, file.wholePiece(0), file, room);
  }

  @Test
  void shouldTakeTurnsAmongPeers() throws Exception {
    TestWorker server = newWorker(settings("server").uploads(1, 1, 100).build());
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    server.pieces().closeGate();
    InetSocketAddress address = server.channel().listen();
    PeerConnection greedy = newWorker("greedy").connect(address);
    PeerConnection modest = newWorker("modest").connect(address);
    List<PieceTransfer> transfers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      transfers.add(fetch(greedy, file.wholePiece(0), room));
    }
    Eventually.await("the first is served", () -> server.pieces().served().size() == 1);
    PieceTransfer last = fetch(modest, file.wholePiece(0), roomFor(file, PIECE));
    modest.openFile(new SwarmFile(FILE, 1, 1, ""), new BitSet(), new BitSet());
    Eventually.await("its request is there too", () -> server.listener().heard().size() == 1);
    server.pieces().openGate();
    await(last);
    for (PieceTransfer transfer : transfers) {
      await(transfer);
    }
    assertEquals(1, server.pieces().served().indexOf("modest"), "turns before the modest peer's");
    assertEquals(20, Collections.frequency(server.pieces().served(), "greedy"));
  }

  @Test
  void shouldKeepToTheUploadRate() throws Exception {
    TestWorker server = newWorker(settings("server").uploadBytesPerSecond(4L * PIECE).build());
    TestFile file = newFile(3 * PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    long startNs = System.nanoTime();
    for (int piece = 0; piece < 3; piece++) {
      fetchAndCheck(peer, file.wholePiece(piece), file, room);
    }
    long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
    // The last frame starts when all before it have had their time, less a burst of 50 ms.
    assertTrue(elapsedMs >= 400, "3/4 s of bytes took " + elapsedMs + " ms");
  }

  @Test
  void shouldFailWhatIsUnderWayOnShutdown() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    server.pieces().closeGate();
    TestWorker client = newWorker("client");
    PeerConnection peer = client.connect(server.channel().listen());
    PieceTransfer transfer = fetch(peer, file.wholePiece(0), room);
    client.channel().close();
    failureOf(transfer, TransferException.class, Remedy.RETRY_ELSEWHERE);
    failureOf(
        fetch(peer, file.wholePiece(0), room), TransferException.class, Remedy.RETRY_ELSEWHERE);
    assertEquals(List.of(CloseReason.CLOSED_HERE), client.listener().closes());
    Eventually.await("the server hears it", () -> server.listener().closes().size() == 1);
    assertEquals(List.of(CloseReason.CLOSED_BY_PEER), server.listener().closes());
    ExecutionException refused =
        assertThrows(
            ExecutionException.class,
            () -> client.connect(InetSocketAddress.createUnresolved("nobody", 1)));
    assertInstanceOf(TransferException.class, refused.getCause());
  }

  @Test
  void shouldRestartOnTheSamePort() throws Exception {
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    TestWorker before = newWorker("server");
    InetSocketAddress address = before.channel().listen();
    TestWorker client = newWorker("client");
    client.connect(address);
    before.close();
    TestWorker after =
        newWorker(settings("server").bind(address.getHostString(), address.getPort()).build());
    after.pieces().add(file);
    assertEquals(address.getPort(), after.channel().listen().getPort());
    fetchAndCheck(client.connect(address), file.wholePiece(0), file, room);
  }

  @Test
  void shouldSayWhichAddressCannotBeBound() throws Exception {
    InetSocketAddress taken = newWorker("first").channel().listen();
    TestWorker second =
        newWorker(settings("second").bind(taken.getHostString(), taken.getPort()).build());
    IOException failure = assertThrows(IOException.class, () -> second.channel().listen());
    assertTrue(failure.getMessage().contains("alluxio.mows.data.port"), failure.getMessage());
    assertTrue(failure.getMessage().contains(":" + taken.getPort()), failure.getMessage());
  }

  @Test
  void shouldLeaveOtherPeersAloneWhileOneReceiverIsSlow() throws Exception {
    TestWorker server = newWorker(settings("server").ioThreads(2).build());
    TestFile file = newFile(32 * PIECE, 16 * PIECE, 32 * PIECE);
    TestFile room = roomFor(file, 32 * PIECE);
    server.pieces().add(file);
    InetSocketAddress address = server.channel().listen();
    PeerConnection slow = newWorker(settings("slow").ioThreads(1).build()).connect(address);
    CountDownLatch unblock = new CountDownLatch(1);
    PieceTransfer stuck =
        slow.request(
            file.wholePiece(0),
            (offset, src) -> {
              try {
                unblock.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              room.parts(file.wholePiece(0)).write(offset, src);
            },
            TIMEOUT_MS);
    PeerConnection fast = newWorker("fast").connect(address);
    fetchAndCheck(fast, file.wholePiece(1), file, room);
    assertFalse(stuck.completion().isDone());
    unblock.countDown();
    PieceReceipt receipt = await(stuck);
    check(receipt, file.wholePiece(0), file, room);
  }
}
