// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A running cluster of real Alluxio processes on this machine.
 *
 * <p>{@link #close} ends all of it and leaves nothing: no process, mount, namespace or file (but a
 * root directory or a log directory that was given). It also runs when the JVM ends; if the JVM is
 * killed, the next cluster that starts on this machine clears what is left. Thread-safe.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final Duration CLI_TIMEOUT = Duration.ofMinutes(10);

  private final ClusterConfig config;
  private final Instance instance;
  private final List<WorkerNode> workers = new ArrayList<>();
  private final List<JavaProcess> servers = new ArrayList<>();
  private final Thread shutdownHook = new Thread(this::closeOnExit, "cluster-shutdown");
  private Network network;
  private Node master;
  private OriginNode origin;
  private Path localRoot;
  private boolean closed;
  private volatile Thread launcher;

  private LocalCluster(ClusterConfig config, Instance instance) {
    this.config = config;
    this.instance = instance;
  }

  /**
   * Starts a cluster and waits until every worker serves (and mounts, where it can).
   *
   * @throws IOException if something does not start in time; the message ends with the log of what
   *     failed, and all logs are kept in the directory it names
   */
  public static LocalCluster start(ClusterConfig config) throws IOException {
    ClusterArchive.prepare();
    LocalCluster cluster = new LocalCluster(config, Instance.acquire());
    Runtime.getRuntime().addShutdownHook(cluster.shutdownHook);
    try {
      cluster.launch();
      return cluster;
    } catch (IOException | RuntimeException e) {
      throw cluster.failed(e);
    }
  }

  /** The workers, by index from 0. */
  public WorkerNode worker(int index) {
    return workers.get(index);
  }

  /** The number of workers. */
  public int workers() {
    return workers.size();
  }

  /**
   * Runs {@code alluxio (arguments)}, such as {@code fs}, {@code load}, {@code /model}, on the
   * master's node, where no worker is local; 10 minutes.
   */
  public CliResult cli(String... arguments) throws IOException {
    return master.cli(CLI_TIMEOUT, arguments);
  }

  /** The {@code alluxio} command of the master's node, for people. */
  public Path cliScript() {
    return master.cliScript();
  }

  public long masterPid() {
    return servers.get(0).pid();
  }

  public URI masterWebUri() {
    return URI.create("http://" + master.address() + ":" + network.ports().masterWeb());
  }

  /** The master's metrics now. */
  public Metrics masterMetrics() throws IOException {
    return Metrics.fetch(masterWebUri());
  }

  /**
   * The origin of this cluster.
   *
   * @throws IllegalStateException if its root under file system is a local directory
   */
  public OriginNode origin() {
    if (origin == null) {
      throw new IllegalStateException("this cluster reads a local directory: " + localRoot);
    }
    return origin;
  }

  /** The origin's admin API; empty if the root under file system is a local directory. */
  Optional<URI> originAdminUri() {
    return Optional.ofNullable(origin).map(OriginNode::adminUri);
  }

  /** The directory that is the root under file system, or the origin's bucket. */
  public Path rootDirectory() {
    return localRoot;
  }

  /** The processes of the cluster that are alive now. */
  List<ProcessHandle> liveProcesses() throws IOException {
    return Cleaner.processes(instance);
  }

  Instance instance() {
    return instance;
  }

  /**
   * Ends the cluster; a second call does nothing.
   *
   * @throws IOException if something could not be removed; the message says what
   */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      endProcesses();
    } finally {
      try (Instance numberToGiveBack = instance) {
        numberToGiveBack.clear();
      }
    }
    removeShutdownHook();
  }

  private synchronized void launch() throws IOException {
    launcher = Thread.currentThread();
    network = Network.create(config.network(), instance);
    network.join(Network.MASTER);
    String rootUfs = launchRoot();
    SiteProperties site = new SiteProperties(config, network, instance.dir(), rootUfs);
    launchMaster(site);
    String whyNoMount = whyNoMount();
    for (int index = 0; index < config.workers(); index++) {
      launchWorker(index, site, whyNoMount);
    }
    awaitReady();
    launcher = null;
  }

  private String launchRoot() throws IOException {
    if (config.origin().isPresent()) {
      OriginConfig originConfig = config.origin().get();
      localRoot = originConfig.directory();
      network.join(Network.ORIGIN);
      network.limit(Network.ORIGIN, config.network().originBitsPerSecond());
      Node node = node(Network.ORIGIN, Optional.empty());
      origin = OriginNode.launch(originConfig, network, node, config.firstCompilerOnly());
      return "oss://" + OriginConfig.BUCKET + "/";
    }
    localRoot = config.localRoot().orElse(instance.dir().resolve("root"));
    Files.createDirectories(localRoot);
    return localRoot.toString();
  }

  private void launchMaster(SiteProperties site) throws IOException {
    master = node(Network.MASTER, config.dropInJar());
    master.configure(site.ofMaster());
    servers.add(
        master.startAlluxio("master", AlluxioJvm.lightServer(512), "alluxio.master.AlluxioMaster"));
    if (config.jobServers()) {
      servers.add(
          master.startAlluxio(
              "job-master", AlluxioJvm.lightServer(256), "alluxio.master.AlluxioJobMaster"));
    }
  }

  private void launchWorker(int index, SiteProperties site, String whyNoMount) throws IOException {
    String name = Network.worker(index);
    network.join(name);
    network.limit(name, config.network().workerBitsPerSecond(index));
    Path memory =
        (Host.isRoot() ? instance.dir() : instance.sharedMemoryDir())
            .resolve(name)
            .resolve("memory");
    Node node = node(name, config.dropInJar(index));
    WorkerNode worker = new WorkerNode(index, config, network, node, memory, whyNoMount);
    workers.add(worker);
    worker.launch(site);
  }

  private Node node(String name, Optional<Path> jar) throws IOException {
    return new Node(name, network, instance, config.logsDir(), jar, config.network().usesIpv6());
  }

  private String whyNoMount() throws IOException {
    if (!config.mount()) {
      return "the configuration switches it off";
    }
    String reason = Host.whyNoFuse(config.fuseDevice()).orElse("");
    if (!reason.isEmpty()) {
      config.progress().accept("Workers run without a mount: " + reason);
    }
    return reason;
  }

  private void awaitReady() throws IOException {
    if (origin != null) {
      origin.awaitReady(config.startTimeout());
    }
    JavaProcess masterProcess = servers.get(0);
    Await.until(
        "the master to serve " + masterWebUri(),
        config.startTimeout(),
        () -> {
          masterProcess.checkAlive();
          return Web.answers(masterWebUri().resolve("/metrics/json/"));
        },
        masterProcess::tail);
    for (WorkerNode worker : workers) {
      worker.awaitReady(config.startTimeout());
    }
    // Something else may have answered in place of a process that could not bind its port.
    for (JavaProcess server : servers) {
      server.checkAlive();
    }
  }

  /** Workers first: one whose master is gone tries to reach it before it ends. */
  private void endProcesses() throws IOException {
    List<JavaProcess> others = new ArrayList<>(servers);
    if (origin != null) {
      others.add(origin.process());
    }
    List<JavaProcess> ofWorkers = new ArrayList<>();
    workers.forEach(worker -> ofWorkers.addAll(worker.processes()));
    endAll(ofWorkers);
    endAll(others);
  }

  /** Asks all at once, then waits: the time is that of the slowest. */
  private static void endAll(List<JavaProcess> processes) throws IOException {
    processes.forEach(JavaProcess::terminate);
    long deadlineNs = System.nanoTime() + ClusterArchive.grace(STOP_GRACE).toNanos();
    for (JavaProcess process : processes) {
      process.awaitEndOrKill(Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime())));
    }
  }

  /** Saves the logs, clears everything, and returns what to throw. */
  private IOException failed(Exception cause) {
    // An interrupt is no failure to look into, and must not cut the waits of close() short.
    boolean interrupted = Thread.interrupted();
    IOException failure =
        new IOException(
            "the cluster did not start: " + Host.words(cause) + (interrupted ? "" : keepLogs()),
            cause);
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return failure;
  }

  private String keepLogs() {
    if (config.logsDir().isPresent()) {
      return "\nAll logs are in " + config.logsDir().get();
    }
    Path from = instance.dir().resolve("logs");
    if (!Files.exists(from)) {
      return "";
    }
    Path to = instance.failureDir();
    try (Stream<Path> logs = Files.list(from)) {
      Files.createDirectories(to);
      for (Path log : (Iterable<Path>) logs::iterator) {
        Files.copy(log, to.resolve(log.getFileName()));
      }
      return "\nAll logs are kept in " + to;
    } catch (IOException e) {
      return "\nThe logs could not be kept: " + e;
    }
  }

  private void removeShutdownHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook runs, and finds the cluster closed.
    }
  }

  private void closeOnExit() {
    Thread starting = launcher;
    if (starting != null) {
      // It holds the monitor that close() needs, perhaps for minutes.
      starting.interrupt();
    }
    try {
      close();
    } catch (IOException e) {
      System.err.println("Closing the cluster: " + e);
      for (Throwable problem : e.getSuppressed()) {
        System.err.println("  " + problem);
      }
    }
  }
}
