// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** One version of one file, as peers must agree on it before pieces mean anything. Immutable. */
public final class SwarmFile {
  private final long fileId;
  private final long lengthBytes;
  private final int pieceBytes;
  private final String version;

  /**
   * @param fileId Alluxio's file id
   * @param lengthBytes length of the file
   * @param pieceBytes length of every piece but the last
   * @param version tells versions of the file apart, such as an ETag; at most 255 bytes of UTF-8
   */
  public SwarmFile(long fileId, long lengthBytes, int pieceBytes, String version) {
    if (!isSensible(lengthBytes, pieceBytes)
        || version.getBytes(StandardCharsets.UTF_8).length > 255) {
      throw new IllegalArgumentException(
          "No such file in a swarm: id "
              + fileId
              + ", "
              + lengthBytes
              + " bytes in pieces of "
              + pieceBytes
              + ", version "
              + version);
    }
    this.fileId = fileId;
    this.lengthBytes = lengthBytes;
    this.pieceBytes = pieceBytes;
    this.version = version;
  }

  /** Whether there can be such a file: not too many pieces, and not too long ones. */
  public static boolean isSensible(long lengthBytes, int pieceBytes) {
    return lengthBytes >= 0
        && pieceBytes > 0
        && pieceBytes <= ChannelSettings.MAX_PIECE_BYTES
        && lengthBytes <= (long) ChannelSettings.MAX_FILE_PIECES * pieceBytes;
  }

  public long fileId() {
    return fileId;
  }

  public long lengthBytes() {
    return lengthBytes;
  }

  public int pieceBytes() {
    return pieceBytes;
  }

  public String version() {
    return version;
  }

  public int pieceCount() {
    return (int) ((lengthBytes + pieceBytes - 1) / pieceBytes);
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof SwarmFile)) {
      return false;
    }
    SwarmFile that = (SwarmFile) other;
    return fileId == that.fileId
        && lengthBytes == that.lengthBytes
        && pieceBytes == that.pieceBytes
        && version.equals(that.version);
  }

  @Override
  public int hashCode() {
    return Objects.hash(fileId, lengthBytes, pieceBytes, version);
  }

  @Override
  public String toString() {
    return "file " + fileId + " version " + version + " (" + lengthBytes + " bytes)";
  }
}
