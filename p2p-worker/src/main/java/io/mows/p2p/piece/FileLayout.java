// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import java.util.BitSet;

/**
 * The arithmetic of one file: how it is cut into pieces (the unit of transfer) and into blocks (the
 * unit of caching). The two grids are independent, a piece may lie in several blocks. Immutable.
 */
public final class FileLayout {
  private final long lengthBytes;
  private final long blockBytes;
  private final int pieceBytes;

  /**
   * @param lengthBytes length of the file, zero or more
   * @param blockBytes length of every block but the last
   * @param pieceBytes length of every piece but the last
   */
  public FileLayout(long lengthBytes, long blockBytes, int pieceBytes) {
    if (lengthBytes < 0 || blockBytes <= 0 || pieceBytes <= 0) {
      throw new IllegalArgumentException(
          "No layout: length " + lengthBytes + ", block " + blockBytes + ", piece " + pieceBytes);
    }
    long smallest = Math.min(pieceBytes, blockBytes);
    if (divideUp(lengthBytes, smallest) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "A file of " + lengthBytes + " bytes has too many parts of " + smallest + " bytes");
    }
    this.lengthBytes = lengthBytes;
    this.blockBytes = blockBytes;
    this.pieceBytes = pieceBytes;
  }

  public long lengthBytes() {
    return lengthBytes;
  }

  public int pieceBytes() {
    return pieceBytes;
  }

  public int pieceCount() {
    return (int) divideUp(lengthBytes, pieceBytes);
  }

  /** The piece that holds the byte at {@code offset}. */
  public int pieceAt(long offset) {
    return (int) (offset / pieceBytes);
  }

  public long pieceOffset(int piece) {
    return (long) piece * pieceBytes;
  }

  public int pieceLength(int piece) {
    return (int) Math.min(pieceBytes, lengthBytes - pieceOffset(piece));
  }

  /** The offset behind the last byte of {@code piece}. */
  public long pieceEnd(int piece) {
    return pieceOffset(piece) + pieceLength(piece);
  }

  public int blockCount() {
    return (int) divideUp(lengthBytes, blockBytes);
  }

  /** The block that holds the byte at {@code offset}. */
  public int blockAt(long offset) {
    return (int) (offset / blockBytes);
  }

  public long blockOffset(int block) {
    return block * blockBytes;
  }

  public long blockLength(int block) {
    return Math.min(blockBytes, lengthBytes - blockOffset(block));
  }

  /** The offset behind the last byte of {@code block}. */
  public long blockEnd(int block) {
    return blockOffset(block) + blockLength(block);
  }

  public int firstPieceOfBlock(int block) {
    return pieceAt(blockOffset(block));
  }

  public int lastPieceOfBlock(int block) {
    return pieceAt(blockEnd(block) - 1);
  }

  public int firstBlockOfPiece(int piece) {
    return blockAt(pieceOffset(piece));
  }

  public int lastBlockOfPiece(int piece) {
    return blockAt(pieceEnd(piece) - 1);
  }

  /** Whether all blocks that {@code piece} lies in are among {@code blocks}. */
  public boolean isWithin(int piece, BitSet blocks) {
    return blocks.nextClearBit(firstBlockOfPiece(piece)) > lastBlockOfPiece(piece);
  }

  /** The pieces that lie wholly in {@code blocks}. */
  public BitSet piecesWithin(BitSet blocks) {
    BitSet pieces = new BitSet();
    for (int piece = 0; piece < pieceCount(); piece++) {
      pieces.set(piece, isWithin(piece, blocks));
    }
    return pieces;
  }

  private static long divideUp(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}
