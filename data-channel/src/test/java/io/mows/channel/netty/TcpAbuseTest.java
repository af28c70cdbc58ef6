// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelCount;
import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceRequest;
import io.mows.channel.testing.Eventually;
import io.mows.channel.testing.TestFile;
import io.mows.channel.testing.TestSecrets;
import io.mows.channel.testing.TestWorker;
import io.mows.channel.wire.ControlFrames;
import io.mows.channel.wire.FrameHandler;
import io.mows.channel.wire.Hello;
import io.mows.channel.wire.MessageFrame;
import io.mows.channel.wire.PieceFrame;
import io.mows.channel.wire.RequestFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Peers that do not behave: the worker closes their connection, says why, and goes on. */
final class TcpAbuseTest extends TcpContract {
  private static final int PIECE = 1 << 20;
  private static final int HEADER_BYTES = 8;

  @Test
  void shouldCloseWithACountedReason() throws Exception {
    TestWorker server = newWorker("server");
    InetSocketAddress address = server.channel().listen();
    byte[] http = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    assertClosed(server, address, CloseReason.NOT_OUR_PROTOCOL, false, http);
    byte[] ping = bytes(ControlFrames.ping(RawPeer.BUFFERS, 1));
    assertClosed(server, address, CloseReason.UNEXPECTED_FRAME, false, ping);
    byte[] otherVersion = ping.clone();
    otherVersion[2] = 9;
    assertClosed(server, address, CloseReason.WRONG_VERSION, true, otherVersion);
    byte[] tooLarge = ping.clone();
    tooLarge[4] = 0x70;
    assertClosed(server, address, CloseReason.FRAME_TOO_LARGE, true, tooLarge);
    byte[] unknown = ping.clone();
    unknown[3] = 7;
    assertClosed(server, address, CloseReason.UNKNOWN_FRAME, true, unknown);
    byte[] message = bytes(MessageFrame.encode(RawPeer.BUFFERS, ByteBuffer.allocate(1)));
    assertClosed(server, address, CloseReason.UNEXPECTED_FRAME, false, message);
    byte[] empty = Arrays.copyOf(message, 8);
    empty[7] = 0;
    assertClosed(server, address, CloseReason.MALFORMED_FRAME, true, empty);
    PieceRequest request = new PieceRequest(FILE, 0, 0, 1, false);
    assertClosed( // Request ids count up from 0.
        server,
        address,
        CloseReason.MALFORMED_FRAME,
        true,
        bytes(RequestFrame.encode(RawPeer.BUFFERS, 1, request, false)));
    assertClosed( // A piece that nobody asked for.
        server,
        address,
        CloseReason.MALFORMED_FRAME,
        true,
        bytes(PieceFrame.encodeStart(RawPeer.BUFFERS, 0, 0, 0, 1)));
  }

  /** From before clusters had an identity: its operator has to hear of it, and once is enough. */
  @Test
  void shouldRememberWhoRunsAReleaseThatNamesNoCluster() throws Exception {
    TestWorker server = newWorker("server");
    InetSocketAddress address = server.channel().listen();
    assertEquals(Set.of(), server.channel().stats().olderPeers());
    for (int time = 1; time <= 2; time++) {
      try (RawPeer peer = RawPeer.connect(address)) {
        byte[] hello = RawPeer.hello(0);
        hello[HEADER_BYTES + 2] = 0; // The capability that says so.
        peer.send(hello);
        int closes = time;
        Eventually.await(
            "it is refused",
            () -> server.channel().stats().closes(CloseReason.OTHER_CLUSTER) == closes);
      }
    }
    assertEquals(Set.of("raw"), server.channel().stats().olderPeers());
    try (RawPeer peer = RawPeer.connect(address)) {
      peer.sendHello();
      Eventually.await("it is a peer", () -> server.listener().peers().size() == 1);
      assertEquals(Set.of(), server.channel().stats().olderPeers(), "it was upgraded");
    }
  }

  @Test
  void shouldCutOffAPeerThatDoesNotReadItsMessages() throws Exception {
    TestWorker server = newWorker("server");
    try (RawPeer peer = RawPeer.connect(server.channel().listen())) {
      peer.sendHello();
      Eventually.await("it is a peer", () -> server.listener().peers().size() == 1);
      PeerConnection connection = server.listener().peers().get(0);
      // What the sockets do not take waits here, up to a limit.
      Eventually.await(
          "it is cut off",
          () -> {
            connection.send(ByteBuffer.allocate(256 << 10));
            return !server.listener().closes().isEmpty();
          });
    }
    assertEquals(List.of(CloseReason.PEER_NOT_READING), server.listener().closes());
  }

