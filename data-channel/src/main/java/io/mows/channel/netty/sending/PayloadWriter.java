// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty.sending;

import io.mows.channel.memory.BlockParts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;

/** How payload gets from a block file into a connection. Stateless. */
public interface PayloadWriter {
  /** How much payload to put into one frame at least, if there is so much. */
  int leastFrameBytes();

  /** How much at most. */
  int mostFrameBytes();

  /**
   * Writes a frame, without a flush.
   *
   * @param start the frame up to its payload; taken over whatever happens
   * @param done called when the kernel has taken the bytes or the connection is gone
   * @throws IOException if the payload cannot be read; then nothing was written
   */
  void write(ByteBuf start, BlockParts payload, Outbox outbox, ChannelFutureListener done)
      throws IOException;
}
