// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What has been found out about a model so far. Immutable. */
public final class ModelKnowledge {
  private static final ModelKnowledge NONE = new ModelKnowledge(Map.of(), Map.of());

  private final Map<String, List<ListedFile>> listings;
  private final Map<String, String> texts;

  private ModelKnowledge(Map<String, List<ListedFile>> listings, Map<String, String> texts) {
    this.listings = listings;
    this.texts = texts;
  }

  public static ModelKnowledge none() {
    return NONE;
  }

  /**
   * Knows all directories from {@code root} downwards.
   *
   * @param files all that lie there, however deep
   */
  public static ModelKnowledge ofAll(String root, List<ListedFile> files) {
    Map<String, Map<String, ListedFile>> listings = new HashMap<>();
    listings.put(root, new TreeMap<>());
    for (ListedFile file : files) {
      ListedFile entry = file;
      while (!entry.path().equals(root) && entry.path().startsWith(Paths.child(root, ""))) {
        String directory = Paths.parent(entry.path());
        listings.computeIfAbsent(directory, d -> new TreeMap<>()).put(entry.path(), entry);
        entry = ListedFile.directory(directory);
      }
    }
    ModelKnowledge knowledge = NONE;
    for (Map.Entry<String, Map<String, ListedFile>> listing : listings.entrySet()) {
      knowledge = knowledge.withListing(listing.getKey(), List.copyOf(listing.getValue().values()));
    }
    return knowledge;
  }

  /**
   * @param listing what {@code directory} holds, not what its sub-directories do; empty if it
   *     cannot be listed
   */
  public ModelKnowledge withListing(String directory, List<ListedFile> listing) {
    Map<String, List<ListedFile>> more = new HashMap<>(listings);
    more.put(directory, List.copyOf(listing));
    return new ModelKnowledge(more, texts);
  }

  /**
   * @param text what {@code file} says; an empty text if it cannot be read
   */
  public ModelKnowledge withText(String file, String text) {
    Map<String, String> more = new HashMap<>(texts);
    more.put(file, text);
    return new ModelKnowledge(listings, more);
  }

  Optional<List<ListedFile>> listing(String directory) {
    return Optional.ofNullable(listings.get(directory));
  }

  Optional<String> text(String file) {
    return Optional.ofNullable(texts.get(file));
  }
}
