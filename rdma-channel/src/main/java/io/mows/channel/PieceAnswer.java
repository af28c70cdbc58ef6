// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import io.mows.channel.memory.BlockParts;

/** The answer to a peer's request: the bytes, or why not. Immutable. */
public final class PieceAnswer {
  private final BlockParts bytes;
  private final int crc32;
  private final Runnable release;
  private final RefusalReason refusal;

  private PieceAnswer(BlockParts bytes, int crc32, Runnable release, RefusalReason refusal) {
    this.bytes = bytes;
    this.crc32 = crc32;
    this.release = release;
    this.refusal = refusal;
  }

  /**
   * The bytes. From here to {@code release} they belong to the channel: the block files must stay
   * open and their bytes as they are. (A file may be unlinked meanwhile. One that is closed may
   * lend its descriptor's number to another file, and that file's bytes would be sent.)
   *
   * @param bytes exactly what was asked for
   * @param crc32 the CRC32 of these bytes
   * @param release called exactly once, on an I/O thread, when the kernel has taken the last byte,
   *     or the request was cancelled, or the connection is gone; must neither block nor throw
   */
  public static PieceAnswer of(BlockParts bytes, int crc32, Runnable release) {
    return new PieceAnswer(bytes, crc32, release, null);
  }

  public static PieceAnswer refuse(RefusalReason reason) {
    return new PieceAnswer(BlockParts.empty(), 0, () -> {}, reason);
  }

  /** Why not, or null if {@link #bytes} are there. */
  public RefusalReason refusal() {
    return refusal;
  }

  public BlockParts bytes() {
    return bytes;
  }

  public int crc32() {
    return crc32;
  }

  public void release() {
    release.run();
  }
}
