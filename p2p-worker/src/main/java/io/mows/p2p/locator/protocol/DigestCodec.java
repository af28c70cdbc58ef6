// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceDigest;

/** The digest of one file as bytes, in entries, answers and snapshots. */
public final class DigestCodec {
  /** So that one fits into an entry: 0.9 TiB at 4 MiB a piece. Longer files are not shared. */
  public static final int MAX_PIECES_OF_FILE = 240_000;

  private DigestCodec() {}

  public static void write(PieceDigest digest, WireWriter out) {
    out.putNumber(digest.lengthBytes()).putNumber(digest.pieceBytes());
    for (int piece = 0; piece < digest.pieceCount(); piece++) {
      int crc = digest.crc32(piece);
      out.putByte(crc >>> 24).putByte(crc >>> 16).putByte(crc >>> 8).putByte(crc);
    }
  }

  public static PieceDigest read(WireReader in) throws WireException {
    long length = in.readNumber(Long.MAX_VALUE, "a file's length");
    int pieceBytes = (int) in.readNumber(Integer.MAX_VALUE, "a piece's length");
    if (pieceBytes == 0 || (length - 1) / pieceBytes >= MAX_PIECES_OF_FILE) {
      throw new WireException("a digest has " + length + " bytes in pieces of " + pieceBytes);
    }
    int pieces = new FileLayout(length, Math.max(1, length), pieceBytes).pieceCount();
    if (in.remaining() < Integer.BYTES * pieces) {
      throw new WireException("a digest is cut short");
    }
    int[] crcs = new int[pieces];
    for (int piece = 0; piece < crcs.length; piece++) {
      crcs[piece] = in.readByte() << 24 | in.readByte() << 16 | in.readByte() << 8 | in.readByte();
    }
    return new PieceDigest(length, pieceBytes, crcs);
  }
}
