// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.worker.block.io.BlockReader;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.engine.FetchEngine;
import io.mows.p2p.fetch.read.OpenedFile;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/**
 * Reads one block through the piece engine, for the readers that come through Alluxio's own doors.
 * For one thread at a time, as every {@link BlockReader}.
 *
 * <p>If the engine fails, the rest of the block is read as stock Alluxio would. If the origin does,
 * the reader gets its error.
 */
final class PieceBlockReader extends BlockReader {
  private final FetchEngine engine;
  private final FileSpec file;
  private final OpenedFile opened;
  private final int block;
  private final long blockStart;
  private final long blockLength;
  private final StockRead stockRead;
  private boolean wantsBlock;
  private long position;
  private BlockReader stock;
  private boolean closed;

  /**
   * @param offset where sequential reads start, from the start of the block
   * @param isStream whether the client is likely to read on to the block's end
   * @param stockRead what to do when the engine fails
   */
  PieceBlockReader(
      FetchEngine engine,
      FileSpec file,
      int block,
      long offset,
      boolean isStream,
      StockRead stockRead) {
    this.engine = engine;
    this.file = file;
    this.opened = engine.verification().open(file);
    this.block = block;
    this.blockStart = file.layout().blockOffset(block);
    this.blockLength = file.layout().blockLength(block);
    this.position = offset;
    this.wantsBlock = isStream;
    this.stockRead = stockRead;
  }

  /** Opens the stock reader in place of this one. */
  interface StockRead {
    /**
     * @param offset where it shall start, from the start of the block
     * @param failure why it is needed
     */
    BlockReader open(long offset, Exception failure) throws IOException;
  }

  @Override
  public ByteBuffer read(long offset, long length) throws IOException {
    int count = (int) Math.min(length, blockLength - offset);
    if (stock == null) {
      ByteBuffer buffer = ByteBuffer.allocate(count);
      if (fill(offset, buffer)) {
        return buffer.flip();
      }
    }
    int round = opened.begin();
    ByteBuffer bytes = stock.read(offset, count);
    opened.end(round);
    return bytes;
  }

  @Override
  public int transferTo(ByteBuf buf) throws IOException {
    if (stock == null) {
      int count = (int) Math.min(buf.writableBytes(), blockLength - position);
      if (count <= 0) {
        return -1;
      }
      if (fill(position, buf.nioBuffer(buf.writerIndex(), count))) {
        buf.writerIndex(buf.writerIndex() + count);
        position += count;
        return count;
      }
    }
    int round = opened.begin();
    int count = stock.transferTo(buf);
    opened.end(round);
    return count;
  }

  /** Fills {@code dst}; false if that failed and the stock reader stands where this one stood. */
  private boolean fill(long offset, ByteBuffer dst) throws IOException {
    try {
      opened.read(blockStart + offset, dst);
      if (wantsBlock) {
        // After the first bytes, which come sooner alone. Then the pieces come side by side.
        wantsBlock = false;
        engine.stream(file, block);
      }
      return true;
    } catch (TransferException e) {
      // What the origin says, or that bytes were wrong, is a fact, not a fault of ours; and of a
      // file that has changed stock Alluxio would mix the versions.
      throw e;
    } catch (IOException | RuntimeException e) {
      stock = stockRead.open(offset, e);
      return false;
    }
  }

  @Override
  public ReadableByteChannel getChannel() {
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer dst) throws IOException {
        if (closed) {
          throw new ClosedChannelException();
        }
        if (stock == null) {
          int count = (int) Math.min(dst.remaining(), blockLength - position);
          if (count <= 0) {
            return -1;
          }
          if (fill(position, dst.slice().limit(count))) {
            dst.position(dst.position() + count);
            position += count;
            return count;
          }
        }
        int round = opened.begin();
        int count = stock.getChannel().read(dst);
        opened.end(round);
        return count;
      }

      @Override
      public boolean isOpen() {
        return !closed;
      }

      @Override
      public void close() throws IOException {
        PieceBlockReader.this.close();
      }
    };
  }

  @Override
  public long getLength() {
    return blockLength;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public String getLocation() {
    return stock != null ? stock.getLocation() : "mows:" + file.path();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    super.close();
    if (stock != null) {
      stock.close();
    }
  }
}
