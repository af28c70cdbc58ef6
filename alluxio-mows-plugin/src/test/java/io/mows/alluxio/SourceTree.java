// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the project's Java files, for tests that judge the source itself. */
final class SourceTree {
  /** The modules whose classes go into the drop-in jar. */
  static final List<String> SHIPPED_MODULES =
      List.of("data-channel", "p2p-worker", "alluxio-mows-plugin");

  static final List<String> MODULES =
      Stream.concat(SHIPPED_MODULES.stream(), Stream.of("integration-tests"))
          .collect(Collectors.toUnmodifiableList());

  private SourceTree() {}

  /** Returns the Java files below {@code src/<sourceSet>/java} of the modules, sorted. */
  static List<Path> javaFiles(List<String> modules, String sourceSet) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String module : modules) {
      Path sources = sources(module, sourceSet);
      if (Files.isDirectory(sources)) {
        try (Stream<Path> all = Files.walk(sources)) {
          all.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
        }
      }
    }
    return files;
  }

  /** Returns the names of the top-level classes that the shipped modules' file names announce. */
  static List<String> shippedClassNames() throws IOException {
    List<String> names = new ArrayList<>();
    for (String module : SHIPPED_MODULES) {
      for (Path file : javaFiles(List.of(module), "main")) {
        String name = sources(module, "main").relativize(file).toString();
        if (!name.endsWith("-info.java")) {
          names.add(name.substring(0, name.length() - ".java".length()).replace('/', '.'));
        }
      }
    }
    return names;
  }

  /** Returns the files of a folder of the project, sorted. */
  static List<Path> files(String folder) throws IOException {
    try (Stream<Path> all = Files.list(root().resolve(folder))) {
      return all.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
    }
  }

  /** Returns what a user or a developer is meant to read: Markdown files of the project. */
  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(files(""));
    documents.addAll(files("docs"));
    documents.addAll(files("docs/adr"));
    documents.addAll(files("mows-loader"));
    documents.removeIf(file -> !file.toString().endsWith(".md"));
    return documents;
  }

  /** Returns a file of the project by its path from the project's folder. */
  static Path file(String path) {
    return root().resolve(path);
  }

  /** Returns the path as a developer would type it. */
  static Path shorten(Path file) {
    return root().relativize(file);
  }

  private static Path sources(String module, String sourceSet) {
    return root().resolve(module).resolve("src").resolve(sourceSet).resolve("java");
  }

  private static Path root() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(".mvn"))) {
        return folder;
      }
    }
    throw new IllegalStateException("No project (a folder with .mvn) at or above " + start);
  }
}
