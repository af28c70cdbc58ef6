// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty.sending;

import io.mows.channel.memory.BlockParts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/** Has the kernel send the block file: the bytes never come into this process. */
public final class FilePayload implements PayloadWriter {
  /**
   * Counts the bytes of a file region as waiting. (Netty's own estimator takes a region for
   * nothing, and a connection would be writable for ever.)
   */
  public static final MessageSizeEstimator SIZES = FilePayload::sizes;

  private static final MessageSizeEstimator.Handle BUFFER_SIZES =
      DefaultMessageSizeEstimator.DEFAULT.newHandle();

  private static MessageSizeEstimator.Handle sizes() {
    return message ->
        message instanceof FileRegion
            ? (int) ((FileRegion) message).count()
            : BUFFER_SIZES.size(message);
  }

  @Override
  public int leastFrameBytes() {
    return 256 << 10;
  }

  @Override
  public int mostFrameBytes() {
    return 1 << 20;
  }

  @Override
  public void write(ByteBuf start, BlockParts payload, Outbox outbox, ChannelFutureListener done)
      throws IOException {
    List<BlockParts.Part> parts = payload.parts();
    for (BlockParts.Part part : parts) {
      // Once the frame has begun, a short file could only be answered by closing the connection.
      if (!part.file().reaches(part.position() + part.lengthBytes())) {
        start.release();
        throw new EOFException("The block file is closed or ends before byte " + part.position());
      }
    }
    outbox.write(start, ignored -> {});
    for (int i = 0; i < parts.size(); i++) {
      boolean last = i == parts.size() - 1;
      outbox.write(new BorrowedRegion(parts.get(i)), last ? done : ignored -> {});
    }
  }

  /** A region of a file that somebody else closes. */
  private static final class BorrowedRegion extends DefaultFileRegion {
    BorrowedRegion(BlockParts.Part part) {
      super(part.file().forKernel(), part.position(), part.lengthBytes());
    }

    @Override
    protected void deallocate() {}
  }
}
