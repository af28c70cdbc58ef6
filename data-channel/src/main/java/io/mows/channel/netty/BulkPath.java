// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelCount;
import java.util.concurrent.Executor;
import java.util.function.ObjLongConsumer;

/**
 * A way for the bytes of pieces around the TCP connection, which carries everything else. A piece
 * never depends on it: what it cannot move goes over TCP.
 *
 * <p>Thread-safe.
 */
public interface BulkPath extends AutoCloseable {
  /** The bit that says in a HELLO that a side can do this. */
  int capability();

  /**
   * A connection whose peer can do this, too.
   *
   * @param loop the connection's thread; rejects what comes after its end
   */
  BulkLink link(String peerId, Executor loop);

  /** Ends its threads and gives back its memory. Every link was closed before. May block. */
  @Override
  void close();

  /** Makes the path when a channel is opened. */
  @FunctionalInterface
  interface Factory {
    BulkPath open(ObjLongConsumer<ChannelCount> counters);
  }
}
