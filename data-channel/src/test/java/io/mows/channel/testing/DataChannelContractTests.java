// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceReceipt;
import io.mows.channel.PieceTransfer;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The tests of the contract: those inherited, and peers, faults, fairness, shutdown. */
public abstract class DataChannelContractTests extends TransferContractTests {
  /** Much longer than a busy machine lets a thread wait. */
  private static final int IDLE_TIMEOUT_MS = 1_200;

  @Test
  void shouldFailWhatIsUnderWayWhenThePeerDiesInTheMiddle() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(4 * PIECE, 4 * PIECE, 4 * PIECE);
    TestFile room = roomFor(file, 4 * PIECE);
    server.pieces().add(file);
    FaultyLink link = newLink(server.channel().listen());
    TestWorker client = newWorker("client");
    PeerConnection peer = client.connect(link.address());
    breakInTheMiddle(link);
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
  void shouldSayForHowLongNothingHasComeAndAskForALifeSign() throws Exception {
    TestWorker server = newWorker("server");
    FaultyLink link = newLink(server.channel().listen());
    PeerConnection peer = newWorker("client").connect(link.address());
    long quietNs = TimeUnit.MILLISECONDS.toNanos(200);
    Eventually.await("nothing has come for a while", () -> peer.silentNs() > quietNs);
    peer.ping();
    Eventually.await("the answer counts", () -> peer.silentNs() < quietNs);
    link.drop();
    peer.ping();
    Eventually.await("there is no answer", () -> peer.silentNs() > 2 * quietNs);
    assertTrue(peer.isOpen(), "that is not its end");
  }

  @Test
  void shouldKeepAnIdleConnectionAliveOnASlowNetwork() throws Exception {
    TestWorker server = newWorker(settings("server").idleTimeoutMs(IDLE_TIMEOUT_MS).build());
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    FaultyLink link = newLink(server.channel().listen());
    PeerConnection peer =
        newWorker(settings("client").idleTimeoutMs(IDLE_TIMEOUT_MS).build())
            .connect(link.address());
    link.delay(20);
    long startNs = System.nanoTime();
    Eventually.await(
        "more than two idle timeouts have passed",
        () -> System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(5 * IDLE_TIMEOUT_MS / 2));
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
    modest.send(ByteBuffer.wrap(new byte[1]));
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
    assertTrue(
        failure.getMessage().contains("port " + taken.getPort() + ":"), failure.getMessage());
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
