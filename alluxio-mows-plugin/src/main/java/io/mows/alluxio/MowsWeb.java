// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import alluxio.conf.AlluxioConfiguration;
import alluxio.wire.WorkerNetAddress;
import alluxio.worker.block.BlockStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.block.MemoryTier;
import io.mows.alluxio.cli.output.Json;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.locator.MasterConnection;
import io.mows.alluxio.master.WebAddress;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.alluxio.status.Readiness;
import io.mows.alluxio.status.WorkerFacts;
import io.mows.alluxio.status.WorkerStatus;
import io.mows.alluxio.web.AskedFiles;
import io.mows.alluxio.web.ClusterCollector;
import io.mows.alluxio.web.ReadyQuestion;
import io.mows.alluxio.web.WebAnswers;
import io.mows.alluxio.web.WebPage;
import io.mows.channel.ChannelCount;
import io.mows.p2p.fetch.FetchMetrics.ServedFrom;
import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.engine.FetchEngine;
import io.mows.p2p.fetch.engine.FileStatuses;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker tells of itself and its cluster on its web port, put together. */
final class MowsWeb implements WorkerFacts, WebAnswers, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MowsWeb.class);
  private static final String THREAD = "mows-web";
  private static final long TICK_MS = 500;

  /** Of the status; there is more in an answer of its own. */
  private static final int STATUS_LOADS = 20;

  private static final long PROVE_NS = TimeUnit.SECONDS.toNanos(10);

  private final boolean enabled;
  private final MemoryTier memory;
  private final FileCatalog catalog;
  private final FetchEngine engine;
  private final FileStatuses statuses;
  private final MowsMetrics metrics;
  private final PeerInfo self;
  private final JobClient jobs;
  private final MowsLoads loads;
  private final MasterConnection master;
  private final Map<String, Supplier<List<Map<String, Object>>>> lists;
  private final WorkerStatus status;
  private final WebPage page = new WebPage(this, System::nanoTime);
  private final ScheduledThreadPoolExecutor thread = NamedThreads.scheduled(THREAD);
  private final AskedFiles asked;
  private final AtomicLong provedNs = new AtomicLong(System.nanoTime() - PROVE_NS);
  private volatile Optional<WorkerNetAddress> address = Optional.empty();
  private volatile ClusterCollector cluster;

  /**
   * @param files which files are below a path, and which should be
   * @param lists rows that the answers hold, too, by their names there
   */
  MowsWeb(
      MowsConf conf,
      AlluxioConfiguration alluxioConf,
      BlockStore stock,
      FileCatalog catalog,
      FetchEngine engine,
      MowsMetrics metrics,
      Optional<MowsSharing> sharing,
      AskedFiles.Source files,
      Map<String, Supplier<List<Map<String, Object>>>> lists) {
    this.enabled = conf.webEnabled();
    this.memory = new MemoryTier(stock);
    this.catalog = catalog;
    this.engine = engine;
    this.statuses = new FileStatuses(engine, metrics.arrived());
    this.metrics = metrics;
    this.self =
        sharing
            .map(s -> s.peering().self())
            .orElseGet(() -> new PeerInfo("alone", "", conf.group(), conf.role()));
    this.jobs = sharing.map(MowsSharing::jobs).orElseGet(JobClient::none);
    this.master = new MasterConnection(alluxioConf);
    this.loads = new MowsLoads(engine::progress, statuses::of, metrics::peakLinkBytesPerSecond);
    this.lists = lists;
    this.asked = new AskedFiles(files, System::nanoTime);
    this.status =
        new WorkerStatus(this, metrics.flows(), System::nanoTime, System::currentTimeMillis);
  }

  /**
   * The worker is registered, and its web server is about to serve.
   *
   * @param own as it is registered
   */
  void start(WorkerNetAddress own) {
    address = Optional.of(own);
    cluster =
        new ClusterCollector(
            worker(), status::json, master, jobs::progress, System::currentTimeMillis);
    if (!enabled) {
      LOG.info("There is no page at /mows/: alluxio.mows.web.enabled=false");
    }
    thread.scheduleWithFixedDelay(this::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    try {
      if (enabled) {
        page.offer(address.orElseThrow().getWebPort());
      }
      status.tick();
      metrics.loads().look(loads.look());
    } catch (RuntimeException e) {
      // Nobody else would hear of it, and there would be no next tick.
      LOG.warn("The page's figures are not brought up to date", e);
    }
  }

  @Override
  public JsonNode status() {
    return status.json();
  }

  @Override
  public JsonNode cluster() {
    return cluster.json();
  }

  @Override
  public JsonNode loads() {
    ObjectNode json = Json.newObject().put("version", WorkerStatus.VERSION);
    ArrayNode rows = json.put("worker", worker()).putArray("loads");
    for (Map<String, Object> row : metrics.loads().rows(Integer.MAX_VALUE)) {
      rows.add(Json.valueOf(row));
    }
    return json;
  }

  @Override
  public Readiness ready(ReadyQuestion question) throws IOException {
    List<FileSpec> files = asked.of(question);
    Map<String, FileStatus> held = new LinkedHashMap<>();
    files.forEach(file -> held.put(file.path(), statuses.of(file)));
    Readiness readiness = Readiness.of(question.wish(), held, asked.missing(question, files));
    if (readiness.lacksOnlyProof()) {
      prove(files);
    }
    return readiness;
  }

  /** What was in memory before the worker started is compared when somebody wants something. */
  private void prove(List<FileSpec> files) {
    long nowNs = System.nanoTime();
    long lastNs = provedNs.get();
    if (nowNs - lastNs >= PROVE_NS && provedNs.compareAndSet(lastNs, nowNs)) {
      files.forEach(file -> engine.load(file, 0, file.layout().lengthBytes()));
    }
  }

  @Override
  public String worker() {
    return address.map(WebAddress::of).orElse("");
  }

  @Override
  public PeerInfo self() {
    return self;
  }

  @Override
  public long capacityBytes() {
    return memory.capacityBytes();
  }

  @Override
  public long freeBytes() {
    return memory.freeBytes();
  }

  @Override
  public Map<String, Long> bytes() {
    Map<String, Long> bytes = new LinkedHashMap<>();
    bytes.put("fromOrigin", metrics.bytesFrom(Source.ORIGIN));
    bytes.put("fromPeers", metrics.bytesFrom(Source.PEER));
    bytes.put("fromWarmup", metrics.bytesFrom(Source.WARMUP));
    bytes.put("servedMemory", metrics.bytesServed(ServedFrom.MEMORY));
    bytes.put("servedInFlight", metrics.bytesServed(ServedFrom.IN_FLIGHT));
    bytes.put("servedUncached", metrics.bytesServed(ServedFrom.UNCACHED));
    bytes.put(
        "toPeers", engine.channelStats().map(s -> s.count(ChannelCount.BYTES_SENT)).orElse(0L));
    return bytes;
  }

  @Override
  public long peakLinkBytesPerSecond() {
    return metrics.peakLinkBytesPerSecond();
  }

  @Override
  public List<FileSpec> knownFiles() {
    return catalog.known();
  }

  @Override
  public FileStatus status(FileSpec file) {
    return statuses.of(file);
  }

  @Override
  public BitSet pieces(FileSpec file) {
    return statuses.pieces(file);
  }

  @Override
  public Map<String, List<Map<String, Object>>> lists() {
    Map<String, List<Map<String, Object>>> rows = new LinkedHashMap<>();
    lists.forEach((name, list) -> rows.put(name, list.get()));
    rows.put("loads", metrics.loads().rows(STATUS_LOADS));
    return rows;
  }

  @Override
  public void close() {
    NamedThreads.stop(thread, THREAD);
    asked.close();
    try {
      master.close();
    } catch (IOException e) {
      LOG.debug("The page's connection to the master did not close cleanly", e);
    }
  }
}
