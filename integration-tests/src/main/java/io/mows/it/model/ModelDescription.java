// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import java.nio.file.Path;
import java.util.List;

/** What {@link SyntheticModel#write} wrote. Immutable. */
public final class ModelDescription {
  private final Path dir;
  private final List<ModelFile> files;

  ModelDescription(Path dir, List<ModelFile> files) {
    this.dir = dir;
    this.files = List.copyOf(files);
  }

  public Path dir() {
    return dir;
  }

  /** Every file but the manifest: the shards in order, then the small files. */
  public List<ModelFile> files() {
    return files;
  }

  /** Bytes of all {@link #files()} together. */
  public long lengthBytes() {
    return files.stream().mapToLong(ModelFile::lengthBytes).sum();
  }

  /** One file of the model. Immutable. */
  public static final class ModelFile {
    private final String path;
    private final long lengthBytes;
    private final int crc32;

    ModelFile(String path, long lengthBytes, int crc32) {
      this.path = path;
      this.lengthBytes = lengthBytes;
      this.crc32 = crc32;
    }

    /** Relative to the model directory. */
    public String path() {
      return path;
    }

    public long lengthBytes() {
      return lengthBytes;
    }

    public int crc32() {
      return crc32;
    }

    @Override
    public String toString() {
      return String.format("%08x %s (%d bytes)", crc32, path, lengthBytes);
    }
  }
}
