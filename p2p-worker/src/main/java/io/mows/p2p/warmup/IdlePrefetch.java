// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LaneLoads;
import io.mows.p2p.locator.jobs.JobFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While nobody reads, brings models that the group uses into memory that is free: the most used
 * first, one block after the other, never evicting anything. A reader who waits ends what is under
 * way. For the warm-up thread, but for {@link #prefetchedBytes}.
 */
final class IdlePrefetch {
  private static final Logger LOG = LoggerFactory.getLogger(IdlePrefetch.class);
  private static final String LANE = "prefetch";
  private static final long RELIST_NS = TimeUnit.MINUTES.toNanos(2);

  /** Longer than it takes until the whole group has heard that nobody uses a model any more. */
  private static final long FREED_NS = TimeUnit.SECONDS.toNanos(5);

  private static final int BLOCKS_AT_ONCE = 2;

  private final WarmupSettings settings;
  private final WarmupFiles files;
  private final WarmupMemory memory;
  private final LaneLoads loads;
  private final Consumer<Runnable> thread;
  private final IdleRule rule = new IdleRule();
  private final Map<String, Listing> listings = new HashMap<>();
  private final Map<String, Long> freedNs = new HashMap<>();
  private final Set<Long> underWay = new HashSet<>();
  private List<String> models = List.of();
  private long loadingBytes;
  private boolean wasIdle;
  private long steppedNs;
  private final AtomicLong prefetchedBytes = new AtomicLong();

  IdlePrefetch(
      WarmupSettings settings,
      WarmupFiles files,
      WarmupMemory memory,
      LaneLoads loads,
      Consumer<Runnable> thread) {
    this.settings = settings;
    this.files = files;
    this.memory = memory;
    this.loads = loads;
    this.thread = thread;
  }

  /**
   * @param used what the group uses most, first the most used
   * @param busy whether there is warm-up to do that somebody asked for
   */
  void step(List<String> used, boolean busy, long nowNs) {
    if (!settings.prefetchIdle()) {
      return;
    }
    IdleRule.Verdict verdict =
        rule.judge(loads.activity(), busy, settings.linkBytesPerSecond(), nowNs);
    if (!verdict.isIdle()) {
      if (wasIdle && busy) {
        loads.end(LANE);
      }
      wasIdle = false;
      return;
    }
    wasIdle = true;
    freedNs.values().removeIf(freed -> nowNs - freed > FREED_NS);
    models = used;
    steppedNs = nowNs;
    loads.configure(LANE, verdict.bytesPerSecond(), LaneLoads.Manners.ENDS);
    goOn();
  }

  /** Somebody has freed {@code model}: it shall not come back before it is used again. */
  void freed(String model, long nowNs) {
    if (!settings.prefetchIdle()) {
      return;
    }
    freedNs.put(model, nowNs);
    if (!underWay.isEmpty()) {
      loads.end(LANE);
    }
  }

  private void goOn() {
    for (String model : models) {
      if (underWay.size() >= BLOCKS_AT_ONCE) {
        return;
      }
      if (!freedNs.containsKey(model)) {
        prefetch(model);
      }
    }
  }

  private void prefetch(String model) {
    try {
      for (JobFile file : list(model)) {
        FileSpec spec = files.find(file);
        for (int block = 0; block < file.blockCount(); block++) {
          if (underWay.size() >= BLOCKS_AT_ONCE) {
            return;
          }
          if (!memory.holds(spec, block)
              && !underWay.contains(spec.blockId(block))
              && hasRoom(file, block)) {
            load(spec, block);
          }
        }
      }
    } catch (IOException e) {
      LOG.debug("{} is not prefetched", model, e);
      listings.put(model, new Listing(List.of(), steppedNs));
    }
  }

  private List<JobFile> list(String model) throws IOException {
    Listing known = listings.get(model);
    if (known == null || steppedNs - known.timeNs > RELIST_NS) {
      known = new Listing(files.listWanted(model), steppedNs);
      listings.put(model, known);
    }
    return known.files;
  }

  private boolean hasRoom(JobFile file, int block) {
    return rule.hasRoom(
        memory.freeBytes() - loadingBytes, memory.capacityBytes(), file.blockLength(block));
  }

  private void load(FileSpec spec, int block) {
    long bytes = spec.layout().blockLength(block);
    long blockId = spec.blockId(block);
    loadingBytes += bytes;
    underWay.add(blockId);
    loads
        .load(LANE, spec, block, false)
        .whenComplete(
            (done, failure) -> thread.accept(() -> ended(blockId, bytes, failure == null)));
  }

  private void ended(long blockId, long bytes, boolean done) {
    loadingBytes -= bytes;
    underWay.remove(blockId);
    if (done) {
      prefetchedBytes.addAndGet(bytes);
      // Not only with the next step: the link would lie idle until then.
      if (wasIdle) {
        goOn();
      }
    }
  }

  /** Any thread. */
  long prefetchedBytes() {
    return prefetchedBytes.get();
  }

  private static final class Listing {
    final List<JobFile> files;
    final long timeNs;

    Listing(List<JobFile> files, long timeNs) {
      this.files = files;
      this.timeNs = timeNs;
    }
  }
}
