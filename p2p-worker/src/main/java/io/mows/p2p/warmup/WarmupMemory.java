// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.fetch.FileSpec;

/** The memory of this worker, for warm-up. Thread-safe; only {@link #drop} may block. */
public interface WarmupMemory {
  /**
   * Whether all of a block is in memory and was checked on its way there: each piece by the CRC32
   * that travels with it, and the version at the origin. Where there is a manifest, its word will
   * count here, too.
   */
  boolean holds(FileSpec file, int block);

  /**
   * Removes a block from memory. Waits for those who just read it.
   *
   * @return false if it is not there or stays in use
   */
  boolean drop(FileSpec file, int block);

  /** What can be filled without evicting anything. */
  long freeBytes();

  long capacityBytes();
}
