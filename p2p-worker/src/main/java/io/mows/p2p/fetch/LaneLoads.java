// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.fetch.engine.FetchEngine;
import java.util.concurrent.CompletableFuture;

/**
 * Brings blocks into the cache behind what readers wait for. Blocks are loaded in lanes, each with
 * its own rate and in its own order. Thread-safe; returns at once.
 */
public interface LaneLoads {
  /** No limit to the rate of a lane. */
  long UNLIMITED = 0;

  /**
   * Sets how fast a lane goes. To be called before it is used, or later to change it.
   *
   * @param bytesPerSecond {@link #UNLIMITED}, or what is asked for on average
   */
  void configure(String lane, long bytesPerSecond, Manners manners);

  /**
   * Brings a block into the cache when its turn comes.
   *
   * @param assigned whether this worker is the one that has to read it from the origin if no other
   *     worker has it
   * @return ends when it is committed; fails as {@link FetchEngine#load} does, or when the lane
   *     ends
   */
  CompletableFuture<Void> load(String lane, FileSpec file, int block, boolean assigned);

  /** Ends a lane: what is in it fails with a {@link LaneEndedException}. */
  void end(String lane);

  /** As {@link #end}, but blocks of which something is here or on its way go on. */
  void endWaiting(String lane);

  /** Bytes that have arrived of blocks that are not complete. */
  long partialBytes(String lane);

  /** What else goes on here. */
  Activity activity();

  /** What a lane does while a reader waits for something, anywhere on this worker. */
  enum Manners {
    /** It goes on with a piece at a time. */
    SLOWS_DOWN,
    /** It ends, what is under way included; its loads fail. */
    ENDS
  }

  /** The lane of this load was ended. */
  final class LaneEndedException extends Exception {
    private static final long serialVersionUID = 1L;

    public LaneEndedException() {
      super("It was called off", null, false, false);
    }
  }

  /** What else goes on at this worker. Immutable. */
  final class Activity {
    private final boolean hadReaders;
    private final long lastReaderNs;
    private final boolean othersFetch;
    private final long otherBytes;

    /**
     * @param othersFetch whether files are being fetched for anybody but the lanes
     * @param otherBytes that went to peers since the worker started
     */
    public Activity(boolean hadReaders, long lastReaderNs, boolean othersFetch, long otherBytes) {
      this.hadReaders = hadReaders;
      this.lastReaderNs = lastReaderNs;
      this.othersFetch = othersFetch;
      this.otherBytes = otherBytes;
    }

    /** Whether any reader ever waited. */
    public boolean hadReaders() {
      return hadReaders;
    }

    /** When one last did, by the engine's clock. */
    public long lastReaderNs() {
      return lastReaderNs;
    }

    public boolean othersFetch() {
      return othersFetch;
    }

    public long otherBytes() {
      return otherBytes;
    }
  }
}
