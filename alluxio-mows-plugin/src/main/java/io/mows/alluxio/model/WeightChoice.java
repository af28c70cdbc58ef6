// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which weights of one directory are read together. Names are relative to the directory; so are the
 * paths in an index, which may lead into sub-directories.
 */
final class WeightChoice {
  private final String directory;
  private final Questions questions;
  private final Map<String, WeightName> weights = new TreeMap<>(NaturalOrder.INSTANCE);
  private final Map<String, IndexName> indexes = new TreeMap<>();
  private final boolean hasConfig;

  WeightChoice(String directory, List<ListedFile> listing, Questions questions) {
    this.directory = directory;
    this.questions = questions;
    for (ListedFile file : listing) {
      if (!file.isDirectory()) {
        WeightName.of(file.name()).ifPresent(name -> weights.put(file.name(), name));
        IndexName.of(file.name()).ifPresent(name -> indexes.put(file.name(), name));
      }
    }
    this.hasConfig = listing.stream().anyMatch(file -> SmallFiles.isConfig(file.name()));
  }

  boolean isEmpty() {
    return weights.isEmpty() && indexes.isEmpty();
  }

  /** What belongs to {@code opened}, a file of this directory, from there on. */
  List<String> with(String opened) {
    if (indexes.containsKey(opened)) {
      return shards(opened);
    }
    WeightName name = weights.get(opened);
    if (name == null) {
      return byDefault(false);
    }
    for (String index : matching(indexes, i -> isAlike(i, name))) {
      List<String> shards = shards(index);
      if (shards.contains(opened)) {
        return from(opened, shards);
      }
    }
    if (name.format() == WeightFormat.ONNX) {
      return from(opened, onnx(OnnxData.model(opened)));
    }
    List<String> series = series(name);
    return series.contains(opened) ? from(opened, series) : List.of(opened);
  }

  private static boolean isAlike(IndexName index, WeightName name) {
    return index.format() == name.format() && index.isConsolidated() == name.isConsolidated();
  }

  /** What is read here by somebody who has read {@code other} in another directory. */
  List<String> like(WeightName other) {
    Predicate<WeightName> alike =
        w -> w.format() == other.format() && w.variant().equals(other.variant());
    Optional<List<String>> found =
        indexed(i -> i.format() == other.format() && i.variant().equals(other.variant()))
            .or(() -> canonical(alike))
            .or(() -> onlySeries(alike));
    return found.orElseGet(() -> byDefault(false));
  }

  /** Whether who opens it reads weights that are {@link WeightName#isConsolidated}. */
  static boolean tellsConsolidated(String name) {
    return name.equals("params.json");
  }

  /**
   * What somebody reads who has opened {@code opened}, which is no file of weights.
   *
   * @param unsure as of {@link #byDefault(boolean)}
   */
  List<String> beside(String opened, boolean unsure) {
    if (!hasTwoLayouts()) {
      return byDefault(unsure);
    }
    return tellsConsolidated(opened) ? consolidated() : List.of();
  }

  /** vLLM prefers Mistral's own layout, transformers knows the other one only. */
  private boolean hasTwoLayouts() {
    boolean hasMistrals =
        weights.values().stream()
            .anyMatch(w -> w.isConsolidated() && w.format() == WeightFormat.SAFETENSORS);
    return hasMistrals
        && Arrays.stream(WeightFormat.values())
            .anyMatch(format -> format != WeightFormat.OTHER && offers(format));
  }

  /**
   * What most engines load that are told nothing but the directory.
   *
   * @param unsure whether nothing is better than one of several variants
   */
  List<String> byDefault(boolean unsure) {
    for (WeightFormat format : WeightFormat.values()) {
      if (format != WeightFormat.OTHER && offers(format)) {
        return unsure && hasVariants(format) ? List.of() : byDefault(format);
      }
    }
    return consolidated();
  }

  private boolean offers(WeightFormat format) {
    return weights.values().stream().anyMatch(w -> isCandidate(w, format))
        || indexes.values().stream().anyMatch(i -> i.format() == format && !i.isConsolidated());
  }

  private static boolean isCandidate(WeightName weight, WeightFormat format) {
    return weight.format() == format && !weight.isConsolidated() && !weight.isNeverLoaded();
  }

  private boolean hasVariants(WeightFormat format) {
    return weights.values().stream()
        .anyMatch(w -> isCandidate(w, format) && !w.variant().isEmpty() && w.rank().isPresent());
  }

