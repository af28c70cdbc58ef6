// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

/** Which bytes are asked for. Immutable. */
public final class PieceRequest {
  private final long fileId;
  private final int piece;
  private final int offset;
  private final int lengthBytes;
  private final boolean urgent;

  /**
   * @param piece the piece's index
   * @param offset from the start of the piece
   * @param lengthBytes at least one; with {@code offset} at most {@link
   *     ChannelSettings#MAX_PIECE_BYTES}
   * @param urgent whether somebody waits for it
   */
  public PieceRequest(long fileId, int piece, int offset, int lengthBytes, boolean urgent) {
    if (!isSensible(piece, offset, lengthBytes)) {
      throw new IllegalArgumentException(
          "No such request: piece " + piece + ", bytes " + offset + "+" + lengthBytes);
    }
    this.fileId = fileId;
    this.piece = piece;
    this.offset = offset;
    this.lengthBytes = lengthBytes;
    this.urgent = urgent;
  }

  /** Whether there can be such a request at all. */
  public static boolean isSensible(int piece, int offset, int lengthBytes) {
    return piece >= 0
        && offset >= 0
        && lengthBytes > 0
        && (long) offset + lengthBytes <= ChannelSettings.MAX_PIECE_BYTES;
  }

  public long fileId() {
    return fileId;
  }

  public int piece() {
    return piece;
  }

  public int offset() {
    return offset;
  }

  public int lengthBytes() {
    return lengthBytes;
  }

  /** Whether somebody waits for it. The peer may serve it first; the channel itself does not. */
  public boolean isUrgent() {
    return urgent;
  }

  @Override
  public String toString() {
    String bytes = (urgent ? "urgent bytes " : "bytes ") + offset + "+" + lengthBytes;
    return bytes + " of piece " + piece + " of file " + fileId;
  }
}
