// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import io.mows.alluxio.cli.cluster.ModelStore.StoredFile;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.manifest.Manifest;
import io.mows.alluxio.manifest.Sha256Sums;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code sha256sum} has written beside files, as it is at the origin: {@code NAME.sha256} for
 * one file, {@code SHA256SUMS} for those of a directory. Not thread-safe.
 */
public final class StoredSha256s {
  private final ModelStore store;
  private final PathPrefixes paths;
  private final Set<String> listed;
  private final Map<String, Optional<Sha256Sums>> byPath = new HashMap<>();

  /**
   * @param paths what lies above them does not count
   * @param listed the files that are asked for, and those beside them
   */
  StoredSha256s(ModelStore store, PathPrefixes paths, List<StoredFile> listed) {
    this.store = store;
    this.paths = paths;
    this.listed = listed.stream().map(StoredFile::path).collect(Collectors.toSet());
  }

  /** What a file has to have; empty if nothing says so. */
  public Optional<Expected> of(String path) throws IOException {
    String own = path + Sha256Sums.SUFFIX;
    if (listed.contains(own)) {
      Optional<String> sum = at(own).flatMap(Sha256Sums::first);
      if (sum.isPresent()) {
        return Optional.of(new Expected(sum.get(), own));
      }
    }
    String directory = Manifest.directory(path);
    while (paths.covers(directory.isEmpty() ? "/" : directory)) {
      String sums = directory + "/" + Sha256Sums.NAME;
      Optional<String> sum =
          at(sums)
              .flatMap(found -> found.of(path.substring(Manifest.directory(sums).length() + 1)));
      if (sum.isPresent()) {
        return Optional.of(new Expected(sum.get(), sums));
      }
      if (directory.isEmpty()) {
        break;
      }
      directory = Manifest.directory(directory);
    }
    return Optional.empty();
  }

  private Optional<Sha256Sums> at(String path) throws IOException {
    Optional<Sha256Sums> known = byPath.get(path);
    if (known == null) {
      known = store.find(path).isPresent() ? Optional.of(read(path)) : Optional.empty();
      byPath.put(path, known);
    }
    return known;
  }

  private Sha256Sums read(String path) throws IOException {
    try (InputStream in = store.openAtOrigin(path)) {
      return Sha256Sums.parse(in.readNBytes(Sha256Sums.MAX_BYTES));
    }
  }

  /** A checksum and where it stands. Immutable. */
  public static final class Expected {
    private final String sha256;
    private final String source;

    Expected(String sha256, String source) {
      this.sha256 = sha256;
      this.source = source;
    }

    public String sha256() {
      return sha256;
    }

    public String source() {
      return source;
    }
  }
}
