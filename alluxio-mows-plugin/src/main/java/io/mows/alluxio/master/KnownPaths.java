// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import alluxio.client.file.URIStatus;
import alluxio.wire.FileInfo;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.conf.PathPrefixes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the Alluxio master has last said of accelerated files and of directories, for the time when
 * it is away, and so that it need not be asked again at once. The most recent ones only.
 * Thread-safe.
 *
 * <p>An answer is as old as its question, however long it was on its way: what has happened since
 * then it may not have seen. Who asks for an answer of a certain age at most, or has the kernel
 * keep it for a while, relies on that.
 */
public final class KnownPaths {
  static final long ANY_AGE = -1;

  private static final long MAX_PATHS = 20_000;
  private static final long MAX_LISTINGS = 2_000;

  private final PathPrefixes paths;
  private final LongSupplier nanoClock;
  private final Cache<String, Said> statuses =
      CacheBuilder.newBuilder().maximumSize(MAX_PATHS).build();
  private final Cache<String, List<URIStatus>> listings =
      CacheBuilder.newBuilder().maximumSize(MAX_LISTINGS).build();

  /**
   * @param paths what is accelerated
   */
  public KnownPaths(PathPrefixes paths, LongSupplier nanoClock) {
    this.paths = paths;
    this.nanoClock = nanoClock;
  }

  /** An answer and when it was asked for. */
  private static final class Said {
    private final URIStatus what;
    private final long askedNs;

    Said(URIStatus what, long askedNs) {
      this.what = what;
      this.askedNs = askedNs;
    }
  }

  /** For the methods below: before a question is asked. */
  public long nowNs() {
    return nanoClock.getAsLong();
  }

  /** A question to the master about a file of which only the id is known. */
  public interface FileQuestion {
    FileInfo ask() throws IOException;
  }

  /** Asks {@code question}; the answer counts from then on. */
  public FileInfo ask(FileQuestion question) throws IOException {
    long askedNs = nowNs();
    FileInfo info = question.ask();
    if (info.getPath() != null && !info.getPath().isEmpty()) {
      said(new URIStatus(info), askedNs);
    }
    return info;
  }

  void said(URIStatus status, long askedNs) {
    if (status.isFolder() || (status.isCompleted() && paths.covers(status.getPath()))) {
      statuses.asMap().merge(status.getPath(), new Said(status, askedNs), KnownPaths::later);
    } else {
      statuses.invalidate(status.getPath());
    }
  }

  /** An answer that was long on its way says less than one that was asked for meanwhile. */
  private static Said later(Said one, Said other) {
    return one.askedNs - other.askedNs > 0 ? one : other;
  }

  void listed(String directory, List<URIStatus> children, long askedNs) {
    children.forEach(child -> said(child, askedNs));
    listings.put(directory, List.copyOf(children));
  }

  /** The master has said that it is not there. */
  void isGone(String path) {
    statuses.invalidate(path);
    listings.invalidate(path);
  }

  /**
   * @param maxAgeMs negative, such as {@link #ANY_AGE}: however long ago it was said
   */
  Optional<URIStatus> status(String path, long maxAgeMs) {
    return said(path, maxAgeMs).map(PathStatus::status);
  }

  /** As {@link #status}, with how old it is. */
  Optional<PathStatus> said(String path, long maxAgeMs) {
    Said said = statuses.getIfPresent(path);
    if (said == null) {
      return Optional.empty();
    }
    long ageMs = TimeUnit.NANOSECONDS.toMillis(nowNs() - said.askedNs);
    return maxAgeMs < 0 || ageMs < maxAgeMs
        ? Optional.of(new PathStatus(said.what, ageMs))
        : Optional.empty();
  }

  /** What was in a directory. */
  Optional<List<URIStatus>> listing(String path) {
    return Optional.ofNullable(listings.getIfPresent(path));
  }

  /** The paths of all files that are known. */
  List<String> files() {
    List<String> files = new ArrayList<>();
    statuses
        .asMap()
        .forEach(
            (path, said) -> {
              if (!said.what.isFolder()) {
                files.add(path);
              }
            });
    return files;
  }
}
