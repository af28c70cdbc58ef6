// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.wire.WorkerNetAddress;
import alluxio.worker.block.BlockStore;
import alluxio.worker.file.FileSystemMasterClient;
import io.mows.alluxio.archive.ClassArchive;
import io.mows.alluxio.block.AlluxioLocalStore;
import io.mows.alluxio.block.BlockStoreWatch;
import io.mows.alluxio.block.BrokenWeights;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.block.MemoryTier;
import io.mows.alluxio.block.MowsBlockStore;
import io.mows.alluxio.block.OriginSha256s;
import io.mows.alluxio.block.Sha256Watch;
import io.mows.alluxio.block.Twins;
import io.mows.alluxio.check.BlockSizeChecks;
import io.mows.alluxio.check.CheckGauge;
import io.mows.alluxio.check.CopyLimitChecks;
import io.mows.alluxio.check.Finding;
import io.mows.alluxio.check.HiddenChecks;
import io.mows.alluxio.check.MountChecks;
import io.mows.alluxio.check.OriginChecks;
import io.mows.alluxio.check.PeerChecks;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.hidden.HiddenFiles;
import io.mows.alluxio.hidden.HiddenFilesGauge;
import io.mows.alluxio.manifest.Manifests;
import io.mows.alluxio.master.KnownPaths;
import io.mows.alluxio.metrics.ChannelMetrics;
import io.mows.alluxio.metrics.FailingFilesGauge;
import io.mows.alluxio.metrics.Fallback;
import io.mows.alluxio.metrics.FetchGauge;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.alluxio.metrics.WrongFilesGauge;
import io.mows.alluxio.origin.AlluxioOrigin;
import io.mows.alluxio.trust.ClusterJoin;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.engine.EngineLanes;
import io.mows.p2p.fetch.engine.FetchEngine;
import io.mows.p2p.plan.Backoff;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: everything that makes up MoWS in one worker, put together here. */
final class MowsRuntime implements AutoCloseable {
  private static final long UNCACHED_BYTES = 64L << 20;

  /** Reads of the origin at once, unless it is found that it gives more with more. */
  private static final int USUAL_READS = 16;

  /** For a piece from an origin that answers; for one that does not, its patience comes on top. */
  private static final long READ_TIMEOUT_MS = 120_000;

  private static final long LINGER_MS = 30_000;
  private static final long CONFIRM_MS = 5_000;

  /** What one load has asked for ahead: enough for the fastest link, and no more than that. */
  private static final long LOAD_WINDOW_BYTES = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(MowsRuntime.class);

  private final BlockStore stock;
  private final MowsMetrics metrics;
  private final AlluxioLocalStore space;
  private final AlluxioOrigin origin;
  private final Optional<MowsSharing> sharing;
  private final FetchEngine engine;
  private final KnownPaths knownPaths;
  private final FileCatalog catalog;
  private final Twins twins;
  private final EngineLanes engineLanes;
  private final MowsWarmup warmup;
  private final BlockStoreWatch storeWatch;
  private final Manifests manifests;
  private final MowsBlockStore blockStore;
  private final ClassArchive archive;
  private final PeerPort port;
  private final HiddenFiles hidden;
  private final boolean skipsBrokenLinks;
  private final MountChecks mountChecks;
  private final MowsWeb web;
  private final Sha256Watch sha256s;

  /** Why this worker shares with nobody as long as it runs; empty if nothing stands in the way. */
  private volatile String obstacle = "";

