// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Names of objects that Alluxio 2.9.6 leaves out of its listings without a word. Pure. */
final class HiddenNames {
  static final String RENAME = " Remedy: rename it at the origin";

  private HiddenNames() {}

  /**
   * @param files names of objects below one directory, with slashes
   */
  static List<HiddenFile> of(Collection<String> files) {
    List<HiddenFile> hidden = new ArrayList<>();
    Set<String> directories = new TreeSet<>();
    for (String file : files) {
      for (int slash = file.indexOf('/'); slash > 0; slash = file.indexOf('/', slash + 1)) {
        directories.add(file.substring(0, slash));
      }
    }
    for (String file : new TreeSet<>(files)) {
      String reason = reason(file, directories);
      if (!reason.isEmpty()) {
        hidden.add(HiddenFile.missing(file, reason));
      }
    }
    return hidden;
  }

  private static String reason(String file, Set<String> directories) {
    if (file.startsWith("/") || file.contains("//")) {
      return "Alluxio does not show objects with an empty name between two slashes." + RENAME;
    }
    String character = character(file);
    if (!character.isEmpty()) {
      return "Alluxio does not show names with " + character + "." + RENAME;
    }
    return directories.contains(file)
        ? "an object and a directory have this name, and Alluxio shows one of them only." + RENAME
        : "";
  }

  /** What in the name hides it; empty if nothing does. */
  static String character(String name) {
    if (name.indexOf('?') >= 0) {
      return "'?'";
    }
    if (name.indexOf('\\') >= 0) {
      return "'\\'";
    }
    return name.indexOf('\uFFFD') >= 0 ? "bytes that are not UTF-8" : "";
  }
}
