// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/**
 * What waits to be sent on one connection. For the connection's thread.
 *
 * <p>Payload is only added while {@link #isWritable()}, so at most a watermark of it waits. Replies
 * that the peer provokes cannot wait for that: two peers that both stop reading until they have
 * written would wait for each other for ever. So they are sent at once, but a peer that provokes
 * more of them than it reads is cut off.
 */
final class Outbox {
  static final int MAX_REPLY_BYTES = 1 << 20;

  private final Channel channel;
  private final Runnable onTooManyReplies;
  private int replyBytes;
  private int waiting;
  private long lastProgressNs;
  private boolean batching;

  Outbox(Channel channel, Runnable onTooManyReplies) {
    this.channel = channel;
    this.onTooManyReplies = onTooManyReplies;
  }

  ByteBufAllocator allocator() {
    return channel.alloc();
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  /** Sends a frame that this side wants to send. */
  void send(ByteBuf frame) {
    write(frame, ignored -> {});
    flush();
  }

  /** Sends a frame that the peer provoked. */
  void reply(ByteBuf frame) {
    int bytes = frame.readableBytes();
    if (replyBytes + bytes > MAX_REPLY_BYTES) {
      frame.release();
      onTooManyReplies.run();
      return;
    }
    replyBytes += bytes;
    write(frame, ignored -> replyBytes -= bytes);
    flush();
  }

  /**
   * Sends without a flush.
   *
   * @param message a buffer or a file region, released when it is sent or the connection is gone
   * @param done called then
   */
  void write(Object message, ChannelFutureListener done) {
    if (waiting++ == 0) {
      lastProgressNs = System.nanoTime();
    }
    channel
        .write(message)
        .addListener(
            (ChannelFutureListener)
                future -> {
                  waiting--;
                  lastProgressNs = System.nanoTime();
                  done.operationComplete(future);
                });
  }

  void flush() {
    if (!batching) {
      channel.flush();
    }
  }

  /** What is sent from here to {@link #endBatch} goes out together. */
  void beginBatch() {
    batching = true;
  }

  void endBatch() {
    batching = false;
    channel.flush();
  }

  /** How long the peer has taken nothing of what waits for it; 0 if nothing waits. */
  long stalledNs(long nowNs) {
    return waiting == 0 ? 0 : nowNs - lastProgressNs;
  }
}