  /**
   * @param stock the block store of the stock worker
   * @param master asked about files and mount points; stays the caller's
   */
  MowsRuntime(
      MowsConf conf,
      AlluxioConfiguration alluxioConf,
      BlockStore stock,
      FileSystemMasterClient master) {
    this.stock = stock;
    metrics = new MowsMetrics();
    space = new AlluxioLocalStore(stock);
    origin =
        new AlluxioOrigin(master::getUfsInfo, alluxioConf, conf.pieceBytes(), conf.originStreams());
    FetchSettings settings =
        new FetchSettings(
            Math.min(USUAL_READS, conf.originStreams()),
            conf.pieceBytes(),
            UNCACHED_BYTES,
            READ_TIMEOUT_MS + conf.originPatienceMs(),
            LINGER_MS,
            Backoff.DEFAULT);
    manifests = new Manifests(origin.files()::read, conf.paths(), conf.manifestName());
    settings = settings.verifying(conf.verify(), manifests).patient(conf.originPatienceMs());
    sharing = openSharing(conf, alluxioConf, stock);
    engine = openEngine(settings, origin, space, metrics, sharing);
    port = new PeerPort(engine::listen);
    knownPaths = new KnownPaths(conf.paths(), System::nanoTime);
    catalog =
        FileCatalog.impatient(
            id -> knownPaths.ask(() -> master.getFileInfo(id)),
            conf.paths(),
            conf.pieceBytes(),
            conf.manifestName());
    engineLanes = new EngineLanes(engine, LOAD_WINDOW_BYTES);
    twins = linkTwins();
    storeWatch = new BlockStoreWatch(stock, catalog, engine);
    metrics.registerFetchesInFlight(() -> engine.progress().size());
    metrics.registerTimeOverBound();
    sha256s = sha256Watch(conf);
    FetchGauge fetches = FetchGauge.register(engine::progress);
    BrokenWeights broken = new BrokenWeights(space, sha256s::fault);
    FailingFilesGauge failing =
        FailingFilesGauge.register(
            metrics.failing(), engine::progress, () -> broken.among(catalog.known()));
    WrongFilesGauge wrong = WrongFilesGauge.register(engine.verification()::wrongFiles);
    hidden = hiddenFiles(conf);
    skipsBrokenLinks = alluxioConf.getBoolean(PropertyKey.UNDERFS_LOCAL_SKIP_BROKEN_SYMLINKS);
    HiddenFilesGauge hiddenFiles = HiddenFilesGauge.register(() -> hidden.beside(catalog.known()));
    metrics.registerOrigin(origin::stuckReads);
    metrics.registerMemory(new MemoryTier(stock)::missingBytes);
    ChannelMetrics.register(engine::channelStats);
    archive = new ClassArchive(() -> metrics.hasArrived() && engine.progress().isEmpty());
    mountChecks =
        new MountChecks(
            alluxioConf.getString(PropertyKey.FUSE_MOUNT_POINT),
            alluxioConf.getBoolean(PropertyKey.WORKER_FUSE_ENABLED));
    Supplier<List<Finding>> checks = MowsChecks.of(conf, alluxioConf, stock);
    boolean mayPassThrough =
        conf.fusePassthrough() && alluxioConf.getBoolean(PropertyKey.WORKER_FUSE_ENABLED);
    CheckGauge findings = CheckGauge.register(() -> findings(checks, mayPassThrough));
    stock.registerBlockStoreEventListener(storeWatch);
    warmup =
        MowsWarmup.create(
            conf, alluxioConf, stock, catalog, hidden, broken, engineLanes, metrics, sharing);
    blockStore = new MowsBlockStore(stock, catalog, engine, engineLanes, metrics, warmup::freed);
    space.onlyIntoFreeMemory(warmup::isOnlyForFreeMemory);
    Map<String, Supplier<List<Map<String, Object>>>> lists =
        lists(fetches, wrong, failing, hiddenFiles, findings);
    web = new MowsWeb(conf, alluxioConf, stock, catalog, engine, metrics, sharing, warmup, lists);
  }

  private static Map<String, Supplier<List<Map<String, Object>>>> lists(
      FetchGauge fetches,
      WrongFilesGauge wrong,
      FailingFilesGauge failing,
      HiddenFilesGauge hiddenFiles,
      CheckGauge findings) {
    Map<String, Supplier<List<Map<String, Object>>>> lists = new LinkedHashMap<>();
    lists.put("fetches", fetches::getValue);
    lists.put("wrongFiles", wrong::getValue);
    lists.put("failingFiles", failing::getValue);
    lists.put("hiddenFiles", hiddenFiles::getValue);
    lists.put("findings", findings::getValue);
    return lists;
  }

  private HiddenFiles hiddenFiles(MowsConf conf) {
    boolean looksAtManifests = conf.verify() != VerifyMode.OFF;
    return new HiddenFiles(
        origin::fileSystem,
        looksAtManifests ? Optional.of(manifests) : Optional.empty(),
        System::nanoTime);
  }

  private Twins linkTwins() {
    Twins fresh = new Twins(catalog, engine.verification()::mayShow, System::nanoTime);
    space.linkTwins(fresh);
    return fresh;
  }

