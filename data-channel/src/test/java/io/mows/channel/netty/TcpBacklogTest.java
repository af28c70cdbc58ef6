// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.testing.Eventually;
import io.mows.channel.testing.TestFile;
import io.mows.channel.testing.TestWorker;
import io.mows.channel.wire.FrameHandler;
import io.mows.channel.wire.Hello;
import io.mows.channel.wire.MessageFrame;
import io.mows.channel.wire.RequestFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.Epoll;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How little is on its way to a peer that is slow to read. */
final class TcpBacklogTest extends TcpContract {
  private static final int PIECE = 1 << 20;
  private static final int PIECES = 4;

  /** Longer than it takes until the sockets are full. */
  private static final int SETTLE_MS = 200;

  @BeforeAll
  static void needEpoll() {
    assumeTrue(Epoll.isAvailable(), "java.nio takes all that the kernel takes");
  }

  @Test
  void shouldTakeNoPieceForSentThatIsNot() throws Exception {
    TestWorker server = newWorker("server");
    try (RawPeer peer = askingForPieces(server)) {
      Thread.sleep(SETTLE_MS);
      assertEquals(0, server.pieces().sent(), "pieces said to be sent, of which nothing was read");
      peer.readAll(new Reader(server));
      Eventually.await("all are sent", () -> server.pieces().sent() == PIECES);
    }
  }

  @Test
  void shouldNotKeepAMessageWaitingBehindPieces() throws Exception {
    TestWorker server = newWorker("server");
    try (RawPeer peer = askingForPieces(server)) {
      Thread.sleep(SETTLE_MS);
      server.listener().peers().get(0).send(ByteBuffer.allocate(1));
      // Its thread does what waits for it between two reads: after the second, the message is sent.
      for (int i = 1; i <= 2; i++) {
        int heard = i;
        peer.send(MessageFrame.encode(RawPeer.BUFFERS, ByteBuffer.allocate(1)));
        Eventually.await("it has heard", () -> server.listener().heard().size() == heard);
      }
      Reader reader = new Reader(server);
      peer.readAll(reader);
      assertEquals(PIECES * PIECE, reader.payloadBytes);
      assertTrue(
          reader.bytesBeforeMessage > 0 && reader.bytesBeforeMessage < PIECE,
          () -> "the message came after " + reader.bytesBeforeMessage + " bytes of payload");
    }
  }

  /** A peer that asks for some pieces and reads nothing yet. */
  private RawPeer askingForPieces(TestWorker server) throws Exception {
    TestFile file = newFile(PIECES * PIECE, PIECE, PIECES * PIECE);
    server.pieces().add(file);
    RawPeer peer = RawPeer.connect(server.channel().listen());
    peer.sendHello();
    for (int id = 0; id < PIECES; id++) {
      peer.send(RequestFrame.encode(RawPeer.BUFFERS, id, file.wholePiece(id), false));
    }
    Eventually.await("they are looked up", () -> server.pieces().served().size() == PIECES);
    return peer;
  }

  /** Counts, and has the worker close the connection when all pieces are there. */
  private static final class Reader implements FrameHandler {
    private final TestWorker server;
    private int payloadBytes;
    private int bytesBeforeMessage;

    Reader(TestWorker server) {
      this.server = server;
    }

    @Override
    public void hello(Hello hello) {}

    @Override
    public void goodbye(CloseReason reason) {}

    @Override
    public void message(ByteBuffer message) {
      bytesBeforeMessage = payloadBytes;
    }

    @Override
    public void pieceBegins(int requestId, int offset, int crc32, int frameBytes) {}

    @Override
    public void pieceBytes(ByteBuf payload) {
      payloadBytes += payload.readableBytes();
      if (payloadBytes == PIECES * PIECE) {
        server.listener().peers().forEach(PeerConnection::close);
      }
    }
  }
}
