// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which inodes the kernel reads by itself. It wants all open files of an inode to be of one kind,
 * and of one backing file; the kind is settled by the first that is opened while no other is.
 * Thread-safe.
 *
 * <p>Source: fs/fuse/iomode.c. The kernel lets go of a file before it tells us, so what we count is
 * never too little.
 */
final class Backings {
  private final Map<Long, Kind> kinds = new HashMap<>();

  /** A file handed to the kernel. */
  interface Backing extends AutoCloseable {
    /** What the kernel calls it. */
    int id();

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

  /** A file of {@code node} was closed. */
  void released(long node) {
    Kind last = null;
    synchronized (this) {
      Kind kind = kinds.get(node);
      if (kind != null && --kind.openFiles == 0) {
        kinds.remove(node);
        last = kind;
      }
    }
    if (last != null) {
      close(last);
    }
  }

  private static void close(Kind kind) {
    synchronized (kind) {
      if (kind.backing != null) {
        kind.backing.close();
        kind.backing = null;
      }
    }
  }

  /** Everything is closed; nothing is opened after that. */
  void closeAll() {
    Map<Long, Kind> all;
    synchronized (this) {
      all = Map.copyOf(kinds);
      kinds.clear();
    }
    all.values().forEach(Backings::close);
  }

  synchronized int openInodes() {
    return kinds.size();
  }
}
