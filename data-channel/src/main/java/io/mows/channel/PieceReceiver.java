// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the bytes of one requested piece go. */
@FunctionalInterface
public interface PieceReceiver {
  /**
   * Takes all of {@code src}; the buffer is used again when this returns. Called on an I/O thread,
   * for one request never by two at once, with ascending offsets and nothing twice; a write to
   * memory is fine here, waiting is not. Never called after the transfer has ended.
   *
   * @param offset where these bytes belong, from the start of what was requested
   * @throws StoreException if they cannot be put where they belong; ends this transfer and no other
   * @throws IOException ends this transfer as well
   */
  void write(int offset, ByteBuffer src) throws IOException;
}
