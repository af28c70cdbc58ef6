// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

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
    private Set<Long> parents = Set.of();

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

    /** In its directory. */
    String name() {
      return path.substring(path.lastIndexOf('/') + 1);
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

  /** The kernel will be told of {@code name} in {@code parent} once more. */
  synchronized Inode lookedUp(Inode parent, String name, long fileId) {
    Inode inode =
        nodes.computeIfAbsent(new Inode(lastNode + 1, parent.child(name), fileId), same -> same);
    if (inode.lookups == 0) {
      lastNode++;
      byNode.put(inode.node, inode);
    }
    inode.lookups++;
    if (!inode.parents.contains(parent.node)) {
      inode.parents = withAnother(inode.parents, parent.node);
    }
    return inode;
  }

  private static Set<Long> withAnother(Set<Long> some, long another) {
    if (some.isEmpty()) {
      return Set.of(another);
    }
    Set<Long> all = new TreeSet<>(some);
    all.add(another);
    return Set.copyOf(all);
  }

  /**
   * The directories in which the kernel was told of it: more than one if its directory was replaced
   * and it was not.
   */
  synchronized Set<Long> parents(Inode inode) {
    return inode.parents;
  }

  /** Null if the kernel should not know it. */
  synchronized Inode get(long node) {
    return byNode.get(node);
  }

  /**
   * @return whether the kernel does not know it any more
   */
  synchronized boolean forget(long node, long lookups) {
    Inode inode = byNode.get(node);
    if (inode == null || node == ROOT) {
      return false;
    }
    inode.lookups -= lookups;
    if (inode.lookups > 0) {
      return false;
    }
    byNode.remove(node);
    nodes.remove(inode);
    return true;
  }

  synchronized int size() {
    return byNode.size();
  }
}
