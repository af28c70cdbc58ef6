// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LaneLoads;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Memory, namespace and loads of one worker, in the hands of a test. */
final class FakeWorker implements WarmupFiles, WarmupMemory, LaneLoads {
  private static final int PIECE_BYTES = 4 << 20;

  final Map<Long, CompletableFuture<Void>> loading = new LinkedHashMap<>();
  final Set<Long> memory = new LinkedHashSet<>();
  final Set<String> gone = new LinkedHashSet<>();
  final List<String> ended = new ArrayList<>();
  final Map<String, List<JobFile>> directories = new HashMap<>();
  final Map<String, Long> rates = new HashMap<>();
  final Map<String, Manners> manners = new HashMap<>();
  Activity activity = new Activity(false, 0, false, 0);
  long freeBytes = Long.MAX_VALUE / 2;
  long capacityBytes = 1_000 * Jobs.GIB;
  long assigned;
  List<Failure> hidden = List.of();
  int looks;
  final Map<String, String> faults = new HashMap<>();

  static long blockId(JobFile file, int block) {
    return file.id() * 1_000 + block;
  }

  @Override
  public FileSpec find(JobFile file) throws IOException {
    if (gone.contains(file.path())) {
      throw new IOException(file.path() + " is gone");
    }
    List<Long> blocks = new ArrayList<>();
    for (int block = 0; block < file.blockCount(); block++) {
      blocks.add(blockId(file, block));
    }
    return new FileSpec(
        file.id(),
        file.path(),
        new FileLayout(file.lengthBytes(), file.blockBytes(), PIECE_BYTES),
        blocks,
        new OriginRef(1, "origin", "", 0));
  }

  @Override
  public List<JobFile> list(String path) throws IOException {
    if (!directories.containsKey(path)) {
      throw new IOException(path + " is not there");
    }
    return directories.get(path);
  }

  @Override
  public Optional<String> fault(FileSpec file) {
    return Optional.ofNullable(faults.get(file.path()));
  }

  @Override
  public List<Failure> hidden(String path) {
    looks++;
    return hidden;
  }

  @Override
  public boolean holds(FileSpec file, int block) {
    return memory.contains(file.blockId(block));
  }

  @Override
  public boolean drop(FileSpec file, int block) {
    freeBytes += file.layout().blockLength(block);
    return memory.remove(file.blockId(block));
  }

  @Override
  public long freeBytes() {
    return freeBytes;
  }

  @Override
  public long capacityBytes() {
    return capacityBytes;
  }

  @Override
  public void configure(String lane, long bytesPerSecond, Manners how) {
    rates.put(lane, bytesPerSecond);
    manners.put(lane, how);
  }

  @Override
  public CompletableFuture<Void> load(String lane, FileSpec file, int block, boolean isAssigned) {
    assigned += isAssigned ? 1 : 0;
    CompletableFuture<Void> load = new CompletableFuture<>();
    if (loading.put(file.blockId(block), load) != null) {
      throw new AssertionError(file.blockId(block) + " is loaded twice at once");
    }
    return load;
  }

  /** Here nothing begins before it arrives. */
  @Override
  public void endWaiting(String lane) {
    callOff();
  }

  @Override
  public void end(String lane) {
    ended.add(lane);
    callOff();
  }

  private void callOff() {
    List<CompletableFuture<Void>> all = List.copyOf(loading.values());
    loading.clear();
    all.forEach(load -> load.completeExceptionally(new LaneEndedException()));
  }

  @Override
  public long partialBytes(String lane) {
    return 0;
  }

  @Override
  public Activity activity() {
    return activity;
  }

  /** Everything that is under way arrives. */
  void arrive() {
    Map<Long, CompletableFuture<Void>> all = new LinkedHashMap<>(loading);
    loading.clear();
    memory.addAll(all.keySet());
    all.values().forEach(load -> load.complete(null));
  }

  void fail(long blockId, Exception why) {
    loading.remove(blockId).completeExceptionally(why);
  }
}
