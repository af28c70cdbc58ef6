// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What was seen below one directory of an origin. Immutable. */
final class SeenTree {
  private final List<HiddenFile> found;
  private final Set<String> files;

  /**
   * @param found with paths relative to the directory
   * @param files all that are there, by their paths from there; empty if some may have been left
   *     out
   */
  SeenTree(List<HiddenFile> found, Collection<String> files) {
    this.found = List.copyOf(found);
    this.files = Set.copyOf(files);
  }

  List<HiddenFile> found() {
    return found;
  }

  Set<String> files() {
    return files;
  }
}
