// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import alluxio.util.io.PathUtils;
import io.mows.alluxio.fuse.ModelFiles.ModelFile;
import io.mows.alluxio.fuse.kernel.MountedFiles;
import io.mows.alluxio.master.FreshPaths;
import io.mows.alluxio.master.PathStatus;
import io.mows.p2p.fetch.Arrival;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import io.mows.p2p.fetch.PendingRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** A mount of which everything is accelerated, so nothing is written. Thread-safe. */
final class MountedModels implements MountedFiles {
  /** An estimate: what can be read through this process while a block is handed over. */
  private static final long SMALL_BYTES = 64 << 10;

  private final FileSystem fileSystem;
  private final FreshPaths paths;
  private final String root;
  private final ModelFiles files;
  private final ModelAttributes attributes;
  private final Function<String, Wants> wants;
  private final LongSupplier capacityBytes;
  private final PageCachePolicy pageCache = new PageCachePolicy();

  /**
   * @param root what is mounted, an Alluxio path
   * @param wants takes an Alluxio path, as {@link #want} takes one that is seen from the mount
   */
  MountedModels(
      FileSystem fileSystem,
      FreshPaths paths,
      String root,
      ModelFiles files,
      ModelAttributes attributes,
      Function<String, Wants> wants,
      LongSupplier capacityBytes) {
    this.fileSystem = fileSystem;
    this.paths = paths;
    this.root = root;
    this.files = files;
    this.attributes = attributes;
    this.wants = wants;
    this.capacityBytes = capacityBytes;
  }

  private AlluxioURI uri(String path) {
    return new AlluxioURI(alluxioPath(path));
  }

  private String alluxioPath(String path) {
    return PathUtils.concatPath(root, path);
  }

  @Override
  public PathStatus status(String path) throws IOException, AlluxioException {
    return paths.status(uri(path));
  }

  @Override
  public List<URIStatus> list(String path) throws IOException, AlluxioException {
    return fileSystem.listStatus(uri(path));
  }

  @Override
  public MountedFile open(String path) throws IOException, AlluxioException {
    AlluxioURI uri = uri(path);
    Optional<ModelFile> model = files.open(uri);
    if (model.isPresent()) {
      ModelFile file = model.get();
      return new Accelerated(file, file.keepsPages(pageCache, path));
    }
    URIStatus status = fileSystem.getStatus(uri);
    return new StockFile(status.getFileId(), fileSystem.openFile(status, StockReads.OPTIONS));
  }

  @Override
  public List<String> attributes(String path) throws IOException, AlluxioException {
    return attributes.names(alluxioPath(path));
  }

  @Override
  public Optional<byte[]> attribute(String path, String name) throws IOException, AlluxioException {
    return attributes.value(alluxioPath(path), name);
  }

  @Override
  public Wants want(String directory) {
    return wants.apply(alluxioPath(directory));
  }

  @Override
  public int round(long fileId) {
    return files.round(fileId);
  }

  @Override
  public void onDropped(LongConsumer listener) {
    files.onDropped(listener);
  }

  @Override
  public long capacityBytes() {
    return capacityBytes.getAsLong();
  }

  /** A file that the engine serves. */
  private static final class Accelerated implements MountedFile {
    private final ModelFile file;
    private final boolean keepsPages;

    Accelerated(ModelFile file, boolean keepsPages) {
      this.file = file;
      this.keepsPages = keepsPages;
    }

    @Override
    public long fileId() {
      return file.fileId();
    }

    @Override
    public boolean isSmall() {
      return file.lengthBytes() <= SMALL_BYTES;
    }

    @Override
    public boolean keepsPages() {
      return keepsPages;
    }

    @Override
    public int read(long position, ByteBuffer dst) throws IOException {
      return file.read(position, dst);
    }

    @Override
    public Optional<PendingRead> pending(long position, int length) throws IOException {
      return file.pending(position, length);
    }

    @Override
    public Optional<BlockLease> whole() throws IOException {
      return file.whole();
    }

    @Override
    public Optional<Arrival> arrival() {
      return file.arrival();
    }

    @Override
    public void passedThrough() {
      file.passedThrough();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