  private List<String> byDefault(WeightFormat format) {
    Optional<List<String>> indexed =
        indexed(i -> i.format() == format && !i.isConsolidated() && i.variant().isEmpty());
    if (indexed.isPresent() || !hasConfig) {
      return indexed.orElse(List.of());
    }
    Predicate<WeightName> isDefault = w -> isCandidate(w, format) && w.variant().isEmpty();
    return canonical(isDefault)
        .or(() -> onlySeries(w -> isCandidate(w, format)))
        .or(() -> lone(w -> isCandidate(w, format)))
        .orElse(List.of());
  }

  private List<String> consolidated() {
    Predicate<WeightName> isOurs = w -> w.isConsolidated() && w.format() != WeightFormat.OTHER;
    Optional<List<String>> indexed = indexed(IndexName::isConsolidated);
    if (indexed.isPresent() || !hasConfig) {
      return indexed.orElse(List.of());
    }
    return onlySeries(isOurs).or(() -> lone(isOurs)).orElse(List.of());
  }

  /** What the first such index names; empty if there is none that names anything. */
  private Optional<List<String>> indexed(Predicate<IndexName> isMeant) {
    return matching(indexes, isMeant).stream()
        .min(Comparator.comparingInt(index -> indexes.get(index).rank()))
        .map(this::shards)
        .filter(shards -> !shards.isEmpty());
  }

  private Optional<List<String>> canonical(Predicate<WeightName> isMeant) {
    return matching(weights, isMeant.and(w -> w.rank().isPresent() && w.series().isEmpty()))
        .stream()
        .min(Comparator.comparingInt(name -> weights.get(name).rank().orElseThrow()))
        .map(this::whole);
  }

  /** All that is meant, if it is one series. */
  private Optional<List<String>> onlySeries(Predicate<WeightName> isMeant) {
    List<String> meant = matching(weights, isMeant);
    Set<String> series =
        meant.stream().map(name -> weights.get(name).series()).collect(Collectors.toSet());
    return series.size() == 1 && !series.contains("")
        ? Optional.of(series(weights.get(meant.get(0))))
        : Optional.empty();
  }

  private Optional<List<String>> lone(Predicate<WeightName> isMeant) {
    List<String> meant = matching(weights, isMeant);
    meant.removeIf(OnnxData::isData);
    return meant.size() == 1 ? Optional.of(whole(meant.get(0))) : Optional.empty();
  }

  private List<String> whole(String name) {
    return weights.get(name).format() == WeightFormat.ONNX
        ? onnx(OnnxData.model(name))
        : List.of(name);
  }

  private List<String> onnx(String model) {
    List<String> files = new ArrayList<>();
    weights.keySet().stream()
        .filter(name -> name.equals(model) || OnnxData.belongs(name, model))
        .forEach(files::add);
    return files;
  }

  private List<String> series(WeightName of) {
    if (of.series().isEmpty()) {
      return List.of();
    }
    List<String> all = matching(weights, w -> w.series().equals(of.series()));
    return of.isOfRank() && !areRanksLocal(all.size()) ? List.of() : all;
  }

  private boolean areRanksLocal(int ranks) {
    return hasConfig
        && questions
            .text(Paths.child(directory, "config.json"))
            .map(ModelJson::localRanks)
            .filter(local -> local.isPresent() && local.getAsInt() == ranks)
            .isPresent();
  }

  /** What the index names and is there. */
  private List<String> shards(String index) {
    List<String> found = new ArrayList<>();
    Set<String> named =
        questions.text(Paths.child(directory, index)).map(ModelJson::shards).orElse(Set.of());
    for (String shard : named) {
      Optional<String> path = Paths.below(directory, shard);
      if (path.isPresent() && isThere(path.get())) {
        found.add(shard);
      }
    }
    return found;
  }

  private boolean isThere(String path) {
    return questions.listing(Paths.parent(path)).stream()
        .anyMatch(file -> file.path().equals(path) && !file.isDirectory());
  }

  private static <T> List<String> matching(Map<String, T> named, Predicate<T> isMeant) {
    return named.entrySet().stream()
        .filter(entry -> isMeant.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** {@code all}, beginning where the reader is. */
  private static List<String> from(String first, List<String> all) {
    int at = Math.max(0, all.indexOf(first));
    List<String> turned = new ArrayList<>(all.subList(at, all.size()));
    turned.addAll(all.subList(0, at));
    return turned;
  }
}
