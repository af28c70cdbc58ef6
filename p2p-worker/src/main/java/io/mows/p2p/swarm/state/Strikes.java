// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import java.util.HashMap;
import java.util.Map;

/**
 * Remembers who delivered wrong bytes. After a few strikes a peer is in quarantine: nothing is
 * taken from it. The quarantine ends, and doubles each time it has to be repeated.
 */
public final class Strikes {
  private static final int MAX_DOUBLINGS = 6;

  private final int limit;
  private final long quarantineNs;
  private final Map<Long, Entry> entries = new HashMap<>();

  public Strikes(int limit, long quarantineNs) {
    this.limit = limit;
    this.quarantineNs = quarantineNs;
  }

  /** {@code peerId} delivered wrong bytes; returns true if it is in quarantine now. */
  public boolean strike(long peerId, long nowNs) {
    Entry entry = entries.computeIfAbsent(peerId, id -> new Entry());
    entry.strikes++;
    if (entry.strikes < limit) {
      return false;
    }
    entry.strikes = 0;
    entry.quarantined = true;
    entry.endNs = nowNs + (quarantineNs << Math.min(entry.times, MAX_DOUBLINGS));
    entry.times++;
    return true;
  }

  public boolean isQuarantined(long peerId, long nowNs) {
    Entry entry = entries.get(peerId);
    if (entry == null || !entry.quarantined) {
      return false;
    }
    if (entry.endNs - nowNs <= 0) {
      entry.quarantined = false;
    }
    return entry.quarantined;
  }

  private static final class Entry {
    private int strikes;
    private int times;
    private boolean quarantined;
    private long endNs;
  }
}