  @Test
  void shouldHearNothingFromAPeerThatHasNotAuthenticated() throws Exception {
    TestWorker server =
        newWorker(
            settings("server").trust(TestSecrets.create(dir, "the secret of it all")).build());
    InetSocketAddress address = server.channel().listen();
    byte[] request =
        bytes(
            RequestFrame.encode(RawPeer.BUFFERS, 0, new PieceRequest(FILE, 0, 0, 1, false), false));
    assertClosed(server, address, CloseReason.UNEXPECTED_FRAME, false, request);
    assertClosed(server, address, CloseReason.SECRET_MISMATCH, true, request);
    byte[] guess = bytes(ControlFrames.auth(RawPeer.BUFFERS, new byte[32]));
    assertClosed(server, address, CloseReason.UNEXPECTED_FRAME, false, guess);
    assertEquals(List.of(), server.pieces().served());
    assertEquals(0, server.channel().stats().count(ChannelCount.CONNECTIONS_ESTABLISHED));
  }

  @Test
  void shouldNotWaitForEverForAnIntroduction() throws Exception {
    TestWorker server = newWorker(settings("server").handshakeTimeoutMs(100).build());
    InetSocketAddress address = server.channel().listen();
    assertClosed(server, address, CloseReason.HANDSHAKE_TIMEOUT, false, new byte[] {'M', 'W'});
  }

