// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.block.Sha256Watch.Expected;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.manifest.Manifest;
import io.mows.alluxio.manifest.Manifests;
import io.mows.alluxio.manifest.Sha256Sums;
import io.mows.alluxio.origin.OriginFiles.OriginFile;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@code sha256sum} has written at the origin: {@code SHA256SUMS} in a file's directory or
 * above it, and {@code NAME.sha256} beside a large file; small ones are not worth a question each.
 * For one thread.
 */
public final class OriginSha256s implements Sha256Watch.Sums {
  /** A file of less costs as much to ask about as to read. */
  static final long LARGE_BYTES = 16L << 20;

  private static final Duration REMEMBER = Duration.ofMinutes(10);
  private static final long MAX_DIRECTORIES = 1_000;

  private final Manifests.Reader reader;
  private final PathPrefixes paths;
  private final Cache<String, Optional<Sha256Sums>> byDirectory =
      CacheBuilder.newBuilder().expireAfterWrite(REMEMBER).maximumSize(MAX_DIRECTORIES).build();

  /**
   * @param paths what lies above them does not count
   */
  public OriginSha256s(Manifests.Reader reader, PathPrefixes paths) {
    this.reader = reader;
    this.paths = paths;
  }

  @Override
  public Optional<Expected> of(FileSpec file) throws IOException {
    String path = file.path();
    if (file.layout().lengthBytes() >= LARGE_BYTES) {
      String name = path.substring(path.lastIndexOf('/') + 1) + Sha256Sums.SUFFIX;
      Optional<String> own = read(file, 0, name).flatMap(Sha256Sums::first);
      if (own.isPresent()) {
        return Optional.of(new Expected(own.get(), path + Sha256Sums.SUFFIX));
      }
    }
    String directory = Manifest.directory(path);
    for (int levels = 0; paths.covers(directory.isEmpty() ? "/" : directory); levels++) {
      Optional<Sha256Sums> sums = sums(file, directory, levels);
      String below = path.substring(directory.length() + 1);
      Optional<String> sum = sums.flatMap(found -> found.of(below));
      if (sum.isPresent()) {
        return Optional.of(new Expected(sum.get(), directory + "/" + Sha256Sums.NAME));
      }
      if (directory.isEmpty()) {
        break;
      }
      directory = Manifest.directory(directory);
    }
    return Optional.empty();
  }

  private Optional<Sha256Sums> sums(FileSpec file, String directory, int levels)
      throws IOException {
    String key = file.origin().mountId() + directory;
    Optional<Sha256Sums> known = byDirectory.getIfPresent(key);
    if (known == null) {
      known = read(file, levels, Sha256Sums.NAME);
      byDirectory.put(key, known);
    }
    return known;
  }

  private Optional<Sha256Sums> read(FileSpec file, int levels, String name) throws IOException {
    return reader
        .read(file.origin(), levels, name, Sha256Sums.MAX_BYTES)
        .flatMap(OriginFile::content)
        .map(Sha256Sums::parse);
  }
}
