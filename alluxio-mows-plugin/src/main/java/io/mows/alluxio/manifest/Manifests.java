// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.manifest;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.conf.ManifestName;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.origin.OriginFiles.OriginFile;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.ManifestSource;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests of all accelerated files, read from the origin when they are needed and remembered
 * for a while. The nearest one that names a file counts. Thread-safe; has a thread of its own.
 */
public final class Manifests implements ManifestSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);
  private static final Duration REMEMBER = Duration.ofSeconds(30);
  private static final long MAX_WEIGHT_BYTES = 64 << 20;
  private static final int SHOWN_FINDINGS = 20;

  private final Reader reader;
  private final PathPrefixes paths;
  private final String name;
  private final Cache<String, Optional<Manifest>> byDirectory =
      CacheBuilder.newBuilder()
          .expireAfterWrite(REMEMBER)
          .maximumWeight(MAX_WEIGHT_BYTES)
          .weigher(Manifests::weight)
          .build();
  private final ExecutorService thread;

  /** Reads a file some levels above another one. */
  @FunctionalInterface
  public interface Reader {
    /** See {@link io.mows.alluxio.origin.OriginFiles#read}. */
    Optional<OriginFile> read(OriginRef file, int levels, String name, int maxBytes)
        throws IOException;
  }

  /**
   * @param paths manifests above them do not count
   * @param name what manifests are called
   */
  public Manifests(Reader reader, PathPrefixes paths, String name) {
    this.reader = reader;
    this.paths = paths;
    this.name = name;
    this.thread = Executors.newSingleThreadExecutor(NamedThreads.one("mows-manifest"));
  }

  private static int weight(String directory, Optional<Manifest> manifest) {
    int entries = manifest.map(found -> found.crc32s().size()).orElse(0);
    return 1_000 + 100 * entries;
  }

  @Override
  public CompletableFuture<Expectation> expected(FileSpec file) {
    CompletableFuture<Expectation> result = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            try {
              result.complete(find(file));
            } catch (IOException | RuntimeException e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new IOException("The worker is shutting down", e));
    }
    return result;
  }

  private Expectation find(FileSpec file) throws IOException {
    String path = file.path();
    String silent = null;
    String directory = Manifest.directory(path);
    for (int levels = 0; covers(directory); levels++) {
      Optional<Manifest> manifest = in(directory, file.origin(), levels);
      if (manifest.isPresent()) {
        OptionalInt crc32 = manifest.get().crc32(path.substring(directory.length() + 1));
        if (crc32.isPresent()) {
          return Expectation.crc32(crc32.getAsInt(), manifest.get().name());
        }
        silent = silent == null ? manifest.get().name() : silent;
      }
      if (directory.isEmpty()) {
        break;
      }
      directory = Manifest.directory(directory);
    }
    return silent == null ? Expectation.noManifest() : Expectation.noEntry(silent);
  }

  private boolean covers(String directory) {
    return paths.covers(directory.isEmpty() ? "/" : directory);
  }

  /** Whether a file of this path is one, whatever is in it. */
  public boolean isManifest(String path) {
    return ManifestName.isOf(path, name);
  }

  /**
   * The manifest of one directory, if it has one that counts. Asks the origin unless it has just
   * been asked, and waits for it.
   *
   * @param directory without a slash at the end; empty for the root
   * @param file any file in it, or in a directory so many {@code levels} below it
   * @throws IOException if that cannot be found out
   */
  public Optional<Manifest> in(String directory, OriginRef file, int levels) throws IOException {
    if (!covers(directory)) {
      return Optional.empty();
    }
    String key = file.mountId() + directory;
    try {
      return byDirectory.get(key, () -> read(file, directory + "/" + name, levels));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OriginException) {
        throw (OriginException) e.getCause();
      }
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  private Optional<Manifest> read(OriginRef file, String path, int levels) throws IOException {
    Optional<OriginFile> found = reader.read(file, levels, name, Manifest.MAX_BYTES);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Manifest manifest =
        found
            .get()
            .content()
            .map(content -> ManifestParser.parse(path, content))
            .orElseGet(() -> Manifest.tooLarge(path, found.get().lengthBytes()));
    LOG.debug("{} names {} files", path, manifest.crc32s().size());
    manifest.findings().stream().limit(SHOWN_FINDINGS).forEach(finding -> LOG.warn("{}", finding));
    return Optional.of(manifest);
  }

  @Override
  public void close() {
    NamedThreads.stop(thread, "mows-manifest");
  }
}
