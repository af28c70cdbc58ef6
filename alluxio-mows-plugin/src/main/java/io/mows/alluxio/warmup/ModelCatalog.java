// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.warmup;

import alluxio.AlluxioURI;
import alluxio.ClientContext;
import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.client.file.URIStatus;
import alluxio.conf.AlluxioConfiguration;
import alluxio.exception.AlluxioException;
import alluxio.exception.status.NotFoundException;
import alluxio.grpc.ListStatusPOptions;
import io.mows.alluxio.block.FileCatalog;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.locator.JobFile;
import io.mows.p2p.warmup.WarmupFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Alluxio's namespace for warm-up. Connects to the master when it is first asked. Thread-safe. */
public final class ModelCatalog implements WarmupFiles, AutoCloseable {
  private final AlluxioConfiguration conf;
  private final FileCatalog catalog;
  private final Predicate<String> accelerated;
  private FileSystemContext context;
  private FileSystem fileSystem;

  /**
   * @param accelerated whether files of this path are
   */
  public ModelCatalog(
      AlluxioConfiguration conf, FileCatalog catalog, Predicate<String> accelerated) {
    this.conf = conf;
    this.catalog = catalog;
    this.accelerated = accelerated;
  }

  @Override
  public FileSpec find(JobFile file) throws IOException {
    FileSpec spec;
    try {
      spec =
          catalog
              .ofFile(file.id())
              .orElseThrow(
                  () ->
                      new IOException(
                          file.path()
                              + " is not accelerated by this worker: see"
                              + " alluxio.mows.paths"));
    } catch (NotFoundException e) {
      throw new FileNotFoundException(
          file.path()
              + " is gone or was replaced since the warm-up was asked for: submit it again");
    }
    if (spec.layout().lengthBytes() != file.lengthBytes()
        || spec.layout().blockCount() != file.blockCount()) {
      throw new IOException(file.path() + " has changed: submit the warm-up again");
    }
    return spec;
  }

  @Override
  public List<JobFile> list(String path) throws IOException {
    return list(fileSystem(), path, accelerated);
  }

  /** As {@link #list(String)}, for anybody with a client. */
  public static List<JobFile> list(
      FileSystem fileSystem, String path, Predicate<String> accelerated) throws IOException {
    List<URIStatus> found;
    try {
      found =
          fileSystem.listStatus(
              new AlluxioURI(path), ListStatusPOptions.newBuilder().setRecursive(true).build());
    } catch (AlluxioException e) {
      throw new IOException(e.getMessage(), e);
    }
    List<JobFile> files = new ArrayList<>();
    for (URIStatus status : found) {
      if (!status.isFolder()
          && status.isCompleted()
          && status.isPersisted()
          && status.getLength() > 0
          && accelerated.test(status.getPath())) {
        files.add(
            new JobFile(
                status.getFileId(),
                status.getPath(),
                status.getLength(),
                status.getBlockSizeBytes()));
      }
    }
    files.sort(Comparator.comparing(JobFile::path));
    return files;
  }

  private synchronized FileSystem fileSystem() {
    if (fileSystem == null) {
      context = FileSystemContext.create(ClientContext.create(conf));
      fileSystem = FileSystem.Factory.create(context);
    }
    return fileSystem;
  }

  @Override
  public synchronized void close() throws IOException {
    if (fileSystem != null) {
      fileSystem.close();
      context.close();
      fileSystem = null;
    }
  }
}
