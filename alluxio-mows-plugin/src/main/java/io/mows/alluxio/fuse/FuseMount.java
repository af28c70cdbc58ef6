// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.fuse.options.FuseOptions;
import alluxio.jnifuse.LibFuse;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.p2p.fetch.FetchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's mount, from the first system call to the last. */
public final class FuseMount implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FuseMount.class);

  private final FileSystemContext context;
  private final FileSystem fileSystem;
  private final ModelFuseFileSystem fuse;

  private FuseMount(FileSystemContext context, FileSystem fileSystem, ModelFuseFileSystem fuse) {
    this.context = context;
    this.fileSystem = fileSystem;
    this.fuse = fuse;
  }

  /**
   * Mounts according to Alluxio's own {@code alluxio.fuse.*} properties.
   *
   * @param context closed with the mount
   * @param paths what is served by {@code engine}, read-only; the rest is stock Alluxio
   * @param capacityBytes how much the worker's memory holds
   * @param modelUsed told of each directory of weights that readers begin to read
   */
  public static FuseMount mount(
      FileSystemContext context,
      PathPrefixes paths,
      FetchEngine engine,
      FileCatalog catalog,
      LongSupplier capacityBytes,
      Consumer<String> modelUsed,
      MowsMetrics metrics)
      throws IOException {
    AlluxioConfiguration alluxioConf = context.getClusterConf();
    Path mountPoint = mountPoint(alluxioConf);
    String root = alluxioConf.getString(PropertyKey.FUSE_MOUNT_ALLUXIO_PATH);
    LibfuseChoice libfuse = LibfuseChoice.choose(alluxioConf);
    AlluxioConfiguration conf = libfuse.applyTo(alluxioConf);
    FuseOptions options = FuseOptions.create(conf);
    Set<String> mountOptions =
        MountOptions.complete(options.getFuseMountOptions(), libfuse, paths.covers(root));
    LibFuse.loadLibrary(libfuse.version());

    FileSystem fileSystem = FileSystem.Factory.create(context);
    ModelReadAhead readAhead =
        new ModelReadAhead(fileSystem, catalog, engine, capacityBytes, modelUsed);
    ModelFiles files = new ModelFiles(fileSystem, catalog, engine, readAhead, metrics);
    ModelFuseFileSystem fuse =
        new ModelFuseFileSystem(mountPoint, root, paths, files, context, fileSystem, options);
    LOG.info("Mounting {} at {} with {} and {}", root, mountPoint, libfuse, mountOptions);
    fuse.mount(false, conf.getBoolean(PropertyKey.FUSE_DEBUG_ENABLED), mountOptions);
    KernelReadAhead.raise(mountPoint);
    return new FuseMount(context, fileSystem, fuse);
  }

  private static Path mountPoint(AlluxioConfiguration conf) throws IOException {
    String path = conf.getString(PropertyKey.FUSE_MOUNT_POINT);
    if (path.isEmpty()) {
      throw new IOException(
          PropertyKey.FUSE_MOUNT_POINT + " is empty: set it to the directory to mount at");
    }
    if (conf.getString(PropertyKey.FUSE_MOUNT_ALLUXIO_PATH).isEmpty()) {
      throw new IOException(
          PropertyKey.FUSE_MOUNT_ALLUXIO_PATH + " is empty: set it to the Alluxio path to mount");
    }
    Path mountPoint = Paths.get(path);
    if (Files.isRegularFile(mountPoint)) {
      throw new IOException(PropertyKey.FUSE_MOUNT_POINT + "=" + path + " is a file");
    }
    return Files.createDirectories(mountPoint);
  }

  @Override
  public void close() throws IOException {
    try {
      fuse.umount(true);
    } finally {
      fileSystem.close();
      context.close();
    }
  }
}
