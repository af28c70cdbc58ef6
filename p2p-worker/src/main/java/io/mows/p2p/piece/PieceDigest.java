// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import java.util.Arrays;

/** The CRC32s of all pieces of one file, and so that of the file. Immutable. */
public final class PieceDigest {
  private final long lengthBytes;
  private final int pieceBytes;
  private final int[] pieceCrc32s;
  private final int fileCrc32;

  /**
   * @param pieceBytes length of every piece but the last
   * @param pieceCrc32s as many as such a file has pieces
   */
  public PieceDigest(long lengthBytes, int pieceBytes, int[] pieceCrc32s) {
    FileLayout layout = new FileLayout(lengthBytes, Math.max(1, lengthBytes), pieceBytes);
    if (pieceCrc32s.length != layout.pieceCount()) {
      throw new IllegalArgumentException(
          pieceCrc32s.length + " CRC32s for a file of " + layout.pieceCount() + " pieces");
    }
    this.lengthBytes = lengthBytes;
    this.pieceBytes = pieceBytes;
    this.pieceCrc32s = pieceCrc32s.clone();
    this.fileCrc32 = compose(layout, this.pieceCrc32s);
  }

  private static int compose(FileLayout layout, int[] crc32s) {
    int wholePiece = Crc32Math.shift(layout.pieceBytes());
    int file = 0;
    for (int piece = 0; piece < crc32s.length; piece++) {
      int length = layout.pieceLength(piece);
      int shift = length == layout.pieceBytes() ? wholePiece : Crc32Math.shift(length);
      file = Crc32Math.multiply(shift, file) ^ crc32s[piece];
    }
    return file;
  }

  public long lengthBytes() {
    return lengthBytes;
  }

  public int pieceBytes() {
    return pieceBytes;
  }

  public int pieceCount() {
    return pieceCrc32s.length;
  }

  public int crc32(int piece) {
    return pieceCrc32s[piece];
  }

  /** The CRC32 of the whole file. */
  public int fileCrc32() {
    return fileCrc32;
  }

  /** Whether it can be the digest of a file cut like this. */
  public boolean fits(FileLayout layout) {
    return lengthBytes == layout.lengthBytes() && pieceBytes == layout.pieceBytes();
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof PieceDigest)) {
      return false;
    }
    PieceDigest that = (PieceDigest) other;
    return lengthBytes == that.lengthBytes
        && pieceBytes == that.pieceBytes
        && Arrays.equals(pieceCrc32s, that.pieceCrc32s);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pieceCrc32s);
  }

  @Override
  public String toString() {
    return String.format("%08x over %d pieces", fileCrc32, pieceCrc32s.length);
  }
}
