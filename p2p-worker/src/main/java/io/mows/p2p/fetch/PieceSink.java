// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where the bytes of one piece go. Any thread, several at a time if their bytes belong to different
 * places.
 */
public interface PieceSink {
  /**
   * Takes all of {@code src}; the buffer may be used again when this returns.
   *
   * @param offset where these bytes belong, from the start of the piece
   * @throws io.mows.channel.StoreException if there is no room for them, or they are not wanted any
   *     more: not the doing of who sends them
   */
  void write(int offset, ByteBuffer src) throws IOException;
}
