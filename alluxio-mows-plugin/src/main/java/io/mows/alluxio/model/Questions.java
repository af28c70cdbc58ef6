// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers from what is known, and keeps what is not. For one decision. */
final class Questions {
  private final ModelKnowledge knowledge;
  private final Set<String> toList = new LinkedHashSet<>();
  private final Set<String> toRead = new LinkedHashSet<>();

  Questions(ModelKnowledge knowledge) {
    this.knowledge = knowledge;
  }

  /** Nothing if it is not known yet. */
  List<ListedFile> listing(String directory) {
    Optional<List<ListedFile>> known = knowledge.listing(directory);
    if (known.isEmpty()) {
      toList.add(directory);
    }
    return known.orElse(List.of());
  }

  /** Empty if it is not known yet. */
  Optional<String> text(String file) {
    Optional<String> known = knowledge.text(file);
    if (known.isEmpty()) {
      toRead.add(file);
    }
    return known;
  }

  Set<String> toList() {
    return toList;
  }

  Set<String> toRead() {
    return toRead;
  }
}
