// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What Alluxio makes of the tree below a directory of this machine, such as a NAS. It follows links
 * as Alluxio does, but into no directory twice. For one thread.
 */
final class LocalTree {
  private static final String EMPTIES =
      "; Alluxio shows its directory as empty, unless the master has"
          + " alluxio.underfs.local.skip.broken.symlinks=true, which hides this name only.";

  /** Of what is there by name only; it is said by itself. */
  private static final long UNKNOWN_LENGTH = -1;

  private final int maxEntries;
  private final Path root;
  private final List<HiddenFile> found = new ArrayList<>();
  private final Set<Path> seen = new HashSet<>();
  private final Set<Path> targets = new HashSet<>();
  private final Map<String, Long> lengths = new TreeMap<>();
  private int entries;
  private int copies;

  private LocalTree(Path root, int maxEntries) {
    this.root = root;
    this.maxEntries = maxEntries;
  }

  /**
   * @param maxEntries names that are looked at; what comes after them is not known
   */
  static SeenTree look(Path root, int maxEntries) throws IOException {
    LocalTree tree = new LocalTree(root.toRealPath(), maxEntries);
    tree.directory(tree.root, "");
    boolean isWhole = tree.entries <= maxEntries;
    if (isWhole) {
      tree.found.addAll(UnfinishedDownloads.of(tree.lengths));
    }
    if (tree.copies > 0) {
      tree.found.add(
          HiddenFile.odd(
              "",
              tree.copies
                  + " files are links to files beside them, as Hugging Face's cache has them."
                  + " Alluxio takes each for another file and counts its memory for each, although"
                  + " workers keep the bytes once. Remedy: load and read snapshots only"));
    }
    return new SeenTree(tree.found, isWhole ? tree.lengths.keySet() : Set.of());
  }

  private void directory(Path directory, String prefix) throws IOException {
    if (!seen.add(directory)) {
      return;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        if (entries++ >= maxEntries) {
          return;
        }
        entry(child, prefix + child.getFileName());
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void entry(Path child, String name) throws IOException {
    boolean isLink = Files.isSymbolicLink(child);
    if (isLink && !Files.exists(child)) {
      lengths.put(name, UNKNOWN_LENGTH);
      found.add(
          HiddenFile.missing(
              name,
              "it is a link to "
                  + Files.readSymbolicLink(child)
                  + ", which does not exist"
                  + EMPTIES
                  + " Remedy: remove the link, or put back what it names"));
      return;
    }
    if (!new File(child.toString()).exists()) {
      found.add(
          HiddenFile.missing(
              name,
              "its name is not UTF-8, or the worker's locale is not (LC_ALL=C.UTF-8 is)"
                  + EMPTIES
                  + HiddenNames.RENAME));
      return;
    }
    String character = HiddenNames.character(name);
    if (!character.isEmpty()) {
      found.add(
          HiddenFile.missing(
              name, "Alluxio does not show names with " + character + "." + HiddenNames.RENAME));
    }
    if (Files.isRegularFile(child)) {
      lengths.put(name, Files.size(child));
    }
    if (Files.isDirectory(child)) {
      subdirectory(child.getParent(), child.toRealPath(), name, isLink);
    } else if (isLink && child.toRealPath().startsWith(root)) {
      copies += targets.add(child.toRealPath()) ? 1 : 0;
    }
  }

  private void subdirectory(Path parent, Path real, String name, boolean isLink)
      throws IOException {
    if (isLink && parent.startsWith(real)) {
      found.add(
          HiddenFile.odd(
              name,
              "it is a link to a directory above it: Alluxio follows it up to 40 levels deep, and"
                  + " takes each level for other files. Remedy: remove the link; warm-up and verify"
                  + " do not follow it"));
    } else if (isLink && (real.startsWith(root) || seen.contains(real))) {
      found.add(
          HiddenFile.odd(
              name,
              "it is a link to another directory here: Alluxio counts memory for what is loaded"
                  + " under each of the names, although workers keep the bytes once. Remedy: load"
                  + " and read one of them only"));
    } else {
      directory(real, name + "/");
    }
  }
}
