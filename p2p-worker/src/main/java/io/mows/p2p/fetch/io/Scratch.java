// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.p2p.fetch.PieceSink;
import java.nio.ByteBuffer;

/**
 * A piece that is arriving from elsewhere as well, aside until it is whole. Allocated by who writes
 * the first bytes, not by the engine's thread. For one thread at a time.
 */
final class Scratch implements PieceSink {
  private final int lengthBytes;
  private ByteBuffer bytes;

  Scratch(int lengthBytes) {
    this.lengthBytes = lengthBytes;
  }

  @Override
  public void write(int offset, ByteBuffer src) {
    if (bytes == null) {
      bytes = ByteBuffer.allocate(lengthBytes);
    }
    bytes.duplicate().position(offset).put(src);
  }

  /** All bytes; call when they have been written. */
  ByteBuffer bytes() {
    return bytes;
  }
}
