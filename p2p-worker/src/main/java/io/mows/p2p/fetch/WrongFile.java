// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

/** A file whose bytes are not what its manifest says, read twice. Immutable. */
public final class WrongFile {
  private final FileSpec file;
  private final int expectedCrc32;
  private final int actualCrc32;
  private final String manifest;

  public WrongFile(FileSpec file, int expectedCrc32, int actualCrc32, String manifest) {
    this.file = file;
    this.expectedCrc32 = expectedCrc32;
    this.actualCrc32 = actualCrc32;
    this.manifest = manifest;
  }

  public FileSpec file() {
    return file;
  }

  public int expectedCrc32() {
    return expectedCrc32;
  }

  /** Of what the origin delivered last. */
  public int actualCrc32() {
    return actualCrc32;
  }

  public String manifest() {
    return manifest;
  }

  @Override
  public String toString() {
    return String.format(
        "%s has CRC32 %08x instead of the %08x in %s",
        file.path(), actualCrc32, expectedCrc32, manifest);
  }
}
