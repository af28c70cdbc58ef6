// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.Arrays;
import java.util.Optional;

/** Absolute paths as strings, with a slash between names and none at the end. */
public final class Paths {
  private Paths() {}

  public static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The directory of {@code path}; {@code /} has none and is its own. */
  public static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  static String child(String directory, String name) {
    return directory.endsWith("/") ? directory + name : directory + "/" + name;
  }

  /**
   * What a file in {@code directory} calls {@code relative}; empty if that leads out of the
   * directory: what an index says is not to be trusted.
   */
  static Optional<String> below(String directory, String relative) {
    boolean leadsOut =
        relative.isEmpty()
            || relative.startsWith("/")
            || relative.endsWith("/")
            || Arrays.stream(relative.split("/"))
                .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    return leadsOut ? Optional.empty() : Optional.of(child(directory, relative));
  }
}
