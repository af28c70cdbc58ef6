// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import io.mows.channel.memory.BlockParts;

/** The answer to a peer's request: the bytes, or why not. Immutable. */
public final class PieceAnswer {
  private final BlockParts bytes;
  private final int crc32;
  private final Release release;
  private final RefusalReason refusal;

  private PieceAnswer(BlockParts bytes, int crc32, Release release, RefusalReason refusal) {
    this.bytes = bytes;
    this.crc32 = crc32;
    this.release = release;
    this.refusal = refusal;
  }

  /**
   * The bytes. From here to their release they belong to the channel: the block files must stay
   * open and their bytes as they are. (A file may be unlinked meanwhile. One that is closed may
   * lend its descriptor's number to another file, and that file's bytes would be sent.)
   *
   * @param bytes exactly what was asked for
   * @param crc32 the CRC32 of these bytes
   * @param release called when the channel needs the bytes no more
   */
  public static PieceAnswer of(BlockParts bytes, int crc32, Release release) {
    return new PieceAnswer(bytes, crc32, release, null);
  }

  public static PieceAnswer refuse(RefusalReason reason) {
    return new PieceAnswer(BlockParts.empty(), 0, sent -> {}, reason);
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

  /**
   * For the channel: says that it needs the bytes no more.
   *
   * @param sent see {@link Release#released}
   */
  public void release(boolean sent) {
    release.released(sent);
  }

  /** Gets the bytes of an answer back. */
  @FunctionalInterface
  public interface Release {
    /**
     * The channel needs the bytes no more. Called exactly once, on an I/O thread or, while the
     * channel is being closed, on the thread that answered; must neither block nor throw.
     *
     * @param sent true if the kernel has taken all of them, which is to say that they are on the
     *     wire or nearly so; false if the request was cancelled, the bytes could not be read, or
     *     the connection is gone
     */
    void released(boolean sent);
  }
}
