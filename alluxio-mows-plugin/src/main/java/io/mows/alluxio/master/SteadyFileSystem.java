// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import alluxio.AlluxioURI;
import alluxio.client.file.DelegatingFileSystem;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileSystem;
import alluxio.client.file.MetadataCachingFileSystem;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.exception.status.UnavailableException;
import alluxio.grpc.GetStatusPOptions;
import alluxio.grpc.ListStatusPOptions;
import alluxio.grpc.OpenFilePOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * An Alluxio client that goes on while the master is away: it says what is known, and what is not
 * fails as unavailable, never as "does not exist". What is known of a file for longer than {@code
 * alluxio.user.file.metadata.sync.interval} counts if the origin still has that version.
 * Directories and lists count as they were. While the master is here it is asked every time.
 * Thread-safe.
 */
public final class SteadyFileSystem extends DelegatingFileSystem {
  private final MasterCalls master;
  private final KnownPaths known;
  private final ToLongFunction<AlluxioURI> syncIntervalMs;
  private final Predicate<URIStatus> isStillAtOrigin;

  /**
   * @param syncIntervalMs how old an answer may be, for a path; negative: as old as it is
   * @param isStillAtOrigin whether the origin has a file as it is described; may ask for seconds
   */
  public SteadyFileSystem(
      FileSystem fileSystem,
      MasterCalls master,
      KnownPaths known,
      ToLongFunction<AlluxioURI> syncIntervalMs,
      Predicate<URIStatus> isStillAtOrigin) {
    super(fileSystem);
    this.master = master;
    this.known = known;
    this.syncIntervalMs = syncIntervalMs;
    this.isStillAtOrigin = isStillAtOrigin;
  }

  @Override
  public URIStatus getStatus(AlluxioURI path, GetStatusPOptions options)
      throws IOException, AlluxioException {
    Optional<URIStatus> before = known.status(path.getPath(), KnownPaths.ANY_AGE);
    return master.askOr(
        () -> askStatus(path, options), before.map(status -> () -> ifItStillIs(path, status)));
  }

  private URIStatus ifItStillIs(AlluxioURI path, URIStatus before) throws UnavailableException {
    if (before.isFolder()
        || known.status(path.getPath(), syncIntervalMs.applyAsLong(path)).isPresent()) {
      return before;
    }
    long askedNs = known.nowNs();
    if (isStillAtOrigin.test(before)) {
      known.said(before, askedNs);
      return before;
    }
    throw new UnavailableException(
        "The Alluxio master does not answer, and what it has said of "
            + path
            + " is too old (alluxio.user.file.metadata.sync.interval) and not confirmed by the"
            + " origin");
  }

  private URIStatus askStatus(AlluxioURI path, GetStatusPOptions options)
      throws IOException, AlluxioException {
    long askedNs = known.nowNs();
    try {
      URIStatus status = super.getStatus(path, options);
      known.said(status, askedNs);
      return status;
    } catch (FileDoesNotExistException e) {
      isGone(path, e);
      throw e;
    }
  }

  @Override
  public List<URIStatus> listStatus(AlluxioURI path, ListStatusPOptions options)
      throws IOException, AlluxioException {
    if (options.getRecursive()) {
      return super.listStatus(path, options);
    }
    return master.ask(() -> askListing(path, options), known.listing(path.getPath()));
  }

  private List<URIStatus> askListing(AlluxioURI path, ListStatusPOptions options)
      throws IOException, AlluxioException {
    long askedNs = known.nowNs();
    try {
      List<URIStatus> children = super.listStatus(path, options);
      known.listed(path.getPath(), children, askedNs);
      return children;
    } catch (FileDoesNotExistException e) {
      isGone(path, e);
      throw e;
    }
  }

  private void isGone(AlluxioURI path, FileDoesNotExistException answer) {
    if (MasterAnswers.isOne(answer)) {
      known.isGone(path.getPath());
    } else if (mDelegatedFileSystem instanceof MetadataCachingFileSystem) {
      // It remembers that the file does not exist, which nobody has said.
      ((MetadataCachingFileSystem) mDelegatedFileSystem).dropMetadataCache(path);
    }
  }

  @Override
  public void iterateStatus(
      AlluxioURI path, ListStatusPOptions options, Consumer<? super URIStatus> action)
      throws IOException, AlluxioException {
    if (options.getRecursive()) {
      super.iterateStatus(path, options, action);
    } else {
      listStatus(path, options).forEach(action);
    }
  }

  @Override
  public FileInStream openFile(AlluxioURI path, OpenFilePOptions options)
      throws IOException, AlluxioException {
    return openFile(getStatus(path, GetStatusPOptions.getDefaultInstance()), options);
  }
}
