// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import alluxio.exception.status.UnavailableException;
import com.google.common.base.Throwables;
import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.attributes.Attributes;
import io.mows.alluxio.attributes.ModelStatus;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.master.RecentPaths;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The extended attributes of accelerated files, and of directories as the sum of the files below.
 * Nothing is fetched for them, and nobody waits long: what is at a path is remembered for a moment.
 * Thread-safe.
 */
final class ModelAttributes {
  private static final Duration REMEMBER = Duration.ofSeconds(2);
  private static final Duration SAME_SUM = Duration.ofMillis(100);
  private static final int MAX_PATHS = 10_000;

  /** Of one directory: more files, directories or time than that are not looked at. */
  private static final int MAX_FILES = 10_000;

  private static final int MAX_DIRECTORIES = 200;
  private static final long MAX_WALK_NS = TimeUnit.SECONDS.toNanos(1);

  private final RecentPaths paths;
  private final FileCatalog catalog;
  private final PathPrefixes accelerated;
  private final Function<FileSpec, FileStatus> statuses;
  private volatile boolean passthrough;
  private final Ticker ticker;
  private final Cache<String, Target> targets;
  private final Cache<String, ModelStatus> sums;

  /**
   * @param statuses must return at once
   */
  ModelAttributes(
      RecentPaths paths,
      FileCatalog catalog,
      PathPrefixes accelerated,
      Function<FileSpec, FileStatus> statuses,
      Ticker ticker) {
    this.paths = paths;
    this.catalog = catalog;
    this.accelerated = accelerated;
    this.statuses = statuses;
    this.ticker = ticker;
    this.targets = cache(REMEMBER);
    this.sums = cache(SAME_SUM);
  }

  /**
   * To be called when it is known what the mount can do; until then it cannot.
   *
   * @param passes whether the kernel reads files of one block by itself
   */
  void setPassthrough(boolean passes) {
    passthrough = passes;
  }

  private <T> Cache<String, T> cache(Duration remember) {
    return CacheBuilder.newBuilder()
        .ticker(ticker)
        .expireAfterWrite(remember)
        .maximumSize(MAX_PATHS)
        .build();
  }

  /**
   * The names of the attributes of what is at an Alluxio path; none if that is not accelerated, or
   * if nobody can tell soon: no file system says "try again" to who lists them, and cp(1) takes it
   * for a failure.
   */
  List<String> names(String path) throws IOException, AlluxioException {
    try {
      return isOurs(path) ? Attributes.names() : List.of();
    } catch (UnavailableException e) {
      return List.of();
    }
  }

  private boolean isOurs(String path) throws IOException, AlluxioException {
    if (!accelerated.covers(path)) {
      return false;
    }
    Target known = targets.getIfPresent(path);
    if (known != null) {
      return known.isOurs;
    }
    URIStatus status = paths.status(new AlluxioURI(path));
    return status.isFolder() || catalog.of(status.getFileInfo()).isPresent();
  }

  /**
   * The value of one attribute; empty if there is none of this name.
   *
   * @throws alluxio.exception.status.UnavailableException if nobody can tell soon
   */
  Optional<byte[]> value(String path, String name) throws IOException, AlluxioException {
    if (!Attributes.has(name)) {
      return Optional.empty();
    }
    Target target = target(path);
    return target.isOurs ? Attributes.value(name, status(path, target)) : Optional.empty();
  }

  private ModelStatus status(String path, Target target) throws IOException {
    if (target.files.size() <= 1) {
      return sum(target);
    }
    try {
      return sums.get(path, () -> sum(target));
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private ModelStatus sum(Target target) {
    boolean passes =
        passthrough && target.files.stream().allMatch(file -> file.layout().blockCount() == 1);
    return ModelStatus.of(
        target.files.stream().map(statuses).collect(Collectors.toList()), passes, target.partial);
  }

  private Target target(String path) throws IOException, AlluxioException {
    if (!accelerated.covers(path)) {
      return Target.OTHERS;
    }
    try {
      return targets.get(path, () -> find(new AlluxioURI(path)));
    } catch (ExecutionException e) {
      Throwables.throwIfInstanceOf(e.getCause(), IOException.class);
      Throwables.throwIfInstanceOf(e.getCause(), AlluxioException.class);
      throw new IOException(e.getCause());
    }
  }

  private Target find(AlluxioURI path) throws IOException, AlluxioException {
    URIStatus status = paths.status(path);
    if (status.isFolder()) {
      return walk(path);
    }
    Optional<FileSpec> file = catalog.of(status.getFileInfo());
    return file.isPresent() ? new Target(true, List.of(file.get()), false) : Target.OTHERS;
  }

  /** What lies directly or deeper in a directory, as far as there is room and time. */
  private Target walk(AlluxioURI top) throws IOException, AlluxioException {
    long beganNs = ticker.read();
    List<FileSpec> files = new ArrayList<>();
    Deque<AlluxioURI> toList = new ArrayDeque<>(List.of(top));
    int listed = 0;
    while (!toList.isEmpty()) {
      boolean late = listed > 0 && ticker.read() - beganNs > MAX_WALK_NS;
      if (listed >= MAX_DIRECTORIES || files.size() >= MAX_FILES || late) {
        return new Target(true, files, true);
      }
      for (URIStatus child : paths.list(toList.remove())) {
        if (child.isFolder()) {
          toList.add(new AlluxioURI(child.getPath()));
        } else {
          catalog.of(child.getFileInfo()).ifPresent(files::add);
        }
      }
      listed++;
    }
    return new Target(true, files, false);
  }

  /** What is at a path. Immutable. */
  private static final class Target {
    static final Target OTHERS = new Target(false, List.of(), false);

    final boolean isOurs;
    final List<FileSpec> files;
    final boolean partial;

    Target(boolean isOurs, List<FileSpec> files, boolean partial) {
      this.isOurs = isOurs;
      this.files = List.copyOf(files);
      this.partial = partial;
    }
  }
}
