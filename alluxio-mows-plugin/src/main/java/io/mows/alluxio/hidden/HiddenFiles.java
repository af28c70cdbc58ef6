// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import alluxio.underfs.UfsFileStatus;
import alluxio.underfs.UfsStatus;
import alluxio.underfs.UnderFileSystem;
import alluxio.underfs.UnderFileSystemWithLogging;
import alluxio.underfs.options.ListOptions;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the origin itself for what Alluxio's listings leave out, and for what is not there
 * although others say that it should be: a model of which a file is missing must not be taken for a
 * whole one. Directories of files that are used are looked at by one thread, {@code mows-hidden},
 * every ten minutes while somebody asks. Thread-safe.
 */
public final class HiddenFiles implements AutoCloseable {
  /** Why Alluxio may show a directory as empty that is not. */
  public static final String EMPTY_LISTING =
      "If the origin has files there and is a NAS, one link to nothing or one name that is not UTF-8"
          + " makes Alluxio's listing empty: set alluxio.underfs.local.skip.broken.symlinks=true on"
          + " the master, or remove it.";

  private static final Logger LOG = LoggerFactory.getLogger(HiddenFiles.class);
  private static final String THREAD = "mows-hidden";

  /** Names that are looked at below one directory of a NAS. */
  private static final int MAX_ENTRIES = 50_000;

  private static final int MAX_DIRECTORIES = 50;
  private static final long AGAIN_NS = TimeUnit.MINUTES.toNanos(10);
  private static final long WAIT_MS = 2_000;

  private final Origins origins;
  private final LongSupplier nanoClock;
  private final Map<String, Look> looks = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MAX_DIRECTORIES),
          NamedThreads.one(THREAD));

  /** The connection with what is behind a mount point. */
  public interface Origins {
    UnderFileSystem get(long mountId) throws IOException;
  }

  public HiddenFiles(Origins origins, LongSupplier nanoClock) {
    this.origins = origins;
    this.nanoClock = nanoClock;
    thread.allowCoreThreadTimeOut(true);
  }

  private static final class Look {
    private final long startedNs;
    private final CompletableFuture<List<HiddenFile>> found = new CompletableFuture<>();

    Look(long startedNs) {
      this.startedNs = startedNs;
    }
  }

  /**
   * What is hidden below a directory. Asks the origin, and waits for it.
   *
   * @param originPath of the directory, such as {@code s3://bucket/models}
   * @param alluxioPath the same as Alluxio names it
   */
  public List<HiddenFile> below(long mountId, String originPath, String alluxioPath)
      throws IOException {
    UnderFileSystem ufs = origins.get(mountId);
    List<HiddenFile> found =
        ufs.getUnderFSType().equals("local")
            ? LocalTree.look(Path.of(originPath.replaceFirst("^file://", "")), MAX_ENTRIES)
            : ofObjects(lengths(ufs, originPath));
    return found.stream().map(file -> file.below(alluxioPath)).collect(Collectors.toList());
  }

  private static List<HiddenFile> ofObjects(Map<String, Long> lengths) {
    List<HiddenFile> found = new ArrayList<>(HiddenNames.of(lengths.keySet()));
    found.addAll(UnfinishedDownloads.of(lengths));
    return found;
  }

  private static Map<String, Long> lengths(UnderFileSystem ufs, String path) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    if (!ufs.isObjectStorage()) {
      return files;
    }
    // Its wrapper is what leaves names out.
    UnderFileSystem connector =
        ufs instanceof UnderFileSystemWithLogging
            ? ((UnderFileSystemWithLogging) ufs).getUnderFileSystem()
            : ufs;
    // Not its iterator: that of Alluxio 2.9.6 fails at the end of an OSS listing.
    UfsStatus[] all = connector.listStatus(path, ListOptions.defaults().setRecursive(true));
    for (UfsStatus status : all == null ? new UfsStatus[0] : all) {
      if (status.isFile()) {
        files.put(status.getName(), ((UfsFileStatus) status).getContentLength());
      }
    }
    return files;
  }

  /**
   * What is hidden beside these files, as far as it is known after two seconds.
   *
   * @param files some of them may be in the same directory
   */
  public List<HiddenFile> beside(List<FileSpec> files) {
    Map<String, FileSpec> directories = new ConcurrentHashMap<>();
    files.forEach(file -> directories.putIfAbsent(parent(file.path()), file));
    looks.keySet().retainAll(directories.keySet());
    List<Look> all =
        directories.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .limit(MAX_DIRECTORIES)
            .map(directory -> look(directory.getKey(), directory.getValue()))
            .collect(Collectors.toList());
    return all.stream()
        .flatMap(look -> await(look).stream())
        .sorted(Comparator.comparing(HiddenFile::path))
        .collect(Collectors.toList());
  }

  /** An origin that does not answer is waited for once, not by everybody who asks. */
  private List<HiddenFile> await(Look look) {
    try {
      long endNs = look.startedNs + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
      long leftNs = Math.max(0, endNs - nanoClock.getAsLong());
      return look.found.get(leftNs, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("What is hidden is not known", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.of();
  }

  private Look look(String directory, FileSpec file) {
    long nowNs = nanoClock.getAsLong();
    Look known = looks.get(directory);
    if (known != null && nowNs - known.startedNs < AGAIN_NS) {
      return known;
    }
    Look fresh = new Look(nowNs);
    looks.put(directory, fresh);
    try {
      thread.execute(() -> look(fresh, directory, file));
    } catch (RejectedExecutionException e) {
      looks.remove(directory, fresh);
      fresh.found.completeExceptionally(e);
    }
    return fresh;
  }

  private void look(Look fresh, String directory, FileSpec file) {
    try {
      fresh.found.complete(below(file.origin().mountId(), parent(file.origin().path()), directory));
    } catch (IOException | RuntimeException e) {
      LOG.debug("What is hidden in {} cannot be found out", directory, e);
      fresh.found.completeExceptionally(e);
    }
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  @Override
  public void close() {
    NamedThreads.stop(thread, THREAD);
  }
}
