// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/** A file as the directory knows it. Immutable; equal if all fields are. */
public final class FileInfo {
  public static final int MAX_PATH_BYTES = 4096;

  private final long id;
  private final String path;
  private final long lengthBytes;

  /**
   * @param id Alluxio's file id: a file that changes gets a new one
   * @param path Alluxio path, at most 4,096 bytes of UTF-8
   */
  public FileInfo(long id, String path, long lengthBytes) {
    if (lengthBytes < 0) {
      throw new IllegalArgumentException("The length of " + path + " is " + lengthBytes);
    }
    this.id = id;
    this.path = PeerInfo.bounded(path, MAX_PATH_BYTES, "path");
    this.lengthBytes = lengthBytes;
  }

  public long id() {
    return id;
  }

  public String path() {
    return path;
  }

  public long lengthBytes() {
    return lengthBytes;
  }

  public void write(WireWriter out) {
    out.putLong(id).putText(path).putNumber(lengthBytes);
  }

  public static FileInfo read(WireReader in) throws WireException {
    return new FileInfo(
        in.readLong(),
        in.readText(MAX_PATH_BYTES, "a path"),
        in.readNumber(Long.MAX_VALUE, "a file's length"));
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof FileInfo)) {
      return false;
    }
    FileInfo that = (FileInfo) other;
    return id == that.id && lengthBytes == that.lengthBytes && path.equals(that.path);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }

  @Override
  public String toString() {
    return path + " (id " + id + ", " + lengthBytes + " bytes)";
  }
}
