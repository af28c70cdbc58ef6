// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Some of the files, in the order in which they were added. */
final class FileList {
  private final TreeSet<FileSwarm> files = new TreeSet<>();

  /** In {@link FileMarks#lists}: mostly a file is already where it belongs. */
  private final int mark;

  FileList(int number) {
    this.mark = 1 << number;
  }

  void set(FileSwarm file, boolean isIn) {
    if (isIn == ((file.marks.lists & mark) != 0)) {
      return;
    }
    file.marks.lists ^= mark;
    if (isIn) {
      files.add(file);
    } else {
      files.remove(file);
    }
  }

  /** Not to be changed. */
  SortedSet<FileSwarm> files() {
    return files;
  }

  List<FileSwarm> copy() {
    return files.isEmpty() ? List.of() : new ArrayList<>(files);
  }
}
