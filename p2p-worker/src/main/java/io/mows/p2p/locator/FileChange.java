// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

/** One line of an announcement: what became of one file. Values are absolute. Immutable. */
final class FileChange {
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
  static FileChange put(FileInfo file, Coverage coverage) {
    return new FileChange(file.id(), file, coverage);
  }

  /** The peer has {@code coverage} of a file that it announced before. */
  static FileChange update(long fileId, Coverage coverage) {
    return new FileChange(fileId, null, coverage);
  }

  /** The peer has nothing of the file any more. */
  static FileChange remove(long fileId) {
    return new FileChange(fileId, null, null);
  }

  long fileId() {
    return fileId;
  }

  boolean isPut() {
    return file != null;
  }

  boolean isRemoval() {
    return coverage == null;
  }

  /** Null unless {@link #isPut}. */
  FileInfo file() {
    return file;
  }

  /** Null if {@link #isRemoval}. */
  Coverage coverage() {
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

  static Coverage readCoverage(WireReader in) throws WireException {
    return Coverage.fromCode((int) in.readNumber(Integer.MAX_VALUE, "a coverage"));
  }
}
