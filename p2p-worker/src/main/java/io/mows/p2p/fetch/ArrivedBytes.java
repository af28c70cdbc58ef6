// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.fetch.FetchMetrics.Source;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What has been fetched of each file since the worker started, and how fast it comes now. Knows the
 * files that were fetched last, {@value #MAX_FILES} of them. Thread-safe.
 */
public final class ArrivedBytes {
  private static final int MAX_FILES = 20_000;
  private static final Arrived NOTHING = new Arrived(0, 0, 0, 0);

  private final LongSupplier nanoClock;
  private final Map<Long, Tally> tallies = new LinkedHashMap<>(16, 0.75f, true);

  public ArrivedBytes(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** What has come of one file. Immutable. */
  public static final class Arrived {
    final long originBytes;
    final long peerBytes;

    /** Those of the last seconds, and in which time they came. */
    final long recentBytes;

    final long recentNs;

    Arrived(long originBytes, long peerBytes, long recentBytes, long recentNs) {
      this.originBytes = originBytes;
      this.peerBytes = peerBytes;
      this.recentBytes = recentBytes;
      this.recentNs = recentNs;
    }
  }

  /** A piece of this file has come. */
  public synchronized void add(long fileId, Source from, int bytes) {
    Tally tally = tallies.computeIfAbsent(fileId, id -> new Tally());
    if (from == Source.ORIGIN) {
      tally.originBytes += bytes;
    } else if (from != Source.LINK) {
      tally.peerBytes += bytes;
    }
    tally.recent.add(nanoClock.getAsLong(), bytes);
    if (tallies.size() > MAX_FILES) {
      tallies.remove(tallies.keySet().iterator().next());
    }
  }

  public synchronized Arrived of(long fileId) {
    Tally tally = tallies.get(fileId);
    if (tally == null) {
      return NOTHING;
    }
    long nowNs = nanoClock.getAsLong();
    long recentBytes = tally.recent.bytes(nowNs);
    long recentNs = recentBytes == 0 ? 0 : tally.recent.spanNs(nowNs);
    return new Arrived(tally.originBytes, tally.peerBytes, recentBytes, recentNs);
  }

  private static final class Tally {
    private final RecentBytes recent = new RecentBytes();
    private long originBytes;
    private long peerBytes;
  }
}
