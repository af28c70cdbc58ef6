// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;

/**
 * Sends bodies chunk by chunk at the shaped rate, from one pooled direct buffer per answer, and
 * carries out the faults that spoil a body. Blocks the request's thread. Thread-safe.
 */
final class BodySender {
  private final Shaper shaper;
  private final Connections connections;
  private final ByteBufferPool buffers;

  BodySender(Shaper shaper, Connections connections, ByteBufferPool buffers) {
    this.shaper = shaper;
    this.connections = connections;
    this.buffers = buffers;
  }

  /**
   * Sends {@code lengthBytes} of {@code source} from {@code offset} on; the headers must be set.
   *
   * @param sent told of each chunk, right before it is handed to the network
   * @throws IOException if the source or the connection failed; the connection must be aborted
   */
  void send(
      Request request,
      BodySource source,
      long offset,
      long lengthBytes,
      Optional<FaultInjector.Strike> strike,
      LongConsumer sent)
      throws IOException {
    long stop = lengthBytes;
    boolean breaksOff =
        strike.isPresent()
            && (strike.get().is(Fault.Action.RESET) || strike.get().is(Fault.Action.TRUNCATE));
    if (breaksOff) {
      stop = Math.max(0, Math.min(strike.get().fault().afterBytes(), lengthBytes - 1));
    }
    Optional<FaultInjector.Strike> corruption =
        strike.filter(s -> s.is(Fault.Action.CORRUPT) && lengthBytes > 0);
    long corruptAt = corruption.map(s -> s.corruptPosition(offset, lengthBytes)).orElse(-1L);
    EndPoint endPoint = request.getHttpChannel().getEndPoint();
    ConnectionLine line = connections.lineOf(endPoint.getConnection());
    ByteBuffer buffer = buffers.acquire(Shaper.MAX_CHUNK_BYTES, true);
    try {
      for (long done = 0; done < stop; ) {
        int chunk = (int) Math.min(shaper.chunkBytes(), stop - done);
        buffer.clear().limit(chunk);
        source.read(buffer, offset + done);
        buffer.flip();
        if (corruptAt >= done && corruptAt < done + chunk) {
          int index = (int) (corruptAt - done);
          buffer.put(index, (byte) (buffer.get(index) ^ corruption.get().corruptMask()));
        }
        shaper.awaitTurn(line, chunk);
        // First counted, then written: whoever has received a byte finds it counted.
        sent.accept(chunk);
        request.getResponse().getHttpOutput().write(buffer);
        done += chunk;
      }
    } finally {
      buffers.release(buffer);
    }
    if (breaksOff) {
      request.getResponse().flushBuffer();
      breakOff(request.getHttpChannel(), strike.get().is(Fault.Action.RESET));
    }
  }

  /** Ends the connection now: with a reset, or in order after what was written. */
  static void breakOff(HttpChannel channel, boolean reset) throws IOException {
    EndPoint endPoint = channel.getEndPoint();
    if (reset) {
      ((SocketChannel) endPoint.getTransport()).setOption(StandardSocketOptions.SO_LINGER, 0);
    }
    endPoint.close();
    channel.abort(new EofException("broken off by an injected fault"));
  }
}
