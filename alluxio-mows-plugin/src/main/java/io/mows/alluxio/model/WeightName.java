// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the name of a file of weights says. Immutable. */
final class WeightName {
  private static final Pattern SHARD =
      Pattern.compile("^(.*?)[-_.]?(\\d{1,6})[-_]of[-_](\\d{1,6})(.*)$");
  private static final Pattern CONSOLIDATED =
      Pattern.compile("^consolidated\\.(\\d{1,4})\\.(pth|pt|safetensors)$");
  private static final Pattern RANK =
      Pattern.compile("^rank(\\d{1,4})\\.(engine|safetensors|plan)$");

  /** What libraries look for by itself, before they look for anything else. */
  private static final List<String> STEMS =
      List.of(
          "model",
          "pytorch_model",
          "adapter_model",
          "diffusion_pytorch_model",
          "tf_model",
          "flax_model",
          "diffusion_flax_model");

  /** What training leaves behind, and other libraries' weights under the same extension. */
  private static final Set<String> NOT_LOADED =
      Set.of("optimizer", "scheduler", "rng_state", "random_states", "training_args", "openvino");

  private final String name;
  private final WeightFormat format;
  private final String stem;
  private final String series;
  private final String variant;

  private WeightName(String name, WeightFormat format) {
    this.name = name;
    this.format = format;
    String extensionless = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
    Matcher shard = SHARD.matcher(extensionless);
    Matcher numbered = CONSOLIDATED.matcher(name);
    Matcher rank = RANK.matcher(name);
    String whole = extensionless;
    if (shard.matches()) {
      whole = shard.group(1) + shard.group(4);
      series = whole + " of " + shard.group(3) + " " + format;
    } else if (numbered.matches()) {
      whole = "consolidated";
      series = "consolidated " + format;
    } else {
      series = rank.matches() ? "rank " + format : "";
    }
    String canonical = canonicalStem(whole).orElse(whole);
    stem = canonical;
    variant = whole.substring(canonical.length()).replaceFirst("^\\.", "");
  }

  /** Empty if no weights are called this. */
  static Optional<WeightName> of(String name) {
    return WeightFormat.of(name).map(format -> new WeightName(name, format));
  }

  private static Optional<String> canonicalStem(String whole) {
    return STEMS.stream().filter(s -> whole.equals(s) || whole.startsWith(s + ".")).findFirst();
  }

  WeightFormat format() {
    return format;
  }

  /** Such as {@code fp16}; empty for what is loaded when nobody asks for one. */
  String variant() {
    return variant;
  }

  /** The same for all files of a series of shards; empty if it is of none. */
  String series() {
    return series;
  }

  /** How early a library looks for such a name, 0 first; empty if none does. */
  Optional<Integer> rank() {
    int at = STEMS.indexOf(stem);
    return at < 0 ? Optional.empty() : Optional.of(at);
  }

  /** One of the files that each GPU of a tensor-parallel engine has for itself. */
  boolean isOfRank() {
    return series.startsWith("rank ");
  }

  /** Mistral's and Meta's own layout, often beside that of transformers. */
  boolean isConsolidated() {
    return name.startsWith("consolidated");
  }

  boolean isNeverLoaded() {
    return NOT_LOADED.stream().anyMatch(name::startsWith);
  }
}
