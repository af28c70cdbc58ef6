// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mows.channel.ChannelSettings;
import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRefusedException;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The part of the contract that is about messages. */
abstract class MessageContractTests extends DataChannelContract {
  private static final int MEBIBYTE = 1 << 20;

  @Test
  void shouldDeliverMessagesInOrderBothWays() throws Exception {
    TestWorker one = newWorker("one");
    TestWorker two = newWorker("two");
    PeerConnection toOne = two.connect(one.channel().listen());
    Eventually.await("both know each other", () -> one.listener().peers().size() == 1);
    PeerConnection toTwo = one.listener().peers().get(0);
    List<String> heardByOne = new ArrayList<>();
    List<String> heardByTwo = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      // Some do not fit into one read of the other side.
      String text = i + ".".repeat(i % 50 == 0 ? 10_000 * i / 50 : 0);
      toOne.send(bytes(text));
      heardByOne.add("two: " + text);
      toTwo.send(bytes(text));
      heardByTwo.add("one: " + text);
    }
    Eventually.await("one has heard all", () -> one.listener().heard().size() == 500);
    Eventually.await("two has heard all", () -> two.listener().heard().size() == 500);
    assertEquals(heardByOne, one.listener().heard());
    assertEquals(heardByTwo, two.listener().heard());
  }

  @Test
  void shouldTakeMessagesOfAllAllowedLengthsAndKinds() throws Exception {
    TestWorker server = newWorker("server");
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    String longest = "x".repeat(ChannelSettings.MAX_MESSAGE_BYTES);
    peer.send(bytes("y"));
    peer.send(bytes(longest));
    peer.send(bytes("not this, only this").position(15));
    peer.send(ByteBuffer.allocateDirect(2).put((byte) 'o').put((byte) 'k').flip());
    Eventually.await("all are heard", () -> server.listener().heard().size() == 4);
    assertEquals(
        List.of("client: y", "client: " + longest, "client: this", "client: ok"),
        server.listener().heard());
    assertThrows(IllegalArgumentException.class, () -> peer.send(bytes("")));
    assertThrows(IllegalArgumentException.class, () -> peer.send(bytes(longest + "x")));
  }

  @Test
  void shouldKeepMessagesAndRequestsInOrder() throws Exception {
    TestWorker server = newWorker("server");
    List<String> heardBefore = new CopyOnWriteArrayList<>();
    server
        .pieces()
        .serveInstead(
            (peer, request) -> {
              heardBefore.addAll(server.listener().heard());
              return CompletableFuture.completedFuture(PieceAnswer.refuse(RefusalReason.GONE));
            });
    TestFile file = newFile(1, 1, 1);
    TestFile room = roomFor(file, 1);
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    peer.send(bytes("before"));
    failureOf(
        fetch(peer, file.wholePiece(0), room), PieceRefusedException.class, Remedy.RETRY_ELSEWHERE);
    assertEquals(List.of("client: before"), heardBefore);
  }

  @Test
  void shouldSendNothingOnAClosedConnection() throws Exception {
    TestWorker server = newWorker("server");
    TestWorker client = newWorker("client");
    PeerConnection peer = client.connect(server.channel().listen());
    peer.close();
    for (int i = 0; i < 100; i++) { // More in all than may wait.
      peer.send(ByteBuffer.allocate(MEBIBYTE));
    }
    Eventually.await("both know", () -> server.listener().closes().size() == 1);
    client.close();
    peer.send(bytes("after the end"));
    assertEquals(List.of(), server.listener().heard());
    assertEquals(List.of(CloseReason.CLOSED_HERE), client.listener().closes());
  }

  @Test
  void shouldCarryAnyNumberOfMessagesToAPeerThatReads() throws Exception {
    TestWorker server = newWorker("server");
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    for (int i = 1; i <= 8; i++) {
      for (int j = 0; j < 3; j++) {
        peer.send(ByteBuffer.allocate(MEBIBYTE));
      }
      int expected = 3 * i;
      Eventually.await("these are heard", () -> server.listener().heard().size() == expected);
    }
    assertEquals(List.of(), server.listener().closes());
  }

  @Test
  void shouldTakeNothingFromAPeerWhileItIsToldNotToRead() throws Exception {
    TestWorker server = newWorker("server");
    TestWorker client = newWorker("client");
    PeerConnection toServer = client.connect(server.channel().listen());
    Eventually.await("the server knows", () -> server.listener().peers().size() == 1);
    PeerConnection toClient = server.listener().peers().get(0);
    toClient.setReading(false);
    // Done in order: when this is heard, the server does not read any more.
    toClient.send(bytes("deaf"));
    Eventually.await("it says so", () -> client.listener().heard().size() == 1);
    // A channel in memory has asked for one more before.
    toServer.send(bytes("first"));
    Thread.sleep(100);
    List<String> before = List.copyOf(server.listener().heard());
    toServer.send(bytes("one"));
    toServer.send(bytes("two"));
    Thread.sleep(100);
    assertEquals(before, server.listener().heard());
    toClient.setReading(true);
    Eventually.await("all are heard", () -> server.listener().heard().size() == 3);
  }

  /** The thread that would send them is kept busy, so that they cannot go, whatever the channel. */
  @Test
  void shouldCutOffAPeerForWhichTooMuchWaits() throws Exception {
    TestWorker server = newWorker("server");
    server
        .pieces()
        .serveInstead(
            (peer, request) -> {
              for (int i = 0; i < 17; i++) {
                peer.send(ByteBuffer.allocate(MEBIBYTE));
              }
              return CompletableFuture.completedFuture(PieceAnswer.refuse(RefusalReason.GONE));
            });
    TestFile file = newFile(1, 1, 1);
    TestFile room = roomFor(file, 1);
    PeerConnection peer = newWorker("client").connect(server.channel().listen());
    fetch(peer, file.wholePiece(0), room);
    Eventually.await("it is cut off", () -> server.listener().closes().size() == 1);
    assertEquals(List.of(CloseReason.PEER_NOT_READING), server.listener().closes());
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
