// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.fuse.options.FuseOptions;
import alluxio.jnifuse.LibFuse;
import com.google.common.collect.Sets;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.fuse.kernel.LibfusePages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mount through libfuse: where the kernel cannot be spoken to directly, or not all is ours. */
final class LibfuseMount implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LibfuseMount.class);

  private final ModelFuseFileSystem fuse;
  private final LibfusePages pages;

  private LibfuseMount(ModelFuseFileSystem fuse, LibfusePages pages) {
    this.fuse = fuse;
    this.pages = pages;
  }

  /**
   * @param context stays the caller's, as {@code fileSystem} does
   * @throws IOException if there is no libfuse that can be used
   */
  static LibfuseMount mount(
      FileSystemContext context,
      MowsConf mows,
      Path mountPoint,
      FileSystem fileSystem,
      ModelFiles files,
      ModelAttributes attributes)
      throws IOException {
    AlluxioConfiguration alluxioConf = context.getClusterConf();
    String root = alluxioConf.getString(PropertyKey.FUSE_MOUNT_ALLUXIO_PATH);
    LibfuseChoice libfuse = LibfuseChoice.choose(alluxioConf);
    AlluxioConfiguration conf = libfuse.applyTo(alluxioConf);
    FuseOptions options = FuseOptions.create(conf);
    PathPrefixes paths = mows.paths();
    Set<String> given = MountOptions.of(options, mows.fusePermissions());
    Set<String> mountOptions = MountOptions.complete(given, libfuse, paths.covers(root));
    Set<String> dropped = Sets.difference(given, mountOptions);
    if (!dropped.isEmpty()) {
      LOG.info("{} does not have these mount options, they are left out: {}", libfuse, dropped);
    }
    LibFuse.loadLibrary(libfuse.version());
    ModelFuseFileSystem fuse =
        new ModelFuseFileSystem(
            mountPoint, root, paths, files, attributes, context, fileSystem, options);
    LOG.info("Mounting {} at {} with {} and {}", root, mountPoint, libfuse, mountOptions);
    fuse.mount(false, conf.getBoolean(PropertyKey.FUSE_DEBUG_ENABLED), mountOptions);
    LibfusePages pages = new LibfusePages(mountPoint);
    files.onDropped(fileId -> fuse.openPaths(fileId).forEach(pages::drop));
    return new LibfuseMount(fuse, pages);
  }

  @Override
  public void close() {
    fuse.umount(true);
    pages.close();
  }
}
