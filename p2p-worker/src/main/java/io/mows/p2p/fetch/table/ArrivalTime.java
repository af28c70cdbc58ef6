// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import java.util.OptionalLong;

/** How long all of one file took to come, if all of it came now. For the engine's thread. */
public final class ArrivalTime {
  private final long fileBytes;
  private long arrivedBytes;
  private long firstStartNs;

  public ArrivalTime(long fileBytes) {
    this.fileBytes = fileBytes;
  }

  /** A piece is to come, and none was on its way. */
  public void begins(long nowNs) {
    if (arrivedBytes == 0) {
      firstStartNs = nowNs;
    }
  }

  /** So many bytes have come. */
  public void came(int bytes) {
    arrivedBytes += bytes;
  }

  /** Nothing is missing: how long that took; empty if some of it was here before. */
  public OptionalLong takenNs(long nowNs) {
    return arrivedBytes == fileBytes ? OptionalLong.of(nowNs - firstStartNs) : OptionalLong.empty();
  }
}
