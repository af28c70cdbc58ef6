// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.piece.FileLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * One version of one file: its identity, its layout and where it comes from. Immutable.
 *
 * <p>The id is Alluxio's file id. A file that is replaced at the origin gets a new id when Alluxio
 * notices, so two versions never share a block; {@link OriginRef} is what we compare to notice
 * before Alluxio does.
 */
public final class FileSpec {
  private final long fileId;
  private final String path;
  private final FileLayout layout;
  private final Map<Integer, Long> blockIds;
  private final Map<Long, Integer> blocksById;
  private final OriginRef origin;

  /**
   * @param fileId the file's id, never used again for other content
   * @param path the path users know the file by
   * @param layout pieces and blocks
   * @param blockIds the id of every block, in order
   * @param origin where the bytes come from
   */
  public FileSpec(
      long fileId, String path, FileLayout layout, Iterable<Long> blockIds, OriginRef origin) {
    this.fileId = fileId;
    this.path = path;
    this.layout = layout;
    this.origin = origin;
    this.blockIds = new HashMap<>();
    this.blocksById = new HashMap<>();
    for (Long id : blockIds) {
      this.blocksById.put(id, this.blockIds.size());
      this.blockIds.put(this.blockIds.size(), id);
    }
    if (this.blockIds.size() != layout.blockCount()) {
      throw new IllegalArgumentException(
          path
              + " of "
              + layout.lengthBytes()
              + " bytes should have "
              + layout.blockCount()
              + " blocks but has "
              + this.blockIds.size());
    }
  }

  public long fileId() {
    return fileId;
  }

  public String path() {
    return path;
  }

  public FileLayout layout() {
    return layout;
  }

  public OriginRef origin() {
    return origin;
  }

  public long blockId(int block) {
    return blockIds.get(block);
  }

  /** The index of the block with this id, or -1 if it is not a block of this file. */
  public int blockOf(long blockId) {
    return blocksById.getOrDefault(blockId, -1);
  }

  @Override
  public String toString() {
    return path + " (id " + fileId + ", " + layout.lengthBytes() + " bytes)";
  }
}
