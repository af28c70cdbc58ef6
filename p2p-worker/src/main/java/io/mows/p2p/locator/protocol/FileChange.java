// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/** One line of an announcement: what became of one file. Values are absolute. Immutable. */
public final class FileChange {
  private static final int PUT = 0;
  private static final int UPDATE = 1;
  private static final int REMOVE = 2;

  private final long fileId;
  private final FileInfo file;
  private final Coverage coverage;

  private FileChange(long fileId, FileInfo file, Coverage coverage) {
    this.fileId = fileId;
    this.file = file;
    this.coverage = coverage;
  }

  /** The peer has {@code coverage} of a file that the directory may not know. */
  public static FileChange put(FileInfo file, Coverage coverage) {
    return new FileChange(file.id(), file, coverage);
  }

  /** The peer has {@code coverage} of a file that it announced before. */
  public static FileChange update(long fileId, Coverage coverage) {
    return new FileChange(fileId, null, coverage);
  }

  /** The peer has nothing of the file any more. */
  public static FileChange remove(long fileId) {
    return new FileChange(fileId, null, null);
  }

  public long fileId() {
    return fileId;
  }

  public boolean isPut() {
    return file != null;
  }

  public boolean isRemoval() {
    return coverage == null;
  }

  /** Null unless {@link #isPut}. */
  public FileInfo file() {
    return file;
  }

  /** Null if {@link #isRemoval}. */
  public Coverage coverage() {
    return coverage;
  }

  void write(WireWriter out) {
    if (isPut()) {
      out.putByte(PUT);
      file.write(out);
      out.putNumber(coverage.code());
    } else if (isRemoval()) {
      out.putByte(REMOVE).putLong(fileId);
    } else {
      out.putByte(UPDATE).putLong(fileId).putNumber(coverage.code());
    }
  }

  static FileChange read(WireReader in) throws WireException {
    int kind = in.readByte();
    switch (kind) {
      case PUT:
        return put(FileInfo.read(in), readCoverage(in));
      case UPDATE:
        return update(in.readLong(), readCoverage(in));
      case REMOVE:
        return remove(in.readLong());
      default:
        throw new WireException("a change is of unknown kind " + kind);
    }
  }

  public static Coverage readCoverage(WireReader in) throws WireException {
    return Coverage.fromCode((int) in.readNumber(Integer.MAX_VALUE, "a coverage"));
  }
}
