// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

/** One entry of a directory's listing. Immutable. */
public final class ListedFile {
  private final String path;
  private final long lengthBytes;
  private final boolean directory;

  private ListedFile(String path, long lengthBytes, boolean directory) {
    this.path = path;
    this.lengthBytes = lengthBytes;
    this.directory = directory;
  }

  /**
   * @param path absolute
   */
  public static ListedFile file(String path, long lengthBytes) {
    return new ListedFile(path, lengthBytes, false);
  }

  /**
   * @param path absolute, without a slash at the end
   */
  public static ListedFile directory(String path) {
    return new ListedFile(path, 0, true);
  }

  public String path() {
    return path;
  }

  /** What comes after the last slash. */
  public String name() {
    return Paths.name(path);
  }

  public long lengthBytes() {
    return lengthBytes;
  }

  public boolean isDirectory() {
    return directory;
  }

  @Override
  public String toString() {
    return path;
  }
}
