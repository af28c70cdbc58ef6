// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which files of a model somebody wants: those of one format with the small files beside them, one
 * quant, or what a pattern names. Immutable and pure.
 */
public final class ModelSelection {
  private static final String QUANT = "gguf:";

  private final Optional<WeightFormat> format;
  private final Optional<Pattern> quant;
  private final Optional<PathMatcher> glob;
  private final boolean globOfPaths;

  private ModelSelection(
      Optional<WeightFormat> format,
      Optional<Pattern> quant,
      Optional<PathMatcher> glob,
      boolean globOfPaths) {
    this.format = format;
    this.quant = quant;
    this.glob = glob;
    this.globOfPaths = globOfPaths;
  }

  /**
   * @param text a format such as {@code safetensors}, {@code gguf:QUANT}, or a pattern of names or,
   *     if there is a slash in it, of paths
   * @throws IllegalArgumentException if it is none of these; the message says what it may be
   */
  public static ModelSelection parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith(QUANT) && text.length() > QUANT.length()) {
      String name = Pattern.quote(text.substring(QUANT.length()));
      // Q4_K is not Q4_K_M, nor is Q4_XS IQ4_XS.
      Pattern quant =
          Pattern.compile("(?<![A-Za-z0-9])" + name + "(?![A-Za-z0-9_])", Pattern.CASE_INSENSITIVE);
      return new ModelSelection(
          Optional.of(WeightFormat.GGUF), Optional.of(quant), Optional.empty(), false);
    }
    Optional<WeightFormat> format = WeightFormat.named(text);
    if (format.isPresent()) {
      return new ModelSelection(format, Optional.empty(), Optional.empty(), false);
    }
    if (text.chars().noneMatch(c -> "*?[{.".indexOf(c) >= 0)) {
      throw wrong(text);
    }
    try {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + text);
      return new ModelSelection(
          Optional.empty(), Optional.empty(), Optional.of(matcher), text.contains("/"));
    } catch (PatternSyntaxException e) {
      throw wrong(text);
    }
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' must be a format (safetensors, bin, torch, h5, msgpack, onnx, gguf, ggml, npz,"
            + " engine), gguf:QUANT such as gguf:Q4_K_M, or a pattern of names such as"
            + " 'model-*.safetensors'");
  }

  /**
   * Those of {@code files} that are wanted, in their order.
   *
   * @param root what patterns of paths are relative to
   */
  public List<ListedFile> of(String root, List<ListedFile> files) {
    Map<String, List<ListedFile>> directories = new TreeMap<>();
    for (ListedFile file : files) {
      directories.computeIfAbsent(Paths.parent(file.path()), d -> new ArrayList<>()).add(file);
    }
    List<ListedFile> kept = new ArrayList<>();
    for (ListedFile file : files) {
      if (isWanted(root, file, directories.get(Paths.parent(file.path())))) {
        kept.add(file);
      }
    }
    boolean anyWeights = kept.stream().anyMatch(file -> WeightName.of(file.name()).isPresent());
    return anyWeights || glob.isPresent() ? kept : List.of();
  }

  private boolean isWanted(String root, ListedFile file, List<ListedFile> directory) {
    if (glob.isPresent()) {
      boolean below = file.path().length() > root.length() && file.path().startsWith(root);
      String relative = below ? file.path().substring(root.length()) : file.name();
      String matched = globOfPaths ? relative.replaceFirst("^/", "") : file.name();
      return glob.get().matches(Path.of(matched));
    }
    Optional<WeightName> weight = WeightName.of(file.name());
    if (weight.isEmpty()) {
      return SmallFiles.isSmall(file.name()) && file.lengthBytes() <= SmallFiles.MAX_FILE_BYTES;
    }
    if (weight.get().format() != format.orElseThrow()) {
      return false;
    }
    return quant.isPresent()
        ? isQuant(file.path(), quant.get())
        : isLoaded(weight.get(), directory);
  }

  /** Names and directories say which quant it is. */
  private static boolean isQuant(String path, Pattern quant) {
    return quant.matcher(Paths.name(path)).find()
        || quant.matcher(Paths.name(Paths.parent(path))).find();
  }

  /** As an engine would: no second copy of the same weights in the same format. */
  private boolean isLoaded(WeightName weight, List<ListedFile> directory) {
    if (weight.isNeverLoaded()) {
      return false;
    }
    boolean isPipeline = directory.stream().anyMatch(f -> f.name().equals("model_index.json"));
    boolean isCopy =
        directory.stream()
            .map(file -> WeightName.of(file.name()))
            .flatMap(Optional::stream)
            .anyMatch(other -> isCopy(weight, other));
    return !isPipeline && !isCopy;
  }

  private static boolean isCopy(WeightName weight, WeightName other) {
    if (other.format() != weight.format() || other.isNeverLoaded()) {
      return false;
    }
    boolean besideShards = weight.isConsolidated() && !other.isConsolidated();
    boolean isVariant =
        !weight.variant().isEmpty()
            && weight.rank().isPresent()
            && weight.rank().equals(other.rank())
            && other.variant().isEmpty();
    return besideShards || isVariant;
  }
}
