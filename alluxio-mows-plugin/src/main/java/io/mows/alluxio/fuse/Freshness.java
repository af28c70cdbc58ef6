// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import io.mows.alluxio.fuse.kernel.KernelOptions;
import java.util.function.ToLongFunction;

/**
 * How old what the master has said of a path may be when a file is opened. The kernel may answer
 * from what it was told for as long as the mount options say, so an open may, too; but never for
 * longer than Alluxio itself may, nor for longer than libfuse's kernel would by default: Alluxio's
 * default for the two options is ten minutes, and an open has always asked.
 */
final class Freshness {
  private static final long MAX_MS = 1_000;

  private Freshness() {}

  /**
   * @param options of the mount
   * @param syncIntervalMs for a path: how old Alluxio's metadata may be; 0: it is asked each time;
   *     negative: as old as they are
   */
  static ToLongFunction<AlluxioURI> of(
      KernelOptions options, ToLongFunction<AlluxioURI> syncIntervalMs) {
    long validMs = Math.min(options.entryValidMs(), options.attributesValidMs());
    long maxMs = Math.min(MAX_MS, validMs);
    return path -> {
      long intervalMs = syncIntervalMs.applyAsLong(path);
      return intervalMs < 0 ? maxMs : Math.min(maxMs, intervalMs);
    };
  }
}
