// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import io.mows.alluxio.cli.cluster.ModelStore.StoredFile;
import io.mows.alluxio.conf.ManifestName;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.manifest.Manifest;
import io.mows.alluxio.manifest.ManifestParser;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The manifests that files of the cluster are checked with, as they are at the origin. Not
 * thread-safe.
 */
public final class StoredManifests {
  private final ModelStore store;
  private final PathPrefixes paths;
  private final String name;
  private final Map<String, Optional<Manifest>> byDirectory = new HashMap<>();

  StoredManifests(ModelStore store, PathPrefixes paths, String name) {
    this.store = store;
    this.paths = paths;
    this.name = name;
  }

  public boolean isManifest(String path) {
    return ManifestName.isOf(path, name);
  }

  /** The manifest of the nearest directory that names {@code path}; else the nearest; else none. */
  public Optional<Manifest> of(String path) throws IOException {
    Optional<Manifest> nearest = Optional.empty();
    String directory = Manifest.directory(path);
    while (paths.covers(directory.isEmpty() ? "/" : directory)) {
      Optional<Manifest> manifest = in(directory);
      if (manifest.isPresent()
          && manifest.get().crc32(relative(manifest.get(), path)).isPresent()) {
        return manifest;
      }
      nearest = nearest.isPresent() ? nearest : manifest;
      if (directory.isEmpty()) {
        break;
      }
      directory = Manifest.directory(directory);
    }
    return nearest;
  }

  /** Whether {@code manifest} could name {@code path}. */
  public boolean isBelow(Manifest manifest, String path) {
    return path.startsWith(Manifest.directory(manifest.name()) + "/");
  }

  /** {@code path} as {@code manifest} names it. */
  public String relative(Manifest manifest, String path) {
    return path.substring(manifest.name().length() - name.length());
  }

  /** The path of a file that {@code manifest} names. */
  public String absolute(Manifest manifest, String relative) {
    return Manifest.directory(manifest.name()) + "/" + relative;
  }

  /** All that have been looked at. */
  public List<Manifest> all() {
    List<Manifest> all = new ArrayList<>();
    byDirectory.values().forEach(found -> found.ifPresent(all::add));
    all.sort((a, b) -> a.name().compareTo(b.name()));
    return all;
  }

  private Optional<Manifest> in(String directory) throws IOException {
    Optional<Manifest> known = byDirectory.get(directory);
    if (known == null) {
      known = read(directory + "/" + name);
      byDirectory.put(directory, known);
    }
    return known;
  }

  private Optional<Manifest> read(String path) throws IOException {
    Optional<StoredFile> file = store.find(path);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    if (file.get().lengthBytes() > Manifest.MAX_BYTES) {
      return Optional.of(Manifest.tooLarge(path, file.get().lengthBytes()));
    }
    try (InputStream in = store.openAtOrigin(path)) {
      return Optional.of(ManifestParser.parse(path, in.readNBytes(Manifest.MAX_BYTES)));
    }
  }
}
