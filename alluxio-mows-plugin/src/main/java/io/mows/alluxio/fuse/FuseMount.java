// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.client.file.URIStatus;
import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.fuse.options.FuseOptions;
import alluxio.jnifuse.LibFuse;
import com.google.common.base.Ticker;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.block.ModelMemory;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.conf.MowsKey;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.fuse.kernel.KernelMount;
import io.mows.alluxio.fuse.kernel.KernelOptions;
import io.mows.alluxio.fuse.kernel.LibfusePages;
import io.mows.alluxio.master.FreshPaths;
import io.mows.alluxio.master.KnownDirectories;
import io.mows.alluxio.master.KnownPaths;
import io.mows.alluxio.master.MasterCalls;
import io.mows.alluxio.master.RecentPaths;
import io.mows.alluxio.master.SteadyFileSystem;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.p2p.fetch.FetchEngine;
import io.mows.p2p.fetch.FileStatuses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
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

  /** Whoever sets one of these wants what only Alluxio's own file system does. */
  private static final List<PropertyKey> STOCK_ONLY =
      List.of(
          PropertyKey.FUSE_AUTH_POLICY_CLASS,
          PropertyKey.FUSE_USER_GROUP_TRANSLATION_ENABLED,
          PropertyKey.FUSE_SPECIAL_COMMAND_ENABLED,
          PropertyKey.FUSE_DEBUG_ENABLED,
          PropertyKey.FUSE_JNIFUSE_LIBFUSE_VERSION);

  private final FileSystemContext context;
  private final FileSystem fileSystem;
  private final MasterCalls master;
  private final KnownDirectories directories;
  private final RecentPaths recent;
  private final ModelFiles files;
  private final AutoCloseable mounted;

  private FuseMount(
      FileSystemContext context,
      FileSystem fileSystem,
      MasterCalls master,
      KnownDirectories directories,
      RecentPaths recent,
      ModelFiles files,
      AutoCloseable mounted) {
    this.context = context;
    this.fileSystem = fileSystem;
    this.master = master;
    this.directories = directories;
    this.recent = recent;
    this.files = files;
    this.mounted = mounted;
  }

  /**
   * Mounts according to Alluxio's own {@code alluxio.fuse.*} properties.
   *
   * @param context closed with the mount
   * @param mows says what is served by {@code engine}, read-only; the rest is stock Alluxio
   * @param known what the master has said of files, for the time when it is away
   * @param isStillAtOrigin whether the origin has a file as it is described
   * @param memory the worker's
   * @param modelUsed told of each directory of weights that readers begin to read
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
      MowsMetrics metrics)
      throws IOException {
    AlluxioConfiguration conf = context.getClusterConf();
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
    Set<String> options = mountOptions(FuseOptions.create(conf), mows);
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
    Optional<KernelMount> direct = direct(conf, mows, mountPoint, models);
    attributes.setPassthrough(direct.map(KernelMount::passesThrough).orElse(false));
    AutoCloseable mounted =
        direct.isPresent()
            ? direct.get()
            : libfuse(context, mows, mountPoint, fileSystem, files, attributes);
    KernelReadAhead.raise(mountPoint);
    directories.start();
    return new FuseMount(context, fileSystem, master, directories, recent, files, mounted);
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

  /** The mount that needs no libfuse; empty if it cannot be had. */
  private static Optional<KernelMount> direct(
      AlluxioConfiguration conf, MowsConf mows, Path mountPoint, MountedModels models)
      throws IOException {
    String root = conf.getString(PropertyKey.FUSE_MOUNT_ALLUXIO_PATH);
    Set<String> given = mountOptions(FuseOptions.create(conf), mows);
    Optional<KernelOptions> options = KernelOptions.parse(given);
    Optional<PropertyKey> stockOnly = STOCK_ONLY.stream().filter(conf::isSetByUser).findFirst();
    if (!mows.paths().covers(root) || options.isEmpty() || stockOnly.isPresent()) {
      LOG.info(
          "Libfuse it is: not all of the mount is accelerated ({} covers {}), or it has options that"
              + " only libfuse knows ({}) or a setting that only stock Alluxio does ({})",
          MowsKey.PATHS.key(),
          root,
          given,
          stockOnly.map(PropertyKey::getName).orElse("none"));
      return Optional.empty();
    }
    try {
      int maxBlocks = mows.fusePassthrough() ? maxBlocks(conf) : 0;
      KernelMount mount =
          KernelMount.mount(mountPoint, models, options.get(), maxBlocks, mows.fuseOpenWaitMs());
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
      return Optional.of(mount);
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.info("The kernel cannot be spoken to directly ({}): libfuse it is", e.toString());
    }
    return Optional.empty();
  }

  private static Set<String> mountOptions(FuseOptions options, MowsConf mows) {
    return MountOptions.checkingModes(options.getFuseMountOptions(), mows.fusePermissions());
  }

  /** The other half is for everybody else who reads and writes blocks. */
  private static int maxBlocks(AlluxioConfiguration conf) {
    return Math.max(1, conf.getInt(PropertyKey.WORKER_TIERED_STORE_BLOCK_LOCKS) / 2);
  }

  private static AutoCloseable libfuse(
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
    Set<String> mountOptions =
        MountOptions.complete(mountOptions(options, mows), libfuse, paths.covers(root));
    LibFuse.loadLibrary(libfuse.version());
    ModelFuseFileSystem fuse =
        new ModelFuseFileSystem(
            mountPoint, root, paths, files, attributes, context, fileSystem, options);
    LOG.info("Mounting {} at {} with {} and {}", root, mountPoint, libfuse, mountOptions);
    fuse.mount(false, conf.getBoolean(PropertyKey.FUSE_DEBUG_ENABLED), mountOptions);
    LibfusePages pages = new LibfusePages(mountPoint);
    files.onDropped(fileId -> fuse.openPaths(fileId).forEach(pages::drop));
    return () -> {
      fuse.umount(true);
      pages.close();
    };
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
      context.close();
    }
  }
}
