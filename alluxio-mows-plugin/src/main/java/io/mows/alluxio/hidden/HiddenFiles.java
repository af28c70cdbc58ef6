// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import alluxio.underfs.UfsFileStatus;
import alluxio.underfs.UfsStatus;
import alluxio.underfs.UnderFileSystem;
import alluxio.underfs.UnderFileSystemWithLogging;
import alluxio.underfs.options.ListOptions;
import io.mows.alluxio.manifest.Manifests;
import io.mows.alluxio.model.Paths;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

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

  /** Names that are looked at below one directory of a NAS. */
  private static final int MAX_ENTRIES = 50_000;

  private static final int MAX_DIRECTORIES = 50;
  private static final long AGAIN_MS = TimeUnit.MINUTES.toMillis(10);

  private final Origins origins;
  private final Optional<Manifests> manifests;
  private final Looks<HiddenFile> looks;

  /** The connection with what is behind a mount point. */
  public interface Origins {
    UnderFileSystem get(long mountId) throws IOException;
  }

  /**
   * @param manifests empty if they are not to be looked at
   */
  public HiddenFiles(Origins origins, Optional<Manifests> manifests, LongSupplier nanoClock) {
    this.origins = origins;
    this.manifests = manifests;
    this.looks = new Looks<>("mows-hidden", MAX_DIRECTORIES, AGAIN_MS, nanoClock);
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
    SeenTree listing =
        ufs.getUnderFSType().equals("local")
            ? LocalTree.look(Path.of(originPath.replaceFirst("^file://", "")), MAX_ENTRIES)
            : ofObjects(lengths(ufs, originPath));
    List<HiddenFile> found = new ArrayList<>(listing.found());
    if (manifests.isPresent() && !listing.files().isEmpty()) {
      Set<String> said = found.stream().map(HiddenFile::path).collect(Collectors.toSet());
      ManifestGaps.of(manifests.get(), ufs, mountId, originPath, alluxioPath, listing.files())
          .stream()
          .filter(gap -> !said.contains(gap.path()))
          .forEach(found::add);
    }
    return found.stream().map(file -> file.below(alluxioPath)).collect(Collectors.toList());
  }

  private static SeenTree ofObjects(Map<String, Long> lengths) {
    List<HiddenFile> found = new ArrayList<>(HiddenNames.of(lengths.keySet()));
    found.addAll(UnfinishedDownloads.of(lengths));
    return new SeenTree(found, lengths.keySet());
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
    files.forEach(file -> directories.putIfAbsent(Paths.parent(file.path()), file));
    looks.retain(directories.keySet());
    List<Looks.Look<HiddenFile>> all =
        directories.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .limit(MAX_DIRECTORIES)
            .map(directory -> begin(directory.getKey(), directory.getValue()))
            .collect(Collectors.toList());
    return all.stream()
        .flatMap(look -> looks.await(look).stream())
        .sorted(Comparator.comparing(HiddenFile::path))
        .collect(Collectors.toList());
  }

  private Looks.Look<HiddenFile> begin(String directory, FileSpec file) {
    return looks.begin(
        directory,
        () -> below(file.origin().mountId(), Paths.parent(file.origin().path()), directory));
  }

  @Override
  public void close() {
    looks.close();
  }
}
