// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * What is at a path, for those to whom the kernel would say what it has heard a moment ago: what
 * the master has said as lately, else what it says now. Who asks about one file of a directory
 * after the other has the master asked about all of them at once. Thread-safe.
 */
public final class FreshPaths {
  /** A master says what is in a directory as fast as it says so many times what one file is. */
  private static final int CHILDREN_PER_QUESTION = 100;

  /** One more listing than that would drive out what is known of other directories. */
  private static final int MAX_CHILDREN = 10_000;

  private static final int MIN_QUESTIONS = 4;
  private static final long BURST_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_DIRECTORIES = 1_000;

  private final FileSystem fileSystem;
  private final KnownPaths known;
  private final ToLongFunction<AlluxioURI> freshMs;
  private final Cache<String, Questions> questions =
      CacheBuilder.newBuilder().maximumSize(MAX_DIRECTORIES).build();

  /**
   * @param fileSystem whose answers {@code known} gets to know
   * @param freshMs how old an answer about a path may be; 0: the master is asked every time
   */
  public FreshPaths(FileSystem fileSystem, KnownPaths known, ToLongFunction<AlluxioURI> freshMs) {
    this.fileSystem = fileSystem;
    this.known = known;
    this.freshMs = freshMs;
  }

  /** As {@link FileSystem#getStatus(AlluxioURI)}. */
  public PathStatus status(AlluxioURI path) throws IOException, AlluxioException {
    long maxAgeMs = freshMs.applyAsLong(path);
    if (maxAgeMs > 0) {
      Optional<PathStatus> fresh = known.said(path.getPath(), maxAgeMs);
      if (fresh.isEmpty() && isListedInstead(path)) {
        fresh = known.said(path.getPath(), maxAgeMs);
      }
      if (fresh.isPresent()) {
        return fresh.get();
      }
    }
    return new PathStatus(fileSystem.getStatus(path), 0);
  }

  /** Whether the master was asked about the whole directory of {@code path}. */
  private boolean isListedInstead(AlluxioURI path) throws IOException, AlluxioException {
    AlluxioURI directory = path.getParent();
    Optional<List<URIStatus>> before =
        directory == null ? Optional.empty() : known.listing(directory.getPath());
    if (before.isEmpty() || before.get().size() > MAX_CHILDREN) {
      return false;
    }
    Questions asked = questions.asMap().computeIfAbsent(directory.getPath(), d -> new Questions());
    if (!asked.isListingDue(before.get().size(), known.nowNs())) {
      return false;
    }
    try {
      fileSystem.listStatus(directory);
      return true;
    } finally {
      asked.listed();
    }
  }

  /** What was asked lately about files of one directory. */
  private static final class Questions {
    private long sinceNs;
    private int count;
    private boolean listing;

    /** One more is about to be asked. */
    synchronized boolean isListingDue(int children, long nowNs) {
      if (listing) {
        return false;
      }
      if (nowNs - sinceNs > BURST_NS) {
        sinceNs = nowNs;
        count = 0;
      }
      count++;
      listing = count >= MIN_QUESTIONS && (long) count * CHILDREN_PER_QUESTION >= children;
      return listing;
    }

    synchronized void listed() {
      listing = false;
      count = 0;
    }
  }
}
