// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.piece.FileLayout;
import java.util.List;
import java.util.Optional;

/** Fetches that tests make up; in this package because the engine alone makes real ones. */
public final class FakeProgress {
  /** Of every fetch. */
  public static final int PIECE_BYTES = 100;

  private FakeProgress() {}

  /**
   * @param lengthBytes of the file, which is one block or empty
   */
  public static FetchProgress of(long fileId, String path, long lengthBytes, int readablePieces) {
    FileLayout layout = new FileLayout(lengthBytes, Math.max(1, lengthBytes), PIECE_BYTES);
    List<Long> blocks = lengthBytes > 0 ? List.of(fileId) : List.of();
    return new FetchProgress(
        new FileSpec(fileId, path, layout, blocks, new OriginRef(1, path, "v1", 0)),
        readablePieces,
        Optional.empty());
  }
}
