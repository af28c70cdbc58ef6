// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.channel.memory.BlockFile;
import java.io.Closeable;

/** One way to get the whole file. Connected from its creation until it is closed. */
interface ChannelBenchWay extends Closeable {
  /** The process that sends. */
  ProcessHandle sender();

  /** Receives the file once. */
  void receive(BlockFile target) throws Exception;
}
