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
import alluxio.grpc.GetStatusPOptions;
import alluxio.grpc.ListStatusPOptions;
import alluxio.grpc.OpenFilePOptions;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * An Alluxio client that goes on while the master is away: what is known it says, as long as {@code
 * alluxio.user.file.metadata.sync.interval} allows, and what is not fails as unavailable, never as
 * "does not exist". While the master is here it is asked every time. Thread-safe.
 */
public final class SteadyFileSystem extends DelegatingFileSystem {
  private final MasterCalls master;
  private final KnownPaths known;
  private final ToLongFunction<AlluxioURI> syncIntervalMs;

  /**
   * @param syncIntervalMs how old an answer may be, for a path; negative: as old as it is
   */
  public SteadyFileSystem(
      FileSystem fileSystem,
      MasterCalls master,
      KnownPaths known,
      ToLongFunction<AlluxioURI> syncIntervalMs) {
    super(fileSystem);
    this.master = master;
    this.known = known;
    this.syncIntervalMs = syncIntervalMs;
  }

  @Override
  public URIStatus getStatus(AlluxioURI path, GetStatusPOptions options)
      throws IOException, AlluxioException {
    return master.ask(
        () -> askStatus(path, options), known.status(path.getPath(), syncIntervalMs(path)));
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
    return master.ask(
        () -> askListing(path, options), known.listing(path.getPath(), syncIntervalMs(path)));
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
    if (MasterCalls.isAnswer(answer)) {
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

  private long syncIntervalMs(AlluxioURI path) {
    return syncIntervalMs.applyAsLong(path);
  }
}
