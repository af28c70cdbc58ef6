// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What lies beside weights and is read with them: configuration, tokenizer, code. */
final class SmallFiles {
  /** The largest tokenizers have some 35 MB. */
  static final long MAX_FILE_BYTES = 64L << 20;

  static final long MAX_ALL_BYTES = 256L << 20;
  static final int MAX_FILES = 300;

  private static final Set<String> EXTENSIONS =
      Set.of("json", "jsonl", "model", "jinja", "tiktoken", "yaml", "yml", "py", "bpe", "vocab");

  /** Names of text that a tokenizer reads; other text is for people. */
  private static final Set<String> TEXTS = Set.of("vocab", "merges", "config_sentence", "tokens");

  /** One of these makes it likely that a lone file of weights is what will be loaded. */
  private static final Set<String> CONFIGS =
      Set.of(
          "config.json",
          "adapter_config.json",
          "params.json",
          "genai_config.json",
          "open_clip_config.json",
          "model_index.json");

  private SmallFiles() {}

  static boolean isConfig(String name) {
    return CONFIGS.contains(name);
  }

  /** Whether who opens it is about to load the model. */
  static boolean isSmall(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String extension = lower.substring(lower.lastIndexOf('.') + 1);
    return !name.startsWith(".")
        && lower.contains(".")
        && (EXTENSIONS.contains(extension)
            || (extension.equals("txt") && TEXTS.stream().anyMatch(lower::startsWith)));
  }

  /** Those of a listing, in the order of their names, as many as are worth it. */
  static List<ListedFile> of(List<ListedFile> listing) {
    List<ListedFile> sorted = new ArrayList<>(listing);
    sorted.sort(Comparator.comparing(ListedFile::name));
    List<ListedFile> small = new ArrayList<>();
    long bytes = 0;
    for (ListedFile file : sorted) {
      boolean fits =
          file.lengthBytes() <= MAX_FILE_BYTES
              && bytes + file.lengthBytes() <= MAX_ALL_BYTES
              && small.size() < MAX_FILES;
      if (!file.isDirectory() && fits && isSmall(file.name())) {
        small.add(file);
        bytes += file.lengthBytes();
      }
    }
    return small;
  }
}
