// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.origin.OriginFault;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Fetches that tests make up; in this package because the engine alone makes real ones. */
public final class FakeProgress {
  /** Of every fetch. */
  public static final int PIECE_BYTES = 100;

  private FakeProgress() {}

  /**
   * @param lengthBytes of the file, which is one block or empty
   */
  public static FetchProgress of(long fileId, String path, long lengthBytes, int readablePieces) {
    return new FetchProgress(
        file(fileId, path, lengthBytes), readablePieces, Optional.empty(), Waiters.NONE);
  }

  /**
   * One that waits for its origin.
   *
   * @param forMs since when
   */
  public static FetchProgress waiting(long fileId, String path, OriginFault fault, long forMs) {
    FileSpec file = file(fileId, path, PIECE_BYTES);
    long forNs = TimeUnit.MILLISECONDS.toNanos(forMs);
    OriginWait wait = new OriginWait(file, fault, "so it says", forNs, false);
    return new FetchProgress(file, 0, Optional.of(wait), new Waiters(3, 1, 0));
  }

  private static FileSpec file(long fileId, String path, long lengthBytes) {
    FileLayout layout = new FileLayout(lengthBytes, Math.max(1, lengthBytes), PIECE_BYTES);
    List<Long> blocks = lengthBytes > 0 ? List.of(fileId) : List.of();
    return new FileSpec(fileId, path, layout, blocks, new OriginRef(1, path, "v1", 0));
  }
}
