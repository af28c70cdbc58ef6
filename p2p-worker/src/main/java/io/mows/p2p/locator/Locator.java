// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import io.mows.p2p.piece.PieceDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A worker's view of the directory: it says what this worker has and tells who else has something.
 * Thread-safe; no method but {@link #close} blocks.
 *
 * <p>A directory, not a dependency. When it cannot be reached, announcements are kept and said
 * again in full when it is back, and lookups end with the last known answer and its age.
 */
public interface Locator extends AutoCloseable {
  /**
   * This worker has, or starts getting, {@code coverage} of {@code file}. To be called on every
   * change, each piece even: what others need to know soon (a file appears, is complete, is a
   * quarter further) goes out at once, or within a second if there has just been news; all else
   * with the next heartbeat, only the last value.
   */
  void announce(FileInfo file, Coverage coverage);

  /** This worker has nothing of the file any more and is not getting it. */
  void withdraw(long fileId);

  /**
   * Who has these files. They are asked for together.
   *
   * @return one for each file, in order; never fails; ends within the lookup timeout. {@link
   *     Lookup#ageMs} tells how far to trust it.
   */
  List<CompletableFuture<Lookup>> lookup(List<Long> fileIds);

  /** Who has one file. */
  default CompletableFuture<Lookup> lookup(long fileId) {
    return lookup(List.of(fileId)).get(0);
  }

  /** This worker, which has something of the file, has proven it. */
  void prove(long fileId, PieceDigest digest);

  /**
   * The digest of a file that some worker says it has proven: to be compared with a manifest.
   *
   * @return never fails; ends within the lookup timeout, empty if nobody has or knows
   */
  CompletableFuture<Optional<PieceDigest>> digest(long fileId);

  /**
   * All peers, and up to {@code maxFiles} (10,000 at most) files whose path starts with {@code
   * pathPrefix}. For an operator: not cached.
   *
   * @return fails with {@link java.io.IOException} if no member of the directory answers
   */
  CompletableFuture<LocatorStatus> status(String pathPrefix, int maxFiles);

  LocatorHealth health();

  /** Takes leave of the directory, at most for a second, and ends all threads. */
  @Override
  void close();
}
