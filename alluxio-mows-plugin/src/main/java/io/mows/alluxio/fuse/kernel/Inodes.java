// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongToIntFunction;

/**
 * What the kernel knows by number: a path, the version of what is there and the round of its bytes,
 * so that a file that was replaced, or whose bytes were wrong and have been dropped, is another
 * inode, with pages of its own. Lives until the kernel has forgotten it as often as it was told of
 * it. Thread-safe.
 */
final class Inodes {
  static final long ROOT = 1;

  private final Map<Long, Inode> byNode = new HashMap<>();
  private final Map<Inode, Inode> nodes = new HashMap<>();
  private final LongToIntFunction rounds;
  private long lastNode = ROOT;

  /**
   * @param rounds the round of a file's bytes, by its id: see {@link MountedFiles#round}
   */
  Inodes(LongToIntFunction rounds) {
    this.rounds = rounds;
    byNode.put(ROOT, new Inode(ROOT, "/", 0, 0));
  }

  /** One path in one version and round; equal by these three. */
  static final class Inode {
    private final long node;
    private final String path;
    private final long fileId;
    private final int round;
    private long lookups;
    private Set<Long> parents = Set.of();

    private Inode(long node, String path, long fileId, int round) {
      this.node = node;
      this.path = path;
      this.fileId = fileId;
      this.round = round;
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
          && ((Inode) other).round == round
          && ((Inode) other).path.equals(path);
    }

    @Override
    public int hashCode() {
      return Objects.hash(path, fileId, round);
    }
  }

  /** The kernel will be told of {@code name} in {@code parent} once more. */
  synchronized Inode lookedUp(Inode parent, String name, long fileId) {
    int round = rounds.applyAsInt(fileId);
    Inode inode =
        nodes.computeIfAbsent(
            new Inode(lastNode + 1, parent.child(name), fileId, round), same -> same);
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

  /**
   * The kernel will be told of {@code node} once more.
   *
   * @return false if it has forgotten it
   */
  synchronized boolean lookedUpAgain(long node) {
    Inode inode = byNode.get(node);
    if (inode != null) {
      inode.lookups++;
    }
    return inode != null;
  }

  /** Whether bytes that the kernel has of {@code inode} may be used. */
  boolean isOfThisRound(Inode inode) {
    return inode.node == ROOT || inode.round == rounds.applyAsInt(inode.fileId);
  }

  /** The inodes of a file from rounds that are over. */
  synchronized Set<Long> dropped(long fileId) {
    Set<Long> dropped = new TreeSet<>();
    for (Inode inode : byNode.values()) {
      if (inode.fileId == fileId && !isOfThisRound(inode)) {
        dropped.add(inode.node);
      }
    }
    return dropped;
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
