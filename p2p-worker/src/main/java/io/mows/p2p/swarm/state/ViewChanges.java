// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import java.util.List;
import java.util.TreeSet;

/**
 * Of which files the owners are to be worked out again: who takes part is not what it was. For one
 * thread.
 */
public final class ViewChanges {
  private final TreeSet<FileSwarm> files = new TreeSet<>();
  private boolean isAll;

  /** Of all files. */
  public void all() {
    isAll = true;
  }

  public void allIf(boolean hasChanged) {
    isAll |= hasChanged;
  }

  public void of(FileSwarm file) {
    files.add(file);
  }

  /** The file is none of ours any more. */
  public void forget(FileSwarm file) {
    files.remove(file);
  }

  /** Returns whether of all files; if so, none is left to {@link #take}. */
  public boolean takeAll() {
    boolean wasAll = isAll;
    isAll = false;
    if (wasAll) {
      files.clear();
    }
    return wasAll;
  }

  /** The single ones, in the order in which they were added. */
  public List<FileSwarm> take() {
    List<FileSwarm> taken = List.copyOf(files);
    files.clear();
    return taken;
  }
}
