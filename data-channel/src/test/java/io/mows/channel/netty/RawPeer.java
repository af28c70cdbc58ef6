// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.security.ClusterTrust;
import io.mows.channel.wire.FrameHandler;
import io.mows.channel.wire.FrameReader;
import io.mows.channel.wire.Hello;
import io.mows.channel.wire.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** A peer that says exactly what a test wants it to say. */
final class RawPeer implements AutoCloseable {
  static final UnpooledByteBufAllocator BUFFERS = UnpooledByteBufAllocator.DEFAULT;

  private final Socket socket;

  private RawPeer(Socket socket) {
    this.socket = socket;
  }

  /** Connects and says nothing. */
  static RawPeer connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(64 << 10);
    socket.setSoTimeout(20_000);
    socket.connect(address, 20_000);
    return new RawPeer(socket);
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Sends a frame and releases it. */
  void send(ByteBuf frame) throws IOException {
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    send(bytes);
  }

  void sendHello() throws IOException {
    sendHello(0);
  }

  void sendHello(int capabilities) throws IOException {
    send(hello(capabilities));
  }

  static byte[] hello(int capabilities) {
    byte[] nonce = new byte[Hello.NONCE_BYTES];
    nonce[0] = 1;
    ByteBuf frame =
        Hello.of(capabilities, false, nonce, new byte[ClusterTrust.ID_BYTES], "raw")
            .encode(BUFFERS);
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    return bytes;
  }

  /** Reads frames into {@code handler} until the other side closes. */
  void readAll(FrameHandler handler) throws IOException, ProtocolException {
    FrameReader reader = new FrameReader(BUFFERS, handler);
    reader.introduced(handler);
    byte[] buffer = new byte[64 << 10];
    InputStream in = socket.getInputStream();
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        reader.read(Unpooled.wrappedBuffer(buffer, 0, count));
      }
    } catch (SocketException e) {
      // A reset, because it had not read all we sent: closed as well.
    } finally {
      reader.close();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
