// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty.sending;

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
 * more of them than it reads is cut off. What waits of messages is bounded by {@link
 * MessageSender}.
 */
public final class Outbox {
  public static final int MAX_REPLY_BYTES = 1 << 20;

  private final Channel channel;
  private final Runnable onTooManyReplies;
  private int replyBytes;
  private int waiting;
  private long lastProgressNs;
  private boolean batching;
  private boolean flushScheduled;

  public Outbox(Channel channel, Runnable onTooManyReplies) {
    this.channel = channel;
    this.onTooManyReplies = onTooManyReplies;
  }

  public ByteBufAllocator allocator() {
    return channel.alloc();
  }

  public boolean isWritable() {
    return channel.isWritable();
  }

  /** Sends a frame that this side wants to send. */
  public void send(ByteBuf frame) {
    send(frame, ignored -> {});
  }

  /**
   * Sends a frame that this side wants to send.
   *
   * @param done called when the kernel has taken it or the connection is gone
   */
  public void send(ByteBuf frame, ChannelFutureListener done) {
    flushSoon();
    write(frame, done);
  }

  /** Sends a frame that the peer provoked. */
  public void reply(ByteBuf frame) {
    int bytes = frame.readableBytes();
    if (replyBytes + bytes > MAX_REPLY_BYTES) {
      frame.release();
      onTooManyReplies.run();
      return;
    }
    replyBytes += bytes;
    send(frame, ignored -> replyBytes -= bytes);
  }

  /**
   * Sends without a flush.
   *
   * @param message a buffer or a file region, released when it is sent or the connection is gone
   * @param done called then
   */
  public void write(Object message, ChannelFutureListener done) {
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

  /** Flushes at once, or at the end of the batch. */
  public void flush() {
    if (!batching) {
      channel.flush();
    }
  }

  /** Flushes when what waits for the thread now has run: a burst of frames goes out together. */
  private void flushSoon() {
    if (!batching && !flushScheduled) {
      flushScheduled = true;
      channel.eventLoop().execute(this::scheduledFlush);
    }
  }

  private void scheduledFlush() {
    flushScheduled = false;
    flush();
  }

  /** What is sent from here to {@link #endBatch} goes out together. */
  public void beginBatch() {
    batching = true;
  }

  public void endBatch() {
    batching = false;
    channel.flush();
  }

  /** How long the peer has taken nothing of what waits for it; 0 if nothing waits. */
  public long stalledNs(long nowNs) {
    return waiting == 0 ? 0 : nowNs - lastProgressNs;
  }
}
