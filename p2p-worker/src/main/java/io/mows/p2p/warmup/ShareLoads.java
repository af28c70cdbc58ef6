// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LaneLoads;
import io.mows.p2p.fetch.LaneLoads.LaneEndedException;
import io.mows.p2p.thread.Futures;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The blocks of one job that are being loaded, have been here, or could not be loaded and when they
 * are tried again. For the warm-up thread.
 */
final class ShareLoads {
  private final LaneLoads loads;
  private final String lane;
  private final Executor thread;
  private final Runnable idle;
  private final BitSet wasHere = new BitSet();
  private final BitSet loading = new BitSet();
  private final RetryTimes retries = new RetryTimes();
  private final Map<Integer, String> lastFailures = new HashMap<>();
  private long loadingBytes;
  private boolean ended;

  /**
   * @param lane the name of the job's lane in {@code loads}
   * @param thread runs something on the warm-up thread
   * @param idle is told there when nothing is being loaded any more
   */
  ShareLoads(LaneLoads loads, String lane, Executor thread, Runnable idle) {
    this.loads = loads;
    this.lane = lane;
    this.thread = thread;
    this.idle = idle;
  }

  boolean isLoading(int block) {
    return loading.get(block);
  }

  /** What is being loaded takes so much memory. */
  long loadingBytes() {
    return loadingBytes;
  }

  boolean isDue(int block, long nowNs) {
    return retries.isDue(block, nowNs);
  }

  Optional<String> lastFailure(int block) {
    return Optional.ofNullable(lastFailures.get(block));
  }

  /** Whether it has been in memory since the job has these files. */
  boolean wasHere(int block) {
    return wasHere.get(block);
  }

  /** It is in memory. */
  void found(int block) {
    wasHere.set(block);
    retries.succeeded(block);
  }

  /**
   * Begins to load a block.
   *
   * @param isFirst whether this worker reads it from the origin if nobody has it
   */
  void load(int block, FileSpec spec, int blockInFile, boolean isFirst, long nowNs) {
    long bytes = spec.layout().blockLength(blockInFile);
    loading.set(block);
    loadingBytes += bytes;
    loads
        .load(lane, spec, blockInFile, isFirst)
        .whenComplete(
            (done, failure) -> thread.execute(() -> finished(block, bytes, failure, nowNs)));
  }

  private void finished(int block, long bytes, Throwable outcome, long startedNs) {
    loading.clear(block);
    loadingBytes -= bytes;
    note(block, outcome, startedNs);
    if (loading.isEmpty()) {
      idle.run();
    }
  }

  private void note(int block, Throwable outcome, long startedNs) {
    if (outcome == null) {
      lastFailures.remove(block);
      wasHere.set(block);
      return;
    }
    Throwable failure = Futures.causeOf(outcome);
    if (!ended && !(failure instanceof LaneEndedException)) {
      retries.failed(block, startedNs);
      lastFailures.put(block, String.valueOf(failure.getMessage()));
    }
  }

  /**
   * The share is another one now. What waits to be loaded for the old one would fill memory that
   * others fill, too: it ends, and what is left of it in the share is asked for again.
   */
  void keepTo(BitSet share) {
    BitSet others = (BitSet) loading.clone();
    others.andNot(share);
    if (!others.isEmpty()) {
      loads.endWaiting(lane);
    }
  }

  /** The job has other files now: what is under way ends. */
  void restart() {
    loads.end(lane);
    wasHere.clear();
  }

  /** The job has been stopped: what is under way ends, what is here stays. */
  void end() {
    ended = true;
    loads.end(lane);
  }
}
