// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty.sending;

import io.mows.channel.memory.BlockParts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;

/** Reads the block file into a buffer: for connections whose bytes have to be encrypted. */
public final class BufferPayload implements PayloadWriter {
  @Override
  public int leastFrameBytes() {
    return 128 << 10;
  }

  /** A longer one is a larger buffer, and out of the caches before it is encrypted. */
  @Override
  public int mostFrameBytes() {
    return 128 << 10;
  }

  @Override
  public void write(ByteBuf start, BlockParts payload, Outbox outbox, ChannelFutureListener done)
      throws IOException {
    int startBytes = start.readableBytes();
    ByteBuf frame = outbox.allocator().directBuffer(startBytes + payload.lengthBytes());
    try {
      frame.writeBytes(start);
      payload.read(0, frame.nioBuffer(startBytes, payload.lengthBytes()));
      frame.writerIndex(startBytes + payload.lengthBytes());
    } catch (IOException e) {
      frame.release();
      throw e;
    } finally {
      start.release();
    }
    outbox.write(frame, done);
  }
}
