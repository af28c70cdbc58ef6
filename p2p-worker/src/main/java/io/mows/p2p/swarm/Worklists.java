// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Which files there is something to do for: a decision looks at those and at no others, so it costs
 * what has changed and not what there is. Whoever changes a file {@link #touch}es it; where it
 * belongs is worked out when somebody looks. All in the order in which files were added. For one
 * thread.
 */
final class Worklists {
  private final TreeSet<FileSwarm> open = new TreeSet<>();
  private final TreeSet<FileSwarm> news = new TreeSet<>();
  private final TreeSet<FileSwarm> rumours = new TreeSet<>();
  private final TreeSet<FileSwarm> giving = new TreeSet<>();
  private final TreeSet<FileSwarm> demandedElsewhere = new TreeSet<>();
  private final TreeSet<FileSwarm> pulling = new TreeSet<>();
  private final TreeSet<FileSwarm> maybeLeft = new TreeSet<>();
  private final List<FileSwarm> touched = new ArrayList<>();
  private final List<FileSwarm> planChanged = new ArrayList<>();
  private long added;
  private long sorted;
  private int busy;
  private int backlog;

  /** The number of the next file. */
  long next() {
    return added++;
  }

  /** Something of {@code file} is different. */
  void touch(FileSwarm file) {
    if (!file.marks.isTouched) {
      file.marks.isTouched = true;
      touched.add(file);
    }
  }

  /** The plan of {@code file} is different, or another one. */
  void planChanged(FileSwarm file) {
    touch(file);
    if (!file.marks.isPlanChanged) {
      file.marks.isPlanChanged = true;
      planChanged.add(file);
    }
  }

  /** Hands out those whose plans have changed since the last call. */
  void takePlanChanged(Consumer<FileSwarm> taker) {
    List<FileSwarm> all = new ArrayList<>(planChanged);
    planChanged.clear();
    for (FileSwarm file : all) {
      file.marks.isPlanChanged = false;
      taker.accept(file);
    }
  }

  private void sort() {
    for (int i = 0; i < touched.size(); i++) {
      FileSwarm file = touched.get(i);
      file.marks.isTouched = false;
      sorted++;
      sort(file);
    }
    touched.clear();
  }

  private void sort(FileSwarm file) {
    FilePlan plan = file.marks.isGone ? null : file.plan;
    boolean isOpen = plan != null && !file.have.isFull();
    set(open, file, isOpen);
    set(maybeLeft, file, isOpen && file.shared);
    set(news, file, !file.marks.isGone && file.hasAnythingToTell());
    set(rumours, file, !file.marks.isGone && file.hasRumours());
    set(giving, file, !file.marks.isGone && file.have.count() > 0 && file.isLackedByNeighbour());
    set(demandedElsewhere, file, plan != null && file.demandedElsewhere.count() > 0);
    boolean isBusy = plan != null && !plan.isIdle();
    busy += (isBusy ? 1 : 0) - (file.marks.isBusy ? 1 : 0);
    file.marks.isBusy = isBusy;
    int more = plan == null ? 0 : plan.backlog();
    backlog += more - file.marks.backlog;
    file.marks.backlog = more;
  }

  private static void set(Set<FileSwarm> files, FileSwarm file, boolean isIn) {
    if (isIn) {
      files.add(file);
    } else {
      files.remove(file);
    }
  }

  /** Those that are fetched and not complete. */
  SortedSet<FileSwarm> open() {
    sort();
    return open;
  }

  /** Those of which neighbours are to be told something, now or when there is room; a copy. */
  List<FileSwarm> news() {
    sort();
    return news.isEmpty() ? List.of() : new ArrayList<>(news);
  }

  /** Those of which there are rumours to pass on; a copy. */
  List<FileSwarm> rumours() {
    sort();
    return new ArrayList<>(rumours);
  }

  boolean hasRumours() {
    sort();
    return !rumours.isEmpty();
  }

  /** Those that are here, in part at least, and that a neighbour lacks something of. */
  SortedSet<FileSwarm> giving() {
    sort();
    return giving;
  }

  /** Those of which a reader somewhere else waits for pieces; a copy. */
  List<FileSwarm> demandedElsewhere() {
    sort();
    return demandedElsewhere.isEmpty() ? List.of() : new ArrayList<>(demandedElsewhere);
  }

  /** Those that may have to be asked for; a copy. */
  List<FileSwarm> pulling() {
    return pulling.isEmpty() ? List.of() : new ArrayList<>(pulling);
  }

  void pulling(FileSwarm file, boolean isPulling) {
    set(pulling, file, isPulling);
  }

  /**
   * Those of {@link #open} that have changed since they were removed from these: others may leave
   * something of them undone.
   */
  SortedSet<FileSwarm> maybeLeft() {
    sort();
    return maybeLeft;
  }

  /** Whether any file is being fetched and has something to do. */
  boolean isAnyBusy() {
    sort();
    return busy > 0;
  }

  /** How many pieces are wanted and not started, over all files. */
  int backlog() {
    sort();
    return backlog;
  }

  /** How many files have been looked at until now: what all this costs. */
  long sorted() {
    return sorted;
  }
}
