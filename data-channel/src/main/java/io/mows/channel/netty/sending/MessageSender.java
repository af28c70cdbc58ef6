// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty.sending;

import io.mows.channel.ChannelSettings;
import io.mows.channel.wire.MessageFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Our messages to the peer of one connection. Thread-safe but for {@link #close}, which is for the
 * connection's thread.
 *
 * <p>A message counts as waiting from the call of {@link #send} until the kernel has taken it, so
 * neither a peer that does not read nor a busy thread of ours can pile them up without end.
 */
public final class MessageSender {
  /** More do not wait: the connection is closed. */
  public static final int MAX_WAITING_BYTES = 16 << 20;

  /** About what a waiting message takes besides its bytes: its task, its frame, its promise. */
  static final int OVERHEAD_BYTES = 256;

  private final Executor loop;
  private final Outbox outbox;
  private final Runnable onTooMany;
  private final AtomicLong waitingBytes = new AtomicLong();
  private boolean closed;

  /**
   * @param loop runs tasks on the connection's thread, and drops them when that has ended
   * @param onTooMany closes the connection; for the connection's thread
   */
  public MessageSender(Executor loop, Outbox outbox, Runnable onTooMany) {
    this.loop = loop;
    this.outbox = outbox;
    this.onTooMany = onTooMany;
  }

  public void send(ByteBuffer message) {
    int lengthBytes = message.remaining();
    if (lengthBytes == 0 || lengthBytes > ChannelSettings.MAX_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "A message has 1 to " + ChannelSettings.MAX_MESSAGE_BYTES + " bytes, not " + lengthBytes);
    }
    int bytes = lengthBytes + OVERHEAD_BYTES;
    if (waitingBytes.addAndGet(bytes) > MAX_WAITING_BYTES) {
      loop.execute(onTooMany);
    } else {
      loop.execute(() -> write(message, bytes));
    }
  }

  private void write(ByteBuffer message, int bytes) {
    if (!closed) {
      outbox.send(
          MessageFrame.encode(outbox.allocator(), message),
          ignored -> waitingBytes.addAndGet(-bytes));
    }
  }

  /** The connection is gone. */
  public void close() {
    closed = true;
  }
}
