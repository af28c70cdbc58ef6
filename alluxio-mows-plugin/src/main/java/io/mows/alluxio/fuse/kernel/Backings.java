// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which inodes the kernel reads by itself. It wants all open files of an inode to be of one kind,
 * and of one backing file; the kind is settled by the first that is opened while no other is. What
 * was mapped while it was open is used after it was closed, so a backing is kept until the kernel
 * has forgotten the inode. Thread-safe.
 *
 * <p>Source: fs/fuse/iomode.c. The kernel lets go of a file before it tells us, so what we count is
 * never too little.
 */
final class Backings {
  private final Map<Long, Kind> kinds = new HashMap<>();

  /** Of inodes that were closed, and perhaps opened again, but not forgotten. */
  private final Map<Long, List<Backing>> kept = new HashMap<>();

  /** A file handed to the kernel. */
  interface Backing extends AutoCloseable {
    /** What the kernel calls it. */
    int id();

    /** The kernel opens no more files with it; those that are mapped it goes on using. */
    void closed();

    /** Its bytes are wrong: nobody gets any of them any more. */
    void empty();

    /** Whether it is the same block, in the same file. */
    boolean isSame(Backing other);

    /** Nothing uses it any more. */
    @Override
    void close();
  }

  /** How the open files of one inode are read. */
  private static final class Kind {
    private int openFiles;
    private Backing backing;
    private boolean settled;
  }

  /**
   * A file of {@code node} is opened.
   *
   * @param first makes the backing if this inode is not open yet; empty if there is none
   * @return the id of the backing, empty if the kernel is to ask us
   */
  Optional<Integer> opened(long node, Supplier<Optional<Backing>> first) {
    Kind kind;
    synchronized (this) {
      kind = kinds.computeIfAbsent(node, n -> new Kind());
      kind.openFiles++;
    }
    // Not the map's lock: to open a block may take a while, and others open other files.
    synchronized (kind) {
      if (!kind.settled) {
        kind.settled = true;
        kind.backing = first.get().orElse(null);
      }
      return Optional.ofNullable(kind.backing).map(Backing::id);
    }
  }

  /**
   * A file of {@code node} was closed.
   *
   * @return whether no other is open and something is kept until {@link #forgotten}
   */
  boolean released(long node) {
    Kind last = null;
    synchronized (this) {
      Kind kind = kinds.get(node);
      if (kind != null && --kind.openFiles == 0) {
        kinds.remove(node);
        last = kind;
      }
    }
    if (last != null) {
      Backing backing = take(last);
      if (backing != null) {
        backing.closed();
        keep(node, backing);
      }
    }
    return isOnlyKept(node);
  }

  private static Backing take(Kind kind) {
    synchronized (kind) {
      Backing backing = kind.backing;
      kind.backing = null;
      return backing;
    }
  }

  private void keep(long node, Backing backing) {
    synchronized (this) {
      List<Backing> before = kept.computeIfAbsent(node, n -> new ArrayList<>(1));
      if (before.stream().noneMatch(backing::isSame)) {
        before.add(backing);
        return;
      }
    }
    // The one from before keeps the block already.
    backing.close();
  }

  /** Whether no file of {@code node} is open, but what was may be mapped. */
  synchronized boolean isOnlyKept(long node) {
    return kept.containsKey(node) && !kinds.containsKey(node);
  }

  /** Whether files of {@code node} are open that the kernel asks us for: then it asks for all. */
  boolean isAsked(long node) {
    Kind kind;
    synchronized (this) {
      kind = kinds.get(node);
    }
    if (kind == null) {
      return false;
    }
    synchronized (kind) {
      return kind.settled && kind.backing == null;
    }
  }

  /** Whether something of {@code node} is open or kept. */
  boolean has(long node) {
    return !of(node).isEmpty();
  }

  /** What the kernel may be using of {@code node}. */
  List<Backing> of(long node) {
    List<Backing> all = new ArrayList<>();
    Kind open;
    synchronized (this) {
      all.addAll(kept.getOrDefault(node, List.of()));
      open = kinds.get(node);
    }
    if (open != null) {
      synchronized (open) {
        if (open.backing != null) {
          all.add(open.backing);
        }
      }
    }
    return all;
  }

  /** The kernel has forgotten {@code node}: nothing of it is open or mapped. */
  void forgotten(long node) {
    List<Backing> over;
    synchronized (this) {
      over = kept.remove(node);
    }
    if (over != null) {
      over.forEach(Backing::close);
    }
  }

  /** Everything is closed; nothing is opened after that. */
  void closeAll() {
    List<Kind> open;
    List<List<Backing>> closed;
    synchronized (this) {
      open = List.copyOf(kinds.values());
      closed = List.copyOf(kept.values());
      kinds.clear();
      kept.clear();
    }
    for (Kind kind : open) {
      Backing backing = take(kind);
      if (backing != null) {
        backing.closed();
        backing.close();
      }
    }
    closed.forEach(backings -> backings.forEach(Backing::close));
  }

  synchronized int openInodes() {
    return kinds.size();
  }
}
