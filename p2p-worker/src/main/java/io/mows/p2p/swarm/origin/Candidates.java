// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.plan.Priority;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.TreeSet;

/**
 * The files of which something may have to be read from the origin, for each reason, in the order
 * in which they were added. A file that has been looked at in vain is left out until its plan
 * changes or somebody {@link #wake}s it: a decision must cost what has changed, not what there is.
 * For one thread.
 */
public final class Candidates {
  private final Map<PieceTable, Entry> byPlan = new HashMap<>();
  private final Map<Priority, TreeSet<Entry>> open = new EnumMap<>(Priority.class);
  private final TreeSet<Entry> pausing = new TreeSet<>();
  private final Queue<Entry> woken = new ArrayDeque<>();
  private long added;
  private long lookedAt;

  Candidates() {
    for (Priority priority : Priority.values()) {
      open.put(priority, new TreeSet<>());
    }
  }

  void add(PieceTable plan, ReadGate gate) {
    Entry entry = new Entry(plan, gate, added++);
    byPlan.put(plan, entry);
    plan.onChange(entry);
    entry.run();
  }

  void remove(PieceTable plan) {
    Entry entry = byPlan.remove(plan);
    if (entry != null) {
      plan.offChange(entry);
      open.values().forEach(entries -> entries.remove(entry));
      pausing.remove(entry);
    }
  }

  /** What may be read of this plan's file may be more than before. */
  public void wake(PieceTable plan) {
    Entry entry = byPlan.get(plan);
    if (entry != null) {
      entry.run();
    }
  }

  /** Notes that time has passed: pieces whose rest is over may be started again. */
  void endPauses(long nowNs) {
    sort();
    if (!pausing.isEmpty()) {
      pausing.forEach(entry -> entry.plan.endPauses(nowNs));
      sort();
    }
  }

  private void sort() {
    for (Entry entry = woken.poll(); entry != null; entry = woken.poll()) {
      entry.woken = false;
      if (!entry.equals(byPlan.get(entry.plan))) {
        continue;
      }
      for (Priority priority : Priority.values()) {
        if (entry.plan.wants().isAny(priority)) {
          open.get(priority).add(entry);
        }
      }
      if (entry.plan.nextRestEndNs().isPresent()) {
        pausing.add(entry);
      } else {
        pausing.remove(entry);
      }
    }
  }

  /**
   * A piece that may be started for this reason, of the first file that has one.
   *
   * @param after look behind this one first, and at it last; null for the first of all
   */
  Found find(Priority priority, Found after, long nowNs) {
    sort();
    TreeSet<Entry> entries = open.get(priority);
    if (entries.isEmpty()) {
      return null;
    }
    if (after == null) {
      return find(priority, entries.iterator(), nowNs);
    }
    Found found = find(priority, entries.tailSet(after.entry, false).iterator(), nowNs);
    return found != null
        ? found
        : find(priority, entries.headSet(after.entry, true).iterator(), nowNs);
  }

  private Found find(Priority priority, Iterator<Entry> entries, long nowNs) {
    while (entries.hasNext()) {
      Entry entry = entries.next();
      lookedAt++;
      OptionalInt piece = entry.plan.next(priority, entry.gate, nowNs);
      if (piece.isPresent()) {
        return new Found(entry, piece.getAsInt());
      }
      if (!entry.gate.isShutForNow()) {
        entries.remove();
      }
    }
    return null;
  }

  /** When the next rest of a piece ends that was not given up. */
  OptionalLong nextPauseEndNs() {
    sort();
    OptionalLong earliest = OptionalLong.empty();
    for (Entry entry : pausing) {
      OptionalLong end = entry.plan.nextPauseEndNs();
      if (end.isPresent() && (earliest.isEmpty() || end.getAsLong() - earliest.getAsLong() < 0)) {
        earliest = end;
      }
    }
    return earliest;
  }

  /** How many files have been looked at until now: what all this costs. */
  public long lookedAt() {
    return lookedAt;
  }

  /** One file. */
  private final class Entry implements Runnable, Comparable<Entry> {
    private final PieceTable plan;
    private final ReadGate gate;
    private final long number;
    private boolean woken;

    Entry(PieceTable plan, ReadGate gate, long number) {
      this.plan = plan;
      this.gate = gate;
      this.number = number;
    }

    /** To be looked at again. */
    @Override
    public void run() {
      if (!woken) {
        woken = true;
        Candidates.this.woken.add(this);
      }
    }

    @Override
    public int compareTo(Entry other) {
      return Long.compare(number, other.number);
    }
  }

  /** A piece that may be started. Immutable. */
  static final class Found {
    private final Entry entry;
    private final int piece;

    private Found(Entry entry, int piece) {
      this.entry = entry;
      this.piece = piece;
    }

    PieceTable plan() {
      return entry.plan;
    }

    int piece() {
      return piece;
    }
  }
}