  @Test
  void shouldTakeOnlySoManyStrangersFromOneAddress() throws Exception {
    TestWorker server = newWorker(settings("server").handshakeTimeoutMs(60_000).build());
    InetSocketAddress address = server.channel().listen();
    List<RawPeer> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < Strangers.MAX_PER_ADDRESS; i++) {
        strangers.add(RawPeer.connect(address));
      }
      Eventually.await(
          "all are in",
          () ->
              server.channel().stats().count(ChannelCount.CONNECTIONS_OPEN)
                  == Strangers.MAX_PER_ADDRESS);
      assertEquals(0, server.channel().stats().count(ChannelCount.STRANGERS));
      assertClosed(server, address, CloseReason.TOO_MANY_CONNECTIONS, false);
      strangers.get(0).sendHello();
      Eventually.await("it is a peer", () -> server.listener().peers().size() == 1);
      try (RawPeer another = RawPeer.connect(address)) {
        another.sendHello();
        Eventually.await("another one, too", () -> server.listener().peers().size() == 2);
      }
      assertEquals(1, server.channel().stats().count(ChannelCount.STRANGERS));
    } finally {
      for (RawPeer stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void shouldTakeOnlySoManyConnections() throws Exception {
    TestWorker server = newWorker(settings("server").maxConnections(2).build());
    InetSocketAddress address = server.channel().listen();
    try (RawPeer first = RawPeer.connect(address);
        RawPeer second = RawPeer.connect(address)) {
      Eventually.await(
          "both are in", () -> server.channel().stats().count(ChannelCount.CONNECTIONS_OPEN) == 2);
      assertClosed(server, address, CloseReason.TOO_MANY_CONNECTIONS, false);
      first.sendHello();
      second.sendHello();
      Eventually.await("both are peers", () -> server.listener().peers().size() == 2);
    }
  }

  @Test
  void shouldCutOffAPeerThatAsksAndDoesNotRead() throws Exception {
    TestWorker server = newWorker("server");
    InetSocketAddress address = server.channel().listen();
    byte[] ping = bytes(ControlFrames.ping(RawPeer.BUFFERS, 1));
    byte[] pings = new byte[ping.length * 4_096];
    for (int i = 0; i < pings.length; i += ping.length) {
      System.arraycopy(ping, 0, pings, i, ping.length);
    }
    try (RawPeer peer = RawPeer.connect(address)) {
      peer.sendHello();
      for (int i = 0; i < 5_000; i++) { // At most 320 MB; the socket buffers take a few.
        peer.send(pings);
      }
    } catch (IOException e) {
      // Cut off.
    }
    Eventually.await("it is cut off", () -> server.listener().closes().size() == 1);
    assertEquals(List.of(CloseReason.PEER_NOT_READING), server.listener().closes());
  }

  @Test
  void shouldKeepLittleForAPeerThatDoesNotTakeItsPieces() throws Exception {
    TestWorker server =
        newWorker(settings("server").idleTimeoutMs(1_000).uploads(16, 4, 256).build());
    TestFile file = newFile(8 * PIECE, 8 * PIECE, 8 * PIECE);
    server.pieces().add(file);
    InetSocketAddress address = server.channel().listen();
    try (RawPeer peer = RawPeer.connect(address)) {
      peer.sendHello();
      for (int id = 0; id < 100; id++) {
        peer.send(RequestFrame.encode(RawPeer.BUFFERS, id, file.wholePiece(0), false));
      }
      Eventually.await("uploads begin", () -> server.pieces().inUse() >= 4);
      AtomicLong mostBuffers = new AtomicLong();
      Eventually.await(
          "it is cut off",
          () -> {
            mostBuffers.accumulateAndGet(NettyInternals.buffersInUse(server.channel()), Math::max);
            sayAnything(peer); // It is alive, it just does not read.
            return !server.listener().closes().isEmpty();
          });
      // A header, a receive buffer a thread; the payload stays in the file.
      assertTrue(mostBuffers.get() < 20, "buffers: " + mostBuffers);
      assertTrue(server.pieces().mostInUse() <= 4, "answers: " + server.pieces().mostInUse());
    }
    assertEquals(List.of(CloseReason.PEER_NOT_READING), server.listener().closes());
    Eventually.await("the answers are released", () -> server.pieces().inUse() == 0);
    assertEquals(0, server.pieces().sent(), "answers said to be sent");
  }

  @Test
  void shouldSurviveAnyBytesAndServeOthers() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    TestWorker server = newWorker("server");
    TestFile file = newFile(PIECE, PIECE, PIECE);
    TestFile room = roomFor(file, PIECE);
    server.pieces().add(file);
    InetSocketAddress address = server.channel().listen();
    PeerConnection good = newWorker("client").connect(address);
    for (int run = 0; run < 100; run++) {
      try (RawPeer peer = RawPeer.connect(address)) {
        if (random.nextInt(4) > 0) {
          peer.sendHello();
        }
        byte[] frame =
            bytes(RequestFrame.encode(RawPeer.BUFFERS, 0, file.wholePiece(0), false)).clone();
        frame[random.nextInt(frame.length)] = (byte) random.nextInt();
        peer.send(frame);
        byte[] noise = new byte[random.nextInt(2_000)];
        random.nextBytes(noise);
        peer.send(noise);
      } catch (IOException e) {
        // Cut off in the middle of it.
      }
      if (run % 10 == 0) {
        fetchAndCheck(good, file.wholePiece(0), file, room);
      }
    }
    Eventually.await(
        "all but the good one are gone",
        () -> server.channel().stats().count(ChannelCount.CONNECTIONS_OPEN) == 1);
    fetchAndCheck(good, file.wholePiece(0), file, room);
  }

  private static void sayAnything(RawPeer peer) {
    try {
      peer.send(ControlFrames.cancel(RawPeer.BUFFERS, 1_000_000));
    } catch (IOException e) {
      // Cut off.
    }
  }

  /** A peer that sends {@code frames} is closed for {@code reason}, and told so. */
  private static void assertClosed(
      TestWorker server,
      InetSocketAddress address,
      CloseReason reason,
      boolean introduce,
      byte[]... frames)
      throws Exception {
    long before = server.channel().stats().closes(reason);
    try (RawPeer peer = RawPeer.connect(address)) {
      if (introduce) {
        peer.sendHello();
      }
      for (byte[] frame : frames) {
        peer.send(frame);
      }
      peer.readAll(new Silent());
    } catch (IOException e) {
      // Cut off while it was talking.
    }
    Eventually.await(
        "a connection was closed for " + reason + ": " + server.channel().stats(),
        () -> server.channel().stats().closes(reason) == before + 1);
  }

  private static byte[] bytes(ByteBuf frame) {
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    return bytes;
  }

  /** Hears the introduction and the goodbye. */
  private static final class Silent implements FrameHandler {
    @Override
    public void hello(Hello hello) {}

    @Override
    public void auth(byte[] proof) {}

    @Override
    public void goodbye(CloseReason reason) {}
  }
}
