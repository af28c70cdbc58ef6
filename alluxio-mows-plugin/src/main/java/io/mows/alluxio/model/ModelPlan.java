// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.List;
import java.util.Set;

/** What a reader is going to read, and what has still to be found out. Immutable. */
public final class ModelPlan {
  private final List<String> files;
  private final Set<String> toList;
  private final Set<String> toRead;
  private final boolean model;

  ModelPlan(List<String> files, Set<String> toList, Set<String> toRead, boolean model) {
    this.files = List.copyOf(files);
    this.toList = Set.copyOf(toList);
    this.toRead = Set.copyOf(toRead);
    this.model = model;
  }

  /** The files in the order in which they are to be fetched; small ones first. */
  public List<String> files() {
    return files;
  }

  /** Directories whose listing would tell more. */
  public Set<String> toList() {
    return toList;
  }

  /** Small files whose text would tell more. */
  public Set<String> toRead() {
    return toRead;
  }

  /** Nothing more is to be found out. */
  public boolean isComplete() {
    return toList.isEmpty() && toRead.isEmpty();
  }

  /** Whether there are weights where the reader is. */
  public boolean isOfModel() {
    return model;
  }
}
