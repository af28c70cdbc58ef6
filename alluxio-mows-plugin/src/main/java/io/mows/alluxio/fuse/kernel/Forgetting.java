// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.alluxio.fuse.kernel.Inodes.Inode;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;

/**
 * Has the kernel forget inodes whose blocks are kept for it, as soon as nothing maps them. A name
 * in its directory cache would keep an inode, mapped or not, so the kernel is told to drop the
 * name: when the last file is closed, and whenever it was told the name again after that.
 * Thread-safe.
 */
final class Forgetting {
  /** So that who looks at a mapped file over and over costs one notification in that time. */
  static final long LOOKED_UP_AGAIN_MS = 1_000;

  private final Inodes inodes;
  private final LongPredicate onlyKept;
  private final Notifications notifications;
  private final long lookedUpAgainMs;
  private final Set<Long> due = ConcurrentHashMap.newKeySet();

  /** How many names are being looked up in a directory; not there: none. */
  private final Map<Long, Integer> looking = new ConcurrentHashMap<>();

  /**
   * @param onlyKept whether an inode's block is kept although no file of it is open
   * @param lookedUpAgainMs how long after a look-up the name is dropped again
   */
  Forgetting(
      Inodes inodes, LongPredicate onlyKept, Notifications notifications, long lookedUpAgainMs) {
    this.inodes = inodes;
    this.onlyKept = onlyKept;
    this.notifications = notifications;
    this.lookedUpAgainMs = lookedUpAgainMs;
  }

  /** The last open file of {@code node} was closed. */
  void closed(long node) {
    notifications.run(() -> dropNames(node), 0);
  }

  /** The kernel is told of {@code node} once more. */
  void lookedUp(long node) {
    if (onlyKept.test(node) && due.add(node)) {
      notifications.run(
          () -> {
            due.remove(node);
            dropNames(node);
          },
          lookedUpAgainMs);
    }
  }

  /** A name in {@code directory} is being looked up, until {@link #looked}. */
  void looking(long directory) {
    looking.merge(directory, 1, Integer::sum);
  }

  void looked(long directory) {
    looking.computeIfPresent(directory, (same, count) -> count == 1 ? null : count - 1);
  }

  private void dropNames(long node) throws IOException {
    Inode inode = inodes.get(node);
    if (inode == null || !onlyKept.test(node)) {
      // Opened again: it is told when that is closed.
      return;
    }
    Set<Long> parents = inodes.parents(inode);
    if (parents.stream().anyMatch(looking::containsKey)) {
      // It would wait for that answer, and whoever looks up something else there for both.
      notifications.run(() -> dropNames(node), lookedUpAgainMs);
      return;
    }
    for (long parent : parents) {
      notifications.dropName(parent, inode.name());
    }
  }
}
