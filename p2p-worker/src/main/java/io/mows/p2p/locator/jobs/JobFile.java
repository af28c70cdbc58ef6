// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.jobs;

import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/** One file of a {@link WarmupJob}: enough to name its blocks. Immutable; equal if all is. */
public final class JobFile {
  private final long id;
  private final String path;
  private final long lengthBytes;
  private final long blockBytes;

  /**
   * @param id as {@link FileInfo#id}
   * @param path at most 4 KiB of UTF-8
   * @param lengthBytes at least 1
   * @param blockBytes what the file is cut into; the last block may be shorter
   */
  public JobFile(long id, String path, long lengthBytes, long blockBytes) {
    if (lengthBytes < 1 || blockBytes < 1) {
      throw new IllegalArgumentException(
          path + " has " + lengthBytes + " bytes in blocks of " + blockBytes);
    }
    this.id = id;
    this.path = PeerInfo.bounded(path, FileInfo.MAX_PATH_BYTES, "path");
    this.lengthBytes = lengthBytes;
    this.blockBytes = blockBytes;
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

  public long blockBytes() {
    return blockBytes;
  }

  public int blockCount() {
    return (int) ((lengthBytes - 1) / blockBytes) + 1;
  }

  public long blockLength(int block) {
    return Math.min(blockBytes, lengthBytes - block * blockBytes);
  }

  void write(WireWriter out) {
    out.putLong(id).putText(path).putNumber(lengthBytes).putNumber(blockBytes);
  }

  static JobFile read(WireReader in) throws WireException {
    long id = in.readLong();
    String path = in.readText(FileInfo.MAX_PATH_BYTES, "a path");
    long lengthBytes = in.readNumber(Long.MAX_VALUE, "a length");
    long blockBytes = in.readNumber(Long.MAX_VALUE, "a block size");
    if (lengthBytes < 1
        || blockBytes < 1
        || (lengthBytes - 1) / blockBytes >= JobReport.MAX_BLOCKS) {
      throw new WireException("a file of a job has an impossible length or block size");
    }
    return new JobFile(id, path, lengthBytes, blockBytes);
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof JobFile)) {
      return false;
    }
    JobFile that = (JobFile) other;
    return id == that.id
        && path.equals(that.path)
        && lengthBytes == that.lengthBytes
        && blockBytes == that.blockBytes;
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
