// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.channel.memory.BlockParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Reads parts of blocks for their CRC32. Thread-safe; has a buffer for each thread. */
final class PartsCrc32 {
  private static final int CHUNK_BYTES = 256 << 10;

  private final ThreadLocal<ByteBuffer> buffer =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK_BYTES));

  int of(BlockParts parts) throws IOException {
    CRC32 crc = new CRC32();
    ByteBuffer chunk = buffer.get();
    for (int at = 0; at < parts.lengthBytes(); at += CHUNK_BYTES) {
      chunk.clear().limit(Math.min(CHUNK_BYTES, parts.lengthBytes() - at));
      parts.read(at, chunk);
      crc.update(chunk.flip());
    }
    return (int) crc.getValue();
  }
}
