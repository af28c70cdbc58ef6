// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.LaneLoads.Manners;
import io.mows.p2p.fetch.state.FetchEffects;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Brings blocks into the cache behind what readers wait for: asks for a few pieces ahead only, so
 * that it can be slowed down to a rate, give way, and end at once. Blocks are loaded in lanes, each
 * with its own rate and in its own order. For the engine's thread.
 */
public final class LoadLanes {
  private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long AWAY_NS = TimeUnit.MILLISECONDS.toNanos(300);

  private final LaneBlock.Files files;
  private final FetchEffects effects;
  private final Map<String, LoadLane> lanes = new LinkedHashMap<>();
  private long windowBytes = Long.MAX_VALUE;
  private boolean hadReaders;
  private boolean isBusy;
  private long nextNs;

  LoadLanes(LaneBlock.Files files, FetchEffects effects) {
    this.files = files;
    this.effects = effects;
  }

  /** What a lane may have asked for and not yet got, at most. */
  void setWindow(long bytes) {
    windowBytes = bytes;
  }

  private LoadLane lane(String name) {
    return lanes.computeIfAbsent(name, n -> new LoadLane(n, files, effects));
  }

  void configure(String name, long bytesPerSecond, Manners manners, long nowNs) {
    lane(name).pace().setRate(bytesPerSecond, nowNs);
    lane(name).setManners(manners);
  }

  void load(String name, LaneBlock block, long nowNs) {
    lane(name).add(block);
    if (!isBusy) {
      isBusy = true;
      nextNs = nowNs;
    }
  }

  void end(String name) {
    if (lanes.containsKey(name)) {
      lanes.get(name).end();
    }
  }

  void endWaiting(String name) {
    if (lanes.containsKey(name)) {
      lanes.get(name).endWaiting();
    }
  }

  void endAll() {
    lanes.values().forEach(LoadLane::end);
  }

  /**
   * Asks for what may be asked for now; gives way in the same turn in which a reader comes.
   *
   * @return when to call again if nothing happens
   */
  OptionalLong step(ReadRules readers, long nowNs) {
    if (!isBusy) {
      return OptionalLong.empty();
    }
    boolean active = readers.isActive(AWAY_NS, nowNs);
    if (nextNs - nowNs <= 0 || (active && !hadReaders)) {
      isBusy = false;
      for (LoadLane lane : lanes.values()) {
        lane.step(windowBytes, active, nowNs);
        isBusy |= !lane.isEmpty();
      }
      nextNs = nowNs + STEP_NS;
    }
    hadReaders = active;
    return isBusy ? OptionalLong.of(nextNs) : OptionalLong.empty();
  }
}
