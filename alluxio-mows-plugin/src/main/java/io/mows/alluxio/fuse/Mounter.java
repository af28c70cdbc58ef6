// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.conf.MowsKey;
import io.mows.alluxio.fuse.kernel.KernelMount;
import io.mows.alluxio.fuse.kernel.KernelOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mounts in the best way that the settings, the rights of the worker and the kernel allow. */
final class Mounter {
  private static final Logger LOG = LoggerFactory.getLogger(Mounter.class);

  /** Whoever sets one of these wants what only Alluxio's own file system does. */
  private static final List<PropertyKey> STOCK_ONLY =
      List.of(
          PropertyKey.FUSE_AUTH_POLICY_CLASS,
          PropertyKey.FUSE_USER_GROUP_TRANSLATION_ENABLED,
          PropertyKey.FUSE_SPECIAL_COMMAND_ENABLED,
          PropertyKey.FUSE_DEBUG_ENABLED,
          PropertyKey.FUSE_JNIFUSE_LIBFUSE_VERSION);

  private final FileSystemContext context;
  private final AlluxioConfiguration conf;
  private final MowsConf mows;
  private final KernelOptions options;
  private final Path mountPoint;
  private final String root;

  /**
   * @param options what the mount options of {@code context} mean
   */
  Mounter(FileSystemContext context, MowsConf mows, KernelOptions options, Path mountPoint) {
    this.context = context;
    this.conf = context.getClusterConf();
    this.mows = mows;
    this.options = options;
    this.mountPoint = mountPoint;
    this.root = conf.getString(PropertyKey.FUSE_MOUNT_ALLUXIO_PATH);
  }

  /**
   * @return the mount, which closing takes away
   * @throws IOException if it cannot be had in any way, with the reasons
   */
  AutoCloseable mount(
      MountedModels models, FileSystem fileSystem, ModelFiles files, ModelAttributes attributes)
      throws IOException {
    String obstacle = obstacle();
    if (obstacle.isEmpty()) {
      try {
        KernelMount mount = direct(models);
        attributes.setPassthrough(mount.passesThrough());
        return mount;
      } catch (IOException | RuntimeException | LinkageError e) {
        obstacle = "the kernel cannot be spoken to directly: " + e.getMessage();
      }
    }
    attributes.setPassthrough(false);
    LOG.info("Libfuse it is, for {}", obstacle);
    try {
      return LibfuseMount.mount(context, mows, mountPoint, fileSystem, files, attributes);
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new IOException(
          "nothing can be mounted at "
              + mountPoint
              + ": "
              + obstacle
              + "; and with libfuse: "
              + e.getMessage()
              + " (what libfuse says itself is in the worker's .out file)",
          e);
    }
  }

  /** Why the mount has to be libfuse's; empty if nothing stands in the way of one of our own. */
  private String obstacle() {
    if (!mows.paths().covers(root)) {
      return "not all of " + root + " is accelerated, see " + MowsKey.PATHS.key();
    }
    if (!options.libfuseOnly().isEmpty()) {
      return "only it can do the mount options " + String.join(", ", options.libfuseOnly());
    }
    Optional<PropertyKey> set = STOCK_ONLY.stream().filter(conf::isSetByUser).findFirst();
    return set.map(key -> "only stock Alluxio does what " + key + " asks for").orElse("");
  }

  private KernelMount direct(MountedModels models) throws IOException {
    int maxBlocks = mows.fusePassthrough() ? maxBlocks() : 0;
    KernelMount mount =
        KernelMount.mount(mountPoint, models, options, maxBlocks, mows.fuseOpenWaitMs());
    LOG.info(
        "Mounted {} at {}; {}",
        root,
        mountPoint,
        mount.passesThrough()
            ? "the kernel reads what is in memory"
            : "all is read through this process (the kernel reads what is in memory since Linux"
                + " 6.9, with "
                + MowsKey.FUSE_PASSTHROUGH.key()
                + "=true)");
    if (!options.dropped().isEmpty()) {
      LOG.info("These mount options change nothing: {}", String.join(", ", options.dropped()));
    }
    return mount;
  }

  /** The other half is for everybody else who reads and writes blocks. */
  private int maxBlocks() {
    return Math.max(1, conf.getInt(PropertyKey.WORKER_TIERED_STORE_BLOCK_LOCKS) / 2);
  }
}
