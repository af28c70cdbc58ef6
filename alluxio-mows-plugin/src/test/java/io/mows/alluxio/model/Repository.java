// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A directory of files by their names, as a hub shows it; answers all that a plan asks for. */
final class Repository {
  static final String ROOT = "/models/m";

  private final Map<String, Long> lengths = new TreeMap<>();
  private final Map<String, String> texts = new LinkedHashMap<>();
  private int questions;

  /** Names relative to the root, some thousand bytes each. */
  static Repository of(String... names) {
    Repository repository = new Repository();
    for (String name : names) {
      repository.lengths.put(ROOT + "/" + name, 1_000L);
    }
    return repository;
  }

  /** {@code pattern} is given the number of each shard and how many there are. */
  Repository shards(String pattern, int count) {
    for (int i = 1; i <= count; i++) {
      lengths.put(ROOT + "/" + String.format(pattern, i, count), 5_000_000_000L);
    }
    return this;
  }

  Repository file(String name, long lengthBytes) {
    lengths.put(ROOT + "/" + name, lengthBytes);
    return this;
  }

  Repository text(String name, String text) {
    lengths.putIfAbsent(ROOT + "/" + name, (long) text.length());
    texts.put(ROOT + "/" + name, text);
    return this;
  }

  /** As {@code model.safetensors.index.json} says which shard has which tensor. */
  Repository index(String name, String pattern, int count) {
    StringBuilder map = new StringBuilder();
    for (int i = count; i >= 1; i--) {
      map.append(map.length() == 0 ? "" : ",")
          .append("\"layers.")
          .append(i)
          .append(".weight\":\"")
          .append(String.format(pattern, i, count))
          .append('"');
    }
    return text(name, "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + map + "}}");
  }

  /** What is read with {@code opened}, relative to the root. */
  List<String> plan(String opened) {
    return plan("", opened);
  }

  /**
   * @param root relative to this one
   */
  List<String> plan(String root, String opened) {
    ModelPlan plan = modelPlan(root.isEmpty() ? ROOT : ROOT + "/" + root, opened);
    List<String> files = new ArrayList<>();
    plan.files().forEach(file -> files.add(file.substring(ROOT.length() + 1)));
    return files;
  }

  /** What is read by somebody who is only told the directory, of what is there. */
  List<String> guess() {
    List<ListedFile> files = new ArrayList<>();
    lengths.forEach((path, length) -> files.add(ListedFile.file(path, length)));
    ModelKnowledge knowledge = ModelKnowledge.ofAll(ROOT, files);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      knowledge = knowledge.withText(text.getKey(), text.getValue());
    }
    ModelPlan plan = ModelPlanner.plan(ROOT, knowledge);
    assertTrue(plan.isComplete(), () -> "asks for " + plan.toList() + plan.toRead());
    List<String> guess = new ArrayList<>();
    plan.files().stream()
        .filter(lengths::containsKey)
        .forEach(file -> guess.add(file.substring(ROOT.length() + 1)));
    return guess;
  }

  ModelPlan modelPlan(String root, String opened) {
    ModelKnowledge knowledge = ModelKnowledge.none();
    ModelPlan plan = ModelPlanner.plan(root, ROOT + "/" + opened, knowledge);
    questions = 0;
    while (!plan.isComplete()) {
      for (String directory : plan.toList()) {
        knowledge = knowledge.withListing(directory, listing(directory));
      }
      for (String file : plan.toRead()) {
        knowledge = knowledge.withText(file, texts.getOrDefault(file, ""));
      }
      questions += plan.toList().size() + plan.toRead().size();
      assertTrue(questions < 100, "it never ends");
      plan = ModelPlanner.plan(root, ROOT + "/" + opened, knowledge);
    }
    return plan;
  }

  private List<ListedFile> listing(String directory) {
    Map<String, ListedFile> entries = new LinkedHashMap<>();
    lengths.forEach(
        (path, length) -> {
          if (path.startsWith(directory + "/")) {
            String rest = path.substring(directory.length() + 1);
            int slash = rest.indexOf('/');
            String child = directory + "/" + (slash < 0 ? rest : rest.substring(0, slash));
            entries.put(
                child,
                rest.contains("/") ? ListedFile.directory(child) : ListedFile.file(child, length));
          }
        });
    List<ListedFile> listing = new ArrayList<>(entries.values());
    java.util.Collections.reverse(listing);
    return listing;
  }
}
