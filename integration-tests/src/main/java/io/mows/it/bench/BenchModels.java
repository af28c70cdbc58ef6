// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directories of models that benchmarks read. */
final class BenchModels {
  private BenchModels() {}

  /** Shows a model under a second name, with the same bytes: a name not read yet is cold. */
  static void link(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.collect(Collectors.toList())) {
        Files.createLink(to.resolve(file.getFileName()), file);
      }
    }
  }

  /** The files of a model that hold its weights, in the order in which they are read. */
  static List<Path> weights(Path model) throws IOException {
    try (Stream<Path> files = Files.list(model)) {
      return files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  /** Bytes of all files together. */
  static long size(List<Path> files) throws IOException {
    long sum = 0;
    for (Path file : files) {
      sum += Files.size(file);
    }
    return sum;
  }
}
