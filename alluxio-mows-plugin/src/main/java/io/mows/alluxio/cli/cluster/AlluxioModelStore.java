// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.client.file.URIStatus;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import alluxio.exception.AlluxioException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.grpc.FileSystemMasterCommonPOptions;
import alluxio.grpc.GetStatusPOptions;
import alluxio.grpc.OpenFilePOptions;
import alluxio.grpc.ReadPType;
import alluxio.wire.BlockLocation;
import alluxio.wire.FileBlockInfo;
import io.mows.alluxio.hidden.HiddenFiles;
import io.mows.alluxio.master.FileTree;
import io.mows.alluxio.master.WebAddress;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads through Alluxio, so what is cached from memory. What is wanted from the origin is read by a
 * worker, too: it has the connection and the credentials, and knows manifests.
 */
final class AlluxioModelStore implements ModelStore {
  /** A client tries for five minutes otherwise, also if a worker has said that it never will. */
  private static final String RETRY = "5s";

  /** Workers read manifests from the origin: what Alluxio knew of them before does not count. */
  private static final GetStatusPOptions AS_IN_ORIGIN =
      GetStatusPOptions.newBuilder()
          .setCommonOptions(FileSystemMasterCommonPOptions.newBuilder().setSyncIntervalMs(0))
          .build();

  private final FileSystem fileSystem;
  private final FileSystem pastCaches;

  /**
   * @param context names the cluster; stays the caller's
   */
  AlluxioModelStore(FileSystemContext context) {
    InstancedConfiguration conf =
        new InstancedConfiguration(context.getClusterConf().copyProperties());
    conf.set(PropertyKey.USER_BLOCK_READ_RETRY_MAX_DURATION, RETRY, Source.RUNTIME);
    this.fileSystem = FileSystem.Factory.create(conf);
    InstancedConfiguration uncached = new InstancedConfiguration(conf.copyProperties());
    // Neither the memory of a worker on this machine nor that of this client.
    uncached.set(PropertyKey.USER_SHORT_CIRCUIT_ENABLED, false, Source.RUNTIME);
    uncached.set(PropertyKey.USER_CLIENT_CACHE_ENABLED, false, Source.RUNTIME);
    this.pastCaches = FileSystem.Factory.create(uncached);
  }

  @Override
  public List<StoredFile> list(String path) throws IOException {
    List<StoredFile> files = new ArrayList<>();
    try {
      for (URIStatus status : FileTree.files(fileSystem, path, directory -> {})) {
        files.add(file(status));
      }
    } catch (AlluxioException e) {
      throw new IOException(path + " cannot be listed: " + e.getMessage(), e);
    }
    if (files.isEmpty()) {
      throw new IOException(path + " holds no file. " + HiddenFiles.EMPTY_LISTING);
    }
    return files;
  }

  @Override
  public Optional<StoredFile> find(String path) throws IOException {
    try {
      URIStatus status = fileSystem.getStatus(new AlluxioURI(path), AS_IN_ORIGIN);
      return status.isFolder() ? Optional.empty() : Optional.of(file(status));
    } catch (FileDoesNotExistException e) {
      return Optional.empty();
    } catch (AlluxioException e) {
      throw new IOException(path + " cannot be looked up: " + e.getMessage(), e);
    }
  }

  private static StoredFile file(URIStatus status) {
    return new StoredFile(status.getPath(), status.getLength(), where(status.getFileBlockInfos()));
  }

  private static String where(List<FileBlockInfo> blocks) {
    Map<String, Integer> counts = new TreeMap<>();
    for (FileBlockInfo block : blocks) {
      for (BlockLocation location : block.getBlockInfo().getLocations()) {
        String worker = WebAddress.of(location.getWorkerAddress());
        counts.merge(worker, 1, Integer::sum);
      }
    }
    List<String> workers = new ArrayList<>();
    counts.forEach(
        (worker, count) ->
            workers.add(
                count >= blocks.size() ? worker : worker + " " + count + "/" + blocks.size()));
    return workers.isEmpty() ? "origin only" : String.join(", ", workers);
  }

  @Override
  public InputStream open(String path) throws IOException {
    return open(fileSystem, path, OpenFilePOptions.getDefaultInstance());
  }

  @Override
  public InputStream openAtOrigin(String path) throws IOException {
    return open(
        pastCaches, path, OpenFilePOptions.newBuilder().setReadType(ReadPType.NO_CACHE).build());
  }

  private static InputStream open(FileSystem from, String path, OpenFilePOptions options)
      throws IOException {
    try {
      return from.openFile(new AlluxioURI(path), options);
    } catch (AlluxioException e) {
      throw new IOException(path + " cannot be opened: " + e.getMessage(), e);
    }
  }
}
