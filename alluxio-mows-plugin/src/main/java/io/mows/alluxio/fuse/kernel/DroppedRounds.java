// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.alluxio.fuse.kernel.Inodes.Inode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what the kernel has of files whose bytes were wrong: pages of its own cache, mapped or
 * not, which are asked of us anew then, and blocks that it reads by itself. Thread-safe.
 *
 * <p>Who reads a block by himself does not ask us, and would find the end of the file where its
 * bytes have been. So the kernel is made to refuse him first: it does when it is told of the
 * inode's number with another generation, and it is told so because we look up a name that nobody
 * else does. Source: fuse_iget in fs/fuse/inode.c.
 */
final class DroppedRounds {
  private static final Logger LOG = LoggerFactory.getLogger(DroppedRounds.class);
  private static final String NAME = ".mows-dropped-";

  private final Inodes inodes;
  private final Passthrough passthrough;
  private final Notifications notifications;
  private final Set<Long> bad = ConcurrentHashMap.newKeySet();

  DroppedRounds(Inodes inodes, Passthrough passthrough, Notifications notifications) {
    this.inodes = inodes;
    this.passthrough = passthrough;
    this.notifications = notifications;
  }

  /** Bytes of this file are wrong. Returns at once. */
  void drop(long fileId, Path mountPoint) {
    notifications.run(
        () -> {
          Set<Long> nodes = inodes.dropped(fileId);
          for (long node : nodes) {
            if (passthrough.has(node)) {
              takeAway(node, mountPoint);
            }
            notifications.dropPages(node);
          }
        },
        0);
  }

  private void takeAway(long node, Path mountPoint) throws IOException {
    LOG.warn("Readers of inode {} get errors: its bytes were wrong and have been dropped", node);
    bad.add(node);
    // Asks for the name; see named().
    Files.exists(mountPoint.resolve(NAME + node));
    bad.remove(node);
    passthrough.empty(node);
    notifications.dropName(Inodes.ROOT, NAME + node);
  }

  /** The inode that the kernel is to refuse from now on, if that is why it asks for a name. */
  Optional<Long> named(Inode parent, String name) {
    if (parent.node() != Inodes.ROOT || bad.isEmpty() || !name.startsWith(NAME)) {
      return Optional.empty();
    }
    return bad.stream()
        .filter(node -> name.equals(NAME + node) && inodes.lookedUpAgain(node))
        .findFirst();
  }
}
