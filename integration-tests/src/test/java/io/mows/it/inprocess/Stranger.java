// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import io.mows.channel.CloseReason;
import io.mows.channel.PieceRequest;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.mows.channel.wire.FrameHandler;
import io.mows.channel.wire.FrameReader;
import io.mows.channel.wire.Hello;
import io.mows.channel.wire.MessageFrame;
import io.mows.channel.wire.PieceFrame;
import io.mows.channel.wire.ProtocolException;
import io.mows.channel.wire.RequestFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;

/**
 * Dials a worker's data port again and again, greets with the group {@code default}, says that it
 * has all of a file, offers each of its pieces and asks for each, without waiting to be let in.
 * What it gives is zeros, with the CRC32 that they have. It knows all but the secret.
 */
final class Stranger implements FrameHandler, AutoCloseable {
  private static final UnpooledByteBufAllocator BUFFERS = UnpooledByteBufAllocator.DEFAULT;
  private static final int INSIST_MS = 20;
  private static final byte GREETING = 1;
  private static final byte MAP = 3;
  private static final byte OFFER = 6;

  private final InetSocketAddress worker;
  private final Hello hello;
  private final long fileId;
  private final int pieces;
  private final int pieceBytes;
  private final AtomicInteger visits = new AtomicInteger();
  private final AtomicInteger saidToIt = new AtomicInteger();
  private final AtomicLong bytesGiven = new AtomicLong();
  private final AtomicLong bytesTaken = new AtomicLong();
  private final Thread thread = new Thread(this::visitAgainAndAgain, "test-stranger");
  private volatile boolean closed;
  private volatile Exception failure;
  private Socket socket;
  private int requests;

  /**
   * @param clusterId what it says that it belongs to
   * @param hasSecret whether it says that it can prove it
   */
  Stranger(
      InetSocketAddress worker,
      byte[] clusterId,
      boolean hasSecret,
      long fileId,
      int pieces,
      int pieceBytes) {
    byte[] nonce = new byte[Hello.NONCE_BYTES];
    nonce[0] = 1;
    this.worker = worker;
    this.hello = Hello.of(0, hasSecret, nonce, clusterId, "stranger");
    this.fileId = fileId;
    this.pieces = pieces;
    this.pieceBytes = pieceBytes;
    thread.start();
  }

  /** How many of its connections have ended. */
  int visits() {
    return visits.get();
  }

  /** How many frames it was sent but hellos and goodbyes. */
  int saidToIt() {
    return saidToIt.get();
  }

  long bytesGiven() {
    return bytesGiven.get();
  }

  long bytesTaken() {
    return bytesTaken.get();
  }

  private void visitAgainAndAgain() {
    try {
      while (!closed) {
        visit();
        visits.incrementAndGet();
      }
    } catch (ProtocolException | RuntimeException e) {
      failure = e;
    }
  }

  private void visit() throws ProtocolException {
    try (Socket connection = new Socket(worker.getAddress(), worker.getPort());
        FrameReader reader = new FrameReader(BUFFERS, this)) {
      socket = connection;
      requests = 0;
      reader.introduced(this);
      connection.setSoTimeout(INSIST_MS);
      send(hello.encode(BUFFERS));
      byte[] group = {'d', 'e', 'f', 'a', 'u', 'l', 't'};
      ByteBuffer greeting = ByteBuffer.allocate(14 + group.length).put(GREETING).put((byte) 1);
      say(greeting.putLong(1).putShort((short) 0).putShort((short) group.length).put(group));
      byte[] buffer = new byte[1 << 20];
      for (int count = 0; count >= 0 && !closed; count = read(connection, buffer)) {
        reader.read(Unpooled.wrappedBuffer(buffer, 0, count));
        insist();
      }
    } catch (IOException e) {
      // It was cut off while it talked.
    }
  }

  private static int read(Socket socket, byte[] buffer) throws IOException {
    try {
      return socket.getInputStream().read(buffer);
    } catch (SocketTimeoutException e) {
      return 0;
    }
  }

  private void insist() throws IOException {
    ByteBuffer map = ByteBuffer.allocate(21).put(MAP).putLong(fileId).putInt(pieces).putInt(0);
    say(map.put((byte) 1).put((byte) 0).put((byte) 1).put((byte) 0));
    for (int piece = 0; piece < pieces; piece++) {
      say(ByteBuffer.allocate(13).put(OFFER).putLong(fileId).putInt(piece));
    }
    PieceRequest request = new PieceRequest(fileId, requests % pieces, 0, pieceBytes, true);
    send(RequestFrame.encode(BUFFERS, requests++, request, false));
  }

  private void say(ByteBuffer message) throws IOException {
    send(MessageFrame.encode(BUFFERS, message.flip()));
  }

  private void send(ByteBuf frame) throws IOException {
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    socket.getOutputStream().write(bytes);
  }

  @Override
  public void hello(Hello theirs) {}

  @Override
  public void goodbye(CloseReason reason) {}

  @Override
  public void message(ByteBuffer message) {
    saidToIt.incrementAndGet();
  }

  @Override
  public void ping(long token) {
    saidToIt.incrementAndGet();
  }

  @Override
  public void requested(int requestId, PieceRequest request, boolean bulk) {
    saidToIt.incrementAndGet();
    byte[] lie = new byte[request.lengthBytes()];
    CRC32 crc = new CRC32();
    crc.update(lie);
    try {
      send(
          PieceFrame.encodeStart(BUFFERS, requestId, 0, (int) crc.getValue(), lie.length)
              .writeBytes(lie));
      bytesGiven.addAndGet(lie.length);
    } catch (IOException e) {
      // It will notice when it reads.
    }
  }

  @Override
  public void pieceBegins(int requestId, int offset, int crc32, int payloadBytes) {
    saidToIt.incrementAndGet();
  }

  @Override
  public void pieceBytes(ByteBuf payload) {
    bytesTaken.addAndGet(payload.readableBytes());
  }

  @Override
  public void refused(int requestId, RefusalReason reason, Remedy remedy) {
    saidToIt.incrementAndGet();
  }

  @Override
  public void cancelled(int requestId) {
    saidToIt.incrementAndGet();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IllegalStateException("The stranger did not understand the worker", failure);
    }
  }
}