  /** Of nothing, if what others have written about files is not to be looked at. */
  private Sha256Watch sha256Watch(MowsConf conf) {
    return new Sha256Watch(
        space,
        new OriginSha256s(origin.files()::read, conf.paths()),
        conf.verify() == VerifyMode.OFF ? List::of : catalog::known,
        () -> engine.progress().isEmpty());
  }

  /** Without sharing everything still works, from the origin: better than no worker. */
  private Optional<MowsSharing> openSharing(
      MowsConf conf, AlluxioConfiguration alluxioConf, BlockStore stock) {
    try {
      return Optional.of(MowsSharing.open(conf, alluxioConf, stock));
    } catch (IOException | RuntimeException e) {
      noSharing(e);
      return Optional.empty();
    }
  }

  private FetchEngine openEngine(
      FetchSettings settings,
      AlluxioOrigin origin,
      AlluxioLocalStore space,
      MowsMetrics metrics,
      Optional<MowsSharing> sharing) {
    if (sharing.isPresent()) {
      try {
        return FetchEngine.shared(
            settings, origin, space, metrics, System::nanoTime, sharing.get().peering());
      } catch (IOException | RuntimeException e) {
        noSharing(e);
      }
    }
    return FetchEngine.alone(settings, origin, space, metrics, System::nanoTime);
  }

  private void noSharing(Exception why) {
    obstacle = String.valueOf(why.getMessage());
    notSharing(why);
  }

  private void notSharing(Exception why) {
    metrics.fellBack(Fallback.SHARING, "peer to peer", why);
    LOG.error("This worker shares with no other one: {}", why.getMessage(), why);
  }

  private List<Finding> findings(Supplier<List<Finding>> machine, boolean mayPassThrough) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(mountChecks.run());
    findings.addAll(sharingFindings());
    findings.addAll(PeerChecks.of(engine.channelStats()));
    findings.addAll(OriginChecks.of(engine.progress()));
    List<FileSpec> known = catalog.known();
    findings.addAll(CopyLimitChecks.of(catalog.limited()));
    findings.addAll(HiddenChecks.of(hidden.beside(known), known, skipsBrokenLinks));
    findings.addAll(machine.get());
    findings.add(archive.finding());
    if (mayPassThrough) {
      findings.addAll(BlockSizeChecks.of(catalog.known()));
    }
    return findings;
  }

  private List<Finding> sharingFindings() {
    return sharing.isPresent() && obstacle.isEmpty()
        ? sharing.get().findings(port.finding())
        : List.of(
            Finding.problem(
                ClusterJoin.SUBJECT,
                "with nobody, all is read from the origin: " + obstacle,
                "what it says; then restart the worker"));
  }

  /**
   * The worker is registered: peers may come, and hear of what is in memory from before.
   *
   * @param address as it is registered
   */
  void started(WorkerNetAddress address) {
    if (obstacle.isEmpty()) {
      sharing.ifPresent(s -> s.start(port::open, this::notSharing));
    }
    stock.getBlockStoreMetaFull().getBlockList().values().forEach(storeWatch::scan);
    warmup.start();
    archive.start();
    web.start(address);
    sha256s.start();
  }

  MowsBlockStore blockStore() {
    return blockStore;
  }

  FetchEngine engine() {
    return engine;
  }

  FileCatalog catalog() {
    return catalog;
  }

  /**
   * Whether the origin has the file in the version that is known here. Waits some seconds at most.
   */
  boolean isStillAtOrigin(long fileId) {
    Optional<FileSpec> file = catalog.known(fileId);
    try {
      if (file.isPresent()) {
        origin.confirmVersion(file.get()).get(CONFIRM_MS, TimeUnit.MILLISECONDS);
      }
      return file.isPresent();
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("The origin does not confirm {}: {}", file.get(), e.toString());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  KnownPaths knownPaths() {
    return knownPaths;
  }

  MowsWarmup warmup() {
    return warmup;
  }

  MountChecks mountChecks() {
    return mountChecks;
  }

  MowsMetrics metrics() {
    return metrics;
  }

  /** Takes leave of the others, ends transfers, then lets go of the blocks. Stores stay open. */
  @Override
  public void close() {
    web.close();
    archive.close();
    port.close();
    sha256s.close();
    warmup.close();
    hidden.close();
    storeWatch.close();
    catalog.close();
    sharing.ifPresent(MowsSharing::close);
    manifests.close();
    engineLanes.close();
    engine.close();
    twins.close();
    space.close();
  }
}
