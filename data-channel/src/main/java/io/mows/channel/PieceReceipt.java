// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

/** A piece that arrived whole. Immutable. */
public final class PieceReceipt {
  private final int crc32;
  private final int lengthBytes;
  private final long elapsedNs;

  public PieceReceipt(int crc32, int lengthBytes, long elapsedNs) {
    this.crc32 = crc32;
    this.lengthBytes = lengthBytes;
    this.elapsedNs = elapsedNs;
  }

  /** The CRC32 of the bytes that were received, equal to what the peer announced. */
  public int crc32() {
    return crc32;
  }

  public int lengthBytes() {
    return lengthBytes;
  }

  /** From the request to the last byte. */
  public long elapsedNs() {
    return elapsedNs;
  }
}
