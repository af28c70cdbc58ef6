// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the name of a list of shards says, {@code model.safetensors.index.json}. Immutable. */
final class IndexName {
  private static final Pattern INDEX =
      Pattern.compile("^(.+\\.[A-Za-z0-9]+)\\.index(?:\\.([^.]+))?\\.json$");

  private final WeightName weights;
  private final String variant;

  private IndexName(WeightName weights, String variant) {
    this.weights = weights;
    this.variant = variant;
  }

  /** Empty if no such list is called this. */
  static Optional<IndexName> of(String name) {
    Matcher index = INDEX.matcher(name);
    if (!index.matches()) {
      return Optional.empty();
    }
    return WeightName.of(index.group(1))
        .map(w -> new IndexName(w, index.group(2) == null ? w.variant() : index.group(2)));
  }

  WeightFormat format() {
    return weights.format();
  }

  String variant() {
    return variant;
  }

  boolean isConsolidated() {
    return weights.isConsolidated();
  }

  int rank() {
    return weights.rank().orElse(Integer.MAX_VALUE);
  }
}
