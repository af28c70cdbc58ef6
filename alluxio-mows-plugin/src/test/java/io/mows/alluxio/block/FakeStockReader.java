// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.worker.block.io.BlockReader;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;

/** A stock reader of a block whose bytes are at hand. */
final class FakeStockReader extends BlockReader {
  private final byte[] block;
  private final ReadableByteChannel channel;
  private int position;
  private boolean closed;

  FakeStockReader(byte[] block, long offset) {
    this.block = block;
    this.position = (int) offset;
    this.channel =
        Channels.newChannel(
            new java.io.ByteArrayInputStream(block, position, block.length - position));
  }

  @Override
  public ByteBuffer read(long offset, long length) {
    return ByteBuffer.wrap(block, (int) offset, (int) length).slice();
  }

  @Override
  public long getLength() {
    return block.length;
  }

  @Override
  public ReadableByteChannel getChannel() {
    return channel;
  }

  @Override
  public int transferTo(ByteBuf buf) {
    int count = Math.min(buf.writableBytes(), block.length - position);
    if (count <= 0) {
      return -1;
    }
    buf.writeBytes(block, position, count);
    position += count;
    return count;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public String getLocation() {
    return "stock";
  }

  @Override
  public void close() {
    closed = true;
  }
}
