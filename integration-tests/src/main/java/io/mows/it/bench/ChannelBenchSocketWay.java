// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.channel.memory.BlockFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Over bare sockets, new ones each time, each of which brings a part. */
final class ChannelBenchSocketWay implements ChannelBenchWay {
  private static final int BUFFER_BYTES = 256 << 10;

  private final ChannelBenchRemote sender;
  private final boolean stores;
  private final int sockets;
  private final ExecutorService threads;

  /**
   * @param stores whether the bytes are kept
   */
  ChannelBenchSocketWay(ChannelBenchRemote sender, boolean stores, int sockets) {
    this.sender = sender;
    this.stores = stores;
    this.sockets = sockets;
    this.threads = Executors.newFixedThreadPool(sockets);
  }

  @Override
  public ProcessHandle sender() {
    return sender.handle();
  }

  @Override
  public void receive(BlockFile target) throws Exception {
    List<Callable<Void>> parts = new ArrayList<>();
    for (int i = 0; i < sockets; i++) {
      long from = target.lengthBytes() * i / sockets;
      long to = target.lengthBytes() * (i + 1) / sockets;
      parts.add(
          () -> {
            receive(target, from, to);
            return null;
          });
    }
    for (Future<Void> part : threads.invokeAll(parts)) {
      part.get();
    }
  }

  private void receive(BlockFile target, long from, long to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try (SocketChannel socket = SocketChannel.open(sender.bareAddress())) {
      socket.write(ByteBuffer.allocate(2 * Long.BYTES).putLong(from).putLong(to).flip());
      long at = from;
      while (at < to) {
        buffer.clear();
        int count = socket.read(buffer);
        if (count < 0) {
          throw new EOFException("The sender closed after " + at + " bytes");
        }
        if (stores) {
          target.write(at, buffer.flip());
        }
        at += count;
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
