// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Pseudo-random bytes of a file, known at every offset without keeping them. Immutable. */
final class TestContent {
  private static final int CHUNK_BYTES = 1 << 20;

  private final long seed;
  private final long lengthBytes;

  TestContent(long seed, long lengthBytes) {
    this.seed = seed;
    this.lengthBytes = lengthBytes;
  }

  long lengthBytes() {
    return lengthBytes;
  }

  void writeTo(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      writeTo(out);
    }
  }

  void writeTo(OutputStream out) throws IOException {
    for (long at = 0; at < lengthBytes; at += CHUNK_BYTES) {
      out.write(chunk(at / CHUNK_BYTES), 0, (int) Math.min(CHUNK_BYTES, lengthBytes - at));
    }
  }

  /** Fails unless {@code in} delivers exactly this content, in reads of {@code readBytes}. */
  void assertSameAs(InputStream in, int readBytes) throws IOException {
    byte[] buffer = new byte[readBytes];
    byte[] chunk = chunk(0);
    long at = 0;
    while (at < lengthBytes) {
      int count = in.read(buffer, 0, readBytes);
      assertTrue(count > 0, "the stream ends at " + at + " of " + lengthBytes);
      for (int i = 0; i < count; i++, at++) {
        int inChunk = (int) (at % CHUNK_BYTES);
        if (inChunk == 0) {
          chunk = chunk(at / CHUNK_BYTES);
        }
        if (buffer[i] != chunk[inChunk]) {
          fail("Byte " + at + " is wrong, seed " + seed);
        }
      }
    }
    assertEquals(lengthBytes, at);
    assertEquals(-1, in.read(), "bytes behind the end");
  }

  /** Fails unless {@code got} is what stands at {@code offset}. */
  void assertSame(long offset, byte[] got) {
    assertArrayEquals(bytes(offset, got.length), got, "seed " + seed + ", bytes from " + offset);
  }

  byte[] bytes(long offset, int count) {
    byte[] bytes = new byte[count];
    int done = 0;
    while (done < count) {
      long at = offset + done;
      int inChunk = (int) (at % CHUNK_BYTES);
      int part = Math.min(count - done, CHUNK_BYTES - inChunk);
      System.arraycopy(chunk(at / CHUNK_BYTES), inChunk, bytes, done, part);
      done += part;
    }
    return bytes;
  }

  private byte[] chunk(long index) {
    byte[] chunk = new byte[CHUNK_BYTES];
    new Random(seed * 31 + index).nextBytes(chunk);
    return chunk;
  }
}
