// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import alluxio.underfs.UnderFileSystem;
import io.mows.alluxio.manifest.Manifest;
import io.mows.alluxio.manifest.Manifests;
import io.mows.p2p.fetch.OriginRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files below one directory that manifests name and that are not there. Asks the origin, and
 * waits for it. For one thread.
 */
final class ManifestGaps {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestGaps.class);

  /** Of one manifest; who lacks more knows it by then. */
  private static final int MAX_NAMED = 20;

  /** Names of one manifest that the origin is asked for, since its listing lacks them. */
  private static final int MAX_ASKED = 1_000;

  private final Manifests manifests;
  private final UnderFileSystem ufs;
  private final long mountId;
  private final String originPath;
  private final String directory;
  private final NavigableSet<String> files = new TreeSet<>();
  private final SortedMap<String, HiddenFile> gaps = new TreeMap<>();

  private ManifestGaps(
      Manifests manifests,
      UnderFileSystem ufs,
      long mountId,
      String originPath,
      String alluxioPath,
      Collection<String> files) {
    this.manifests = manifests;
    this.ufs = ufs;
    this.mountId = mountId;
    this.originPath = withoutSlash(originPath);
    this.directory = withoutSlash(alluxioPath);
    files.forEach(file -> this.files.add(directory + "/" + file));
  }

  /**
   * @param originPath of the directory
   * @param alluxioPath the same as Alluxio names it
   * @param files all that are there, by their paths from there
   * @return with paths from there
   */
  static List<HiddenFile> of(
      Manifests manifests,
      UnderFileSystem ufs,
      long mountId,
      String originPath,
      String alluxioPath,
      Collection<String> files)
      throws IOException {
    ManifestGaps gaps = new ManifestGaps(manifests, ufs, mountId, originPath, alluxioPath, files);
    for (Manifest manifest : gaps.all()) {
      gaps.look(manifest);
    }
    return new ArrayList<>(gaps.gaps.values());
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Those of the directory and below it, which are listed, and those above it. */
  private List<Manifest> all() {
    List<Manifest> all = new ArrayList<>();
    for (String file : files) {
      if (manifests.isManifest(file)) {
        add(all, originPath + file.substring(directory.length()), Manifest.directory(file), 0);
      }
    }
    int levels = 1;
    for (String above = directory; !above.isEmpty(); levels++) {
      above = Manifest.directory(above);
      add(all, originPath + "/any", above, levels);
    }
    return all;
  }

  /** What cannot be read says nothing of what is missing; whoever reads a file hears of it. */
  private void add(List<Manifest> all, String path, String of, int levels) {
    try {
      manifests.in(of, new OriginRef(mountId, path, "", 0), levels).ifPresent(all::add);
    } catch (IOException e) {
      LOG.debug("The manifest of {} cannot be read", of, e);
    }
  }

  private void look(Manifest manifest) throws IOException {
    String from = Manifest.directory(manifest.name()) + "/";
    Set<String> there =
        files.subSet(from, from.substring(0, from.length() - 1) + (char) ('/' + 1)).stream()
            .map(file -> file.substring(from.length()))
            .collect(Collectors.toSet());
    Set<String> unnamed = manifest.unnamed(there);
    int named = 0;
    int asked = 0;
    for (String entry : manifest.missing(there)) {
      String path = from + Manifest.path(entry);
      if (named == MAX_NAMED || asked == MAX_ASKED) {
        return;
      }
      if (path.startsWith(directory + "/") && !manifests.isManifest(path)) {
        String relative = path.substring(directory.length() + 1);
        asked++;
        // Directories that are links are not listed twice, and a listing may have been cut short.
        if (!ufs.isFile(originPath + "/" + relative)) {
          named++;
          gaps.putIfAbsent(
              relative,
              HiddenFile.missing(
                  relative, manifest.whyMissing(entry, unnamed) + UnfinishedDownloads.REMEDY));
        }
      }
    }
  }
}
