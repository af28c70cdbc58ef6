// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import io.mows.alluxio.model.ModelPlanner;
import io.mows.p2p.fetch.FileSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A model that somebody reads: what of it is to be fetched and what has been begun. For one thread.
 */
final class ActiveModel {
  /** Engines read the configuration long before the weights: they import libraries, ask GPUs. */
  static final long BETWEEN_CONFIG_AND_WEIGHTS_NS = TimeUnit.SECONDS.toNanos(90);

  /** They convert a shard before they open the next one. */
  static final long BETWEEN_WEIGHTS_NS = TimeUnit.SECONDS.toNanos(15);

  private static final int MAX_READ = 1_000;

  private final String root;
  private final boolean guessed;
  private final Map<Long, FileSpec> read = new LinkedHashMap<>();
  private final Map<Long, FileSpec> begun = new LinkedHashMap<>();
  private List<FileSpec> plan = new ArrayList<>();
  private String evidence = "";
  private boolean fresh = true;
  private boolean planning;
  private boolean closed;
  private long usedNs;

  /**
   * @param root an Alluxio path
   * @param guessed whether it is not the reader who says what it will read
   */
  ActiveModel(String root, boolean guessed, long nowNs) {
    this.root = root;
    this.guessed = guessed;
    this.usedNs = nowNs;
  }

  String root() {
    return root;
  }

  boolean isGuessed() {
    return guessed;
  }

  /** What the plan follows from. */
  String evidence() {
    return evidence;
  }

  /** False if it is being planned already. */
  boolean beginPlanning() {
    boolean begins = !planning;
    planning = true;
    return begins;
  }

  void endPlanning() {
    planning = false;
  }

  /** Of many files of data only those that are open are worth remembering. */
  void forgetClosed(Set<Long> open) {
    if (read.size() > MAX_READ) {
      read.keySet().removeIf(id -> !open.contains(id));
      Set<Long> ids = fileIds();
      begun.keySet().removeIf(id -> !ids.contains(id));
    }
  }

  /** Whether the reader has said by an open which weights it wants. */
  boolean hasBegunWeights() {
    return ModelPlanner.tellsWeights(evidence);
  }

  /** For a reader who has only looked at the configuration nothing has to go. */
  boolean mayEvict() {
    return !guessed || hasBegunWeights();
  }

  boolean contains(FileSpec file) {
    return read.containsKey(file.fileId())
        || plan.stream().anyMatch(planned -> planned.fileId() == file.fileId());
  }

  /**
   * The reader has opened this file.
   *
   * @return whether another plan follows from that
   */
  boolean opened(FileSpec file, long nowNs) {
    usedNs = nowNs;
    read.put(file.fileId(), file);
    begun.put(file.fileId(), file);
    if (guessed && (evidence.isEmpty() || ModelPlanner.tellsMore(file.path(), evidence))) {
      evidence = file.path();
      return true;
    }
    return false;
  }

  /**
   * What is to be read, in this order.
   *
   * @return what has been begun and is not wanted any more
   */
  List<FileSpec> replan(List<FileSpec> files) {
    plan = new ArrayList<>(files);
    Set<Long> wanted = new HashSet<>(read.keySet());
    files.forEach(file -> wanted.add(file.fileId()));
    List<FileSpec> dropped = new ArrayList<>(begun.values());
    dropped.removeIf(file -> wanted.contains(file.fileId()));
    dropped.forEach(file -> begun.remove(file.fileId()));
    return dropped;
  }

  void add(List<FileSpec> files) {
    plan.addAll(files);
  }

  /** In the order in which it is read. */
  List<FileSpec> planned() {
    return plan;
  }

  /** Whether this is the first time that this is asked. */
  boolean isNew() {
    boolean wasFresh = fresh;
    fresh = false;
    return wasFresh;
  }

  /** What has not been begun yet, in order. */
  List<FileSpec> next() {
    List<FileSpec> next = new ArrayList<>(plan);
    next.removeIf(file -> begun.containsKey(file.fileId()));
    return next;
  }

  void begin(FileSpec file) {
    begun.put(file.fileId(), file);
  }

  List<FileSpec> begun() {
    return new ArrayList<>(begun.values());
  }

  /** Of all that is read, or going to be. */
  Set<Long> fileIds() {
    Set<Long> ids = new HashSet<>(read.keySet());
    plan.forEach(file -> ids.add(file.fileId()));
    return ids;
  }

  /** The reader has said that it is done. */
  void close() {
    closed = true;
  }

  /** When it was used last; now if any file of it is open. */
  long usedNs(Set<Long> open, long nowNs) {
    boolean saysSo = !guessed && !closed;
    if (saysSo || read.keySet().stream().anyMatch(open::contains)) {
      usedNs = nowNs;
    }
    return usedNs;
  }

  /** Nobody reads it any more. */
  boolean isLeft(Set<Long> open, long nowNs) {
    if (!guessed) {
      return closed;
    }
    long pauseNs = hasBegunWeights() ? BETWEEN_WEIGHTS_NS : BETWEEN_CONFIG_AND_WEIGHTS_NS;
    return nowNs - usedNs(open, nowNs) >= pauseNs;
  }
}
