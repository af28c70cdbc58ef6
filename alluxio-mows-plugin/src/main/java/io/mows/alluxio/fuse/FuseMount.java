// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.client.file.URIStatus;
import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.exception.AlluxioException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.fuse.options.FuseOptions;
import com.google.common.base.Ticker;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.block.ModelMemory;
import io.mows.alluxio.check.MountChecks;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.fuse.kernel.KernelMount;
import io.mows.alluxio.fuse.kernel.KernelOptions;
import io.mows.alluxio.master.FreshPaths;
import io.mows.alluxio.master.KnownDirectories;
import io.mows.alluxio.master.KnownPaths;
import io.mows.alluxio.master.MasterCalls;
import io.mows.alluxio.master.RecentPaths;
import io.mows.alluxio.master.SteadyFileSystem;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.p2p.fetch.engine.FetchEngine;
import io.mows.p2p.fetch.engine.FileStatuses;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's mount, from the first system call to the last. */
public final class FuseMount implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FuseMount.class);

  /** Longer does not wait for the master who opens a file that is known. */
  private static final long ANSWER_FROM_BEFORE_MS = 2_000;

  /** Longer does not wait for the master who asks for an extended attribute. */
  private static final long ATTRIBUTE_MS = 1_000;

  private final FileSystemContext context;
  private final FileSystem fileSystem;
  private final MasterCalls master;
  private final KnownDirectories directories;
  private final RecentPaths recent;
  private final ModelFiles files;
  private AutoCloseable mounted = () -> {};

  private FuseMount(
      FileSystemContext context,
      FileSystem fileSystem,
      MasterCalls master,
      KnownDirectories directories,
      RecentPaths recent,
      ModelFiles files) {
    this.context = context;
    this.fileSystem = fileSystem;
    this.master = master;
    this.directories = directories;
    this.recent = recent;
    this.files = files;
  }

  /**
   * Mounts according to Alluxio's own {@code alluxio.fuse.*} properties.
   *
   * @param context closed with the mount; stays the caller's if nothing can be mounted
   * @param mows says what is served by {@code engine}, read-only; the rest is stock Alluxio
   * @param known what the master has said of files, for the time when it is away
   * @param isStillAtOrigin whether the origin has a file as it is described
   * @param memory the worker's
   * @param modelUsed told of each directory of weights that readers begin to read
   * @param checks told of the mount when it is there
   */
  public static FuseMount mount(
      FileSystemContext context,
      MowsConf mows,
      FetchEngine engine,
      FileCatalog catalog,
      KnownPaths known,
      Predicate<URIStatus> isStillAtOrigin,
      ModelMemory memory,
      Consumer<String> modelUsed,
      MowsMetrics metrics,
      MountChecks checks)
      throws IOException {
    AlluxioConfiguration conf = context.getClusterConf();
    KernelOptions options = options(conf, mows);
    Path mountPoint = mountPoint(conf);
    MasterCalls master =
        new MasterCalls(patience(conf.getMs(PropertyKey.USER_RPC_RETRY_MAX_DURATION)));
    ToLongFunction<AlluxioURI> syncIntervalMs = uri -> syncIntervalMs(context, uri);
    FileSystem fileSystem =
        new SteadyFileSystem(
            FileSystem.Factory.create(context), master, known, syncIntervalMs, isStillAtOrigin);
    KnownDirectories directories = new KnownDirectories(fileSystem, known);
    ModelReadAhead readAhead =
        new ModelReadAhead(fileSystem, catalog, engine, memory, modelUsed, System::nanoTime);
    FreshPaths paths = new FreshPaths(fileSystem, known, Freshness.of(options, syncIntervalMs));
    ModelFiles files = new ModelFiles(fileSystem, paths, catalog, engine, readAhead, metrics);
    RecentPaths recent = new RecentPaths(fileSystem, known, ATTRIBUTE_MS);
    ModelAttributes attributes =
        new ModelAttributes(
            recent,
            catalog,
            mows.paths(),
            new FileStatuses(engine, metrics.arrived())::of,
            Ticker.systemTicker());
    MountedModels models =
        new MountedModels(
            fileSystem,
            paths,
            conf.getString(PropertyKey.FUSE_MOUNT_ALLUXIO_PATH),
            files,
            attributes,
            path -> new ModelWants(path, recent, catalog, readAhead.want(path)),
            memory::capacityBytes);
    FuseMount mount = new FuseMount(context, fileSystem, master, directories, recent, files);
    try {
      mount.mounted =
          new Mounter(context, mows, options, mountPoint)
              .mount(models, fileSystem, files, attributes);
      KernelReadAhead.raise(mountPoint);
      directories.start();
      ClosedPaths closed =
          new ClosedPaths(options, recent, conf.getString(PropertyKey.FUSE_MOUNT_ALLUXIO_PATH));
      checks.mounted(options.allowOther(), () -> missing(conf, recent), closed::first);
      return mount;
    } catch (IOException | RuntimeException | LinkageError e) {
      // The worker goes on without it.
      mount.endAfter(e);
      throw e;
    }
  }

  private void endAfter(Throwable failure) {
    try {
      end();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * @param retryMs how long Alluxio's clients wait for the master
   */
  private static MasterCalls.Patience patience(long retryMs) {
    return new MasterCalls.Patience(ANSWER_FROM_BEFORE_MS, retryMs, retryMs);
  }

  private static long syncIntervalMs(FileSystemContext context, AlluxioURI uri) {
    return context.getPathConf(uri).getMs(PropertyKey.USER_FILE_METADATA_SYNC_INTERVAL);
  }

  /**
   * @throws IOException naming what is wrong with them
   */
  private static KernelOptions options(AlluxioConfiguration conf, MowsConf mows)
      throws IOException {
    Set<String> given = MountOptions.of(FuseOptions.create(conf), mows.fusePermissions());
    try {
      return KernelOptions.parse(given);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          PropertyKey.FUSE_MOUNT_OPTIONS
              + ": "
              + e.getMessage()
              + ". Remedy: correct it, or leave it out",
          e);
    }
  }

  /** Why nothing can be found below the mount point; empty also while the master is away. */
  private static Optional<String> missing(AlluxioConfiguration conf, RecentPaths paths) {
    String root = conf.getString(PropertyKey.FUSE_MOUNT_ALLUXIO_PATH);
    try {
      paths.status(new AlluxioURI(root));
    } catch (FileDoesNotExistException | FileNotFoundException e) {
      return Optional.of(
          PropertyKey.FUSE_MOUNT_ALLUXIO_PATH + "=" + root + " does not exist in Alluxio");
    } catch (IOException | AlluxioException | RuntimeException e) {
      LOG.debug("{} cannot be looked up", root, e);
    }
    return Optional.empty();
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
    removeDead(mountPoint);
    if (Files.isRegularFile(mountPoint)) {
      throw new IOException(PropertyKey.FUSE_MOUNT_POINT + "=" + path + " is a file");
    }
    return Files.createDirectories(mountPoint);
  }

  private static void removeDead(Path mountPoint) {
    try {
      KernelMount.removeDead(mountPoint);
    } catch (IOException | LinkageError e) {
      LOG.warn(
          "{} cannot be unmounted, which a dead worker has left mounted ({}). Remedy: as root,"
              + " umount -l {}",
          mountPoint,
          e.toString(),
          mountPoint);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      end();
    } finally {
      context.close();
    }
  }

  private void end() throws IOException {
    files.close();
    directories.close();
    recent.close();
    // Readers who wait for the master would hold up the end of the mount.
    master.close();
    try {
      mounted.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    } finally {
      fileSystem.close();
    }
  }
}
