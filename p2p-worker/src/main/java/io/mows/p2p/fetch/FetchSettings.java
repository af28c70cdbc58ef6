// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.swarm.Backoff;
import java.util.concurrent.TimeUnit;

/** How the engine works. Immutable. */
public final class FetchSettings {
  final int maxReads;
  final int pieceBytes;
  final long uncachedBytes;
  final long readTimeoutMs;
  final long lingerNs;
  final Backoff backoff;

  /**
   * @param maxReads reads from the source in flight at most
   * @param pieceBytes the piece size of all files
   * @param uncachedBytes memory for pieces that do not fit into the cache
   * @param readTimeoutMs how long a reader waits for one piece before it is told to give up
   * @param lingerMs how long an unfinished block that nobody wants any more is kept
   * @param backoff when failed reads are tried again
   */
  public FetchSettings(
      int maxReads,
      int pieceBytes,
      long uncachedBytes,
      long readTimeoutMs,
      long lingerMs,
      Backoff backoff) {
    this.maxReads = maxReads;
    this.pieceBytes = pieceBytes;
    this.uncachedBytes = uncachedBytes;
    this.readTimeoutMs = readTimeoutMs;
    this.lingerNs = TimeUnit.MILLISECONDS.toNanos(lingerMs);
    this.backoff = backoff;
  }
}
