// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.channel.memory.BlockFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Over a bare socket, a new one each time. */
final class ChannelBenchSocketWay implements ChannelBenchWay {
  private static final int BUFFER_BYTES = 256 << 10;

  private final ChannelBenchSender.Remote sender;
  private final boolean stores;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /**
   * @param stores whether the bytes are kept
   */
  ChannelBenchSocketWay(ChannelBenchSender.Remote sender, boolean stores) {
    this.sender = sender;
    this.stores = stores;
  }

  @Override
  public ProcessHandle sender() {
    return sender.handle();
  }

  @Override
  public void receive(BlockFile target) throws IOException {
    try (SocketChannel socket = SocketChannel.open(sender.bareAddress())) {
      long at = 0;
      while (at < target.lengthBytes()) {
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
  public void close() {}
}
