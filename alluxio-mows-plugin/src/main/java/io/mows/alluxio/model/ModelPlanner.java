// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which files somebody is going to read who has opened one file of a model: the ones that
 * an index names, one format, one series of shards, the components of a pipeline, and the small
 * files beside them. Where that is not certain, nothing but what has been opened.
 *
 * <p>Pure: no I/O, clock or thread. What it does not know it asks for, see {@link
 * ModelPlan#toList}; the caller finds that out and asks again.
 */
public final class ModelPlanner {
  private static final String PIPELINE = "model_index.json";
  private static final String MODULES = "modules.json";

  private final String root;
  private final String opened;
  private final Questions questions;
  private final Set<String> small = new LinkedHashSet<>();
  private final Set<String> weights = new LinkedHashSet<>();

  private ModelPlanner(String root, String opened, ModelKnowledge knowledge) {
    this.root = root;
    this.opened = opened;
    this.questions = new Questions(knowledge);
  }

  /**
   * @param root the directory of the first file that the reader has opened
   * @param opened an absolute path in {@code root} or below: what tells most of what the reader
   *     wants, see {@link #tellsMore}
   */
  public static ModelPlan plan(String root, String opened, ModelKnowledge knowledge) {
    return new ModelPlanner(root, opened, knowledge).plan();
  }

  /**
   * What an engine reads that is told nothing but the directory, where all read the same.
   *
   * @param root the directory
   */
  public static ModelPlan plan(String root, ModelKnowledge knowledge) {
    return plan(root, Paths.child(root, "config.json"), knowledge);
  }

  /** Whether an open of a file with this name says which weights its reader wants. */
  public static boolean tellsWeights(String path) {
    String name = Paths.name(path);
    return WeightName.of(name).isPresent() || IndexName.of(name).isPresent();
  }

  /**
   * Whether an open of {@code path} is better evidence of what its reader wants than an earlier one
   * of {@code than}: the latest file of weights counts, before that Mistral's parameters, before
   * that whatever was opened first.
   */
  public static boolean tellsMore(String path, String than) {
    int evidence = evidence(path);
    return evidence > 0 && evidence >= evidence(than) && !path.equals(than);
  }

  private static int evidence(String path) {
    if (tellsWeights(path)) {
      return 2;
    }
    return WeightChoice.tellsConsolidated(Paths.name(path)) ? 1 : 0;
  }

  /** Whether a file with this name may be one of a model: weights, or small ones beside them. */
  public static boolean isOfModel(String path) {
    return tellsWeights(path) || SmallFiles.isSmall(Paths.name(path));
  }

  private ModelPlan plan() {
    String name = Paths.name(opened);
    Optional<WeightName> evidence = WeightName.of(name);
    List<ListedFile> listing = questions.listing(root);
    boolean model = !choice(Paths.parent(opened)).isEmpty();
    if (evidence.isEmpty() && !SmallFiles.isSmall(name)) {
      return plan(List.of(opened), model);
    }
    boolean inRoot = Paths.parent(opened).equals(root);
    if (has(listing, PIPELINE) && !(inRoot && tellsWeights(opened))) {
      small(listing);
      questions
          .text(Paths.child(root, PIPELINE))
          .map(ModelJson::components)
          .orElse(List.of())
          .forEach(component -> directory(component, listing, evidence, true));
      model = true;
    } else {
      directory(root, evidence, false);
      if (has(listing, MODULES)) {
        questions
            .text(Paths.child(root, MODULES))
            .map(ModelJson::modules)
            .orElse(List.of())
            .forEach(module -> directory(module, listing, evidence, false));
      }
    }
    return plan(ordered(), model);
  }

  private ModelPlan plan(List<String> files, boolean model) {
    return new ModelPlan(files, questions.toList(), questions.toRead(), model);
  }

  private static boolean has(List<ListedFile> listing, String name) {
    return listing.stream().anyMatch(file -> file.name().equals(name) && !file.isDirectory());
  }

  private WeightChoice choice(String directory) {
    return new WeightChoice(directory, questions.listing(directory), questions);
  }

  /** A sub-directory that is named somewhere, if it is there. */
  private void directory(
      String name, List<ListedFile> parent, Optional<WeightName> evidence, boolean unsure) {
    Paths.below(root, name)
        .filter(path -> parent.stream().anyMatch(f -> f.isDirectory() && f.path().equals(path)))
        .ifPresent(path -> directory(path, evidence, unsure));
  }

  private void directory(String path, Optional<WeightName> evidence, boolean unsure) {
    List<ListedFile> listing = questions.listing(path);
    WeightChoice choice = choice(path);
    List<String> chosen;
    if (Paths.parent(opened).equals(path) && (evidence.isPresent() || tellsWeights(opened))) {
      chosen = choice.with(Paths.name(opened));
    } else if (evidence.isPresent()) {
      chosen = choice.like(evidence.get());
    } else {
      chosen = choice.beside(Paths.name(opened), unsure);
    }
    chosen.forEach(file -> weights.add(Paths.child(path, file)));
    if (!choice.isEmpty() || !path.equals(root) || has(listing, MODULES)) {
      small(listing);
    }
  }

  private void small(List<ListedFile> listing) {
    SmallFiles.of(listing).forEach(file -> small.add(file.path()));
  }

  /** Small files first, of each kind what is open first, and nothing but that if it is all. */
  private List<String> ordered() {
    LinkedHashSet<String> ordered = new LinkedHashSet<>();
    if (!weights.contains(opened)) {
      ordered.add(opened);
    }
    ordered.addAll(small);
    List<String> rest = new ArrayList<>(weights);
    int at = Math.max(0, rest.indexOf(opened));
    ordered.addAll(rest.subList(at, rest.size()));
    ordered.addAll(rest.subList(0, at));
    return new ArrayList<>(ordered);
  }
}
