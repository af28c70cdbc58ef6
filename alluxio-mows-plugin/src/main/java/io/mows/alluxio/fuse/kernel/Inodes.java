// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What the kernel knows by number: a path and the version of what is there, so that a file that was
 * replaced is another inode, with pages of its own. Lives until the kernel has forgotten it as
 * often as it was told of it. Thread-safe.
 */
final class Inodes {
  static final long ROOT = 1;

  private final Map<Long, Inode> byNode = new HashMap<>();
  private final Map<Inode, Inode> nodes = new HashMap<>();
  private long lastNode = ROOT;

  Inodes() {
    byNode.put(ROOT, new Inode(ROOT, "/", 0));
  }

  /** One path in one version; equal by these two. */
  static final class Inode {
    private final long node;
    private final String path;
    private final long fileId;
    private long lookups;

    private Inode(long node, String path, long fileId) {
      this.node = node;
      this.path = path;
      this.fileId = fileId;
    }

    long node() {
      return node;
    }

    /** As seen from the mount point, from a slash on. */
    String path() {
      return path;
    }

    /** Whether what has the id {@code other} now is what the kernel was told of. */
    boolean isStill(long other) {
      return node == ROOT || fileId == other;
    }

    String child(String name) {
      return node == ROOT ? path + name : path + "/" + name;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Inode
          && ((Inode) other).fileId == fileId
          && ((Inode) other).path.equals(path);
    }

    @Override
    public int hashCode() {
      return Objects.hash(path, fileId);
    }
  }

  /** The kernel will be told of {@code path} once more. */
  synchronized Inode lookedUp(String path, long fileId) {
    Inode inode = nodes.computeIfAbsent(new Inode(lastNode + 1, path, fileId), same -> same);
    if (inode.lookups == 0) {
      lastNode++;
      byNode.put(inode.node, inode);
    }
    inode.lookups++;
    return inode;
  }

  /** Null if the kernel should not know it. */
  synchronized Inode get(long node) {
    return byNode.get(node);
  }

  synchronized void forget(long node, long lookups) {
    Inode inode = byNode.get(node);
    if (inode == null || node == ROOT) {
      return;
    }
    inode.lookups -= lookups;
    if (inode.lookups <= 0) {
      byNode.remove(node);
      nodes.remove(inode);
    }
  }

  synchronized int size() {
    return byNode.size();
  }
}
