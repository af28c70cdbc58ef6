// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.plan.PieceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Which files there is something to do for: a decision looks at those and at no others, so it costs
 * what has changed and not what there is. Whoever changes a file {@link #touch}es it; where it
 * belongs is worked out when somebody looks. All in the order in which files were added. For one
 * thread.
 */
public final class Worklists {
  private final FileList open = new FileList(0);
  private final FileList news = new FileList(1);
  private final FileList rumours = new FileList(2);
  private final FileList giving = new FileList(3);
  private final FileList demandedElsewhere = new FileList(4);
  private final FileList pulling = new FileList(5);

  /** Others remove from it. */
  private final TreeSet<FileSwarm> maybeLeft = new TreeSet<>();

  private final List<FileSwarm> touched = new ArrayList<>();
  private final List<FileSwarm> planChanged = new ArrayList<>();
  private long added;
  private long sorted;
  private long changes;
  private int busy;
  private int backlog;

  /** The number of the next file. */
  public long next() {
    return added++;
  }

  /** Something of {@code file} is different. */
  public void touch(FileSwarm file) {
    changes++;
    if (!file.marks.isTouched) {
      file.marks.isTouched = true;
      touched.add(file);
    }
  }

  /** The plan of {@code file} is different, or another one. */
  public void planChanged(FileSwarm file) {
    touch(file);
    if (!file.marks.isPlanChanged) {
      file.marks.isPlanChanged = true;
      planChanged.add(file);
    }
  }

  /** Hands out those whose plans have changed since the last call. */
  public void takePlanChanged(Consumer<FileSwarm> taker) {
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
    PieceTable plan = file.marks.isGone ? null : file.plan();
    boolean isOpen = plan != null && !file.have().isFull();
    open.set(file, isOpen);
    if (isOpen && file.isShared()) {
      maybeLeft.add(file);
    } else {
      maybeLeft.remove(file);
    }
    news.set(file, !file.marks.isGone && file.hasAnythingToTell());
    rumours.set(file, !file.marks.isGone && file.news().hasRumours());
    giving.set(
        file, !file.marks.isGone && file.have().count() > 0 && file.neighbours().isAnyLacking());
    demandedElsewhere.set(file, plan != null && file.demandedElsewhere().count() > 0);
    boolean isBusy = plan != null && !plan.isIdle();
    busy += (isBusy ? 1 : 0) - (file.marks.isBusy ? 1 : 0);
    file.marks.isBusy = isBusy;
    int more = plan == null ? 0 : plan.wants().backlog();
    backlog += more - file.marks.backlog;
    file.marks.backlog = more;
  }

  /** Those that are fetched and not complete. */
  public SortedSet<FileSwarm> open() {
    sort();
    return open.files();
  }

  /** Those of which neighbours are to be told something, now or when there is room; a copy. */
  public List<FileSwarm> news() {
    sort();
    return news.copy();
  }

  /** Those of which there are rumours to pass on; a copy. */
  public List<FileSwarm> rumours() {
    sort();
    return rumours.copy();
  }

  public boolean hasRumours() {
    sort();
    return !rumours.files().isEmpty();
  }

  /** Those that are here, in part at least, and that a neighbour lacks something of. */
  public SortedSet<FileSwarm> giving() {
    sort();
    return giving.files();
  }

  /** Those of which a reader somewhere else waits for pieces; a copy. */
  public List<FileSwarm> demandedElsewhere() {
    sort();
    return demandedElsewhere.copy();
  }

  /** Those that may have to be asked for; a copy. */
  public List<FileSwarm> pulling() {
    return pulling.copy();
  }

  public void pulling(FileSwarm file, boolean isPulling) {
    pulling.set(file, isPulling);
  }

  /**
   * Those of {@link #open} that have changed since they were removed from these: others may leave
   * something of them undone.
   */
  public SortedSet<FileSwarm> maybeLeft() {
    sort();
    return maybeLeft;
  }

  /** Whether any file is being fetched and has something to do. */
  public boolean isAnyBusy() {
    sort();
    return busy > 0;
  }

  /** How many pieces are wanted and not started, over all files. */
  public int backlog() {
    sort();
    return backlog;
  }

  /** How many files have been looked at until now: what all this costs. */
  public long sorted() {
    return sorted;
  }

  /** How often any file was said to be different: as before, if nothing has happened. */
  public long changes() {
    return changes;
  }
}
