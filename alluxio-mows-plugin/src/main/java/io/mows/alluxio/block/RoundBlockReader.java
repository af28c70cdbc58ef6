// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.worker.block.io.BlockReader;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.IntSupplier;

/**
 * Reads a complete block as stock Alluxio does, until the bytes of its file turn out to be wrong:
 * then with an error. For one thread at a time, as every {@link BlockReader}.
 */
final class RoundBlockReader extends BlockReader {
  private final BlockReader stock;
  private final long blockId;
  private final IntSupplier generation;
  private final int round;

  /**
   * @param generation of the block's file, now
   * @param round what it was before {@code stock} was opened
   */
  RoundBlockReader(BlockReader stock, long blockId, IntSupplier generation, int round) {
    this.stock = stock;
    this.blockId = blockId;
    this.generation = generation;
    this.round = round;
  }

  private void check() throws IOException {
    if (generation.getAsInt() != round) {
      throw new IOException(
          "Block "
              + blockId
              + " was found to be wrong and has been dropped. What was read of its file must not be"
              + " used. Open the file again: that gives the right bytes.");
    }
  }

  @Override
  public ByteBuffer read(long offset, long length) throws IOException {
    check();
    ByteBuffer bytes = stock.read(offset, length);
    check();
    return bytes;
  }

  @Override
  public int transferTo(ByteBuf buf) throws IOException {
    check();
    int count = stock.transferTo(buf);
    check();
    return count;
  }

  @Override
  public ReadableByteChannel getChannel() {
    ReadableByteChannel channel = stock.getChannel();
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer dst) throws IOException {
        check();
        int count = channel.read(dst);
        check();
        return count;
      }

      @Override
      public boolean isOpen() {
        return channel.isOpen();
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  @Override
  public long getLength() {
    return stock.getLength();
  }

  @Override
  public boolean isClosed() {
    return stock.isClosed();
  }

  @Override
  public String getLocation() {
    return stock.getLocation();
  }

  @Override
  public void close() throws IOException {
    super.close();
    stock.close();
  }
}
