// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One worker of a {@link LocalCluster}: a node with an Alluxio worker, its memory, its mount and,
 * if the cluster has job servers, a job worker.
 *
 * <p>{@link #kill9}, {@link #stop} and {@link #restart} are about the worker process; its memory (a
 * tmpfs) keeps its blocks, as on a machine whose worker is restarted. Not thread-safe, but
 * different workers may be used by different threads.
 */
public final class WorkerNode {
  private static final Duration STOP_GRACE = Duration.ofSeconds(20);
  private static final Duration CLI_TIMEOUT = Duration.ofMinutes(10);

  private final int index;
  private final ClusterConfig config;
  private final Network network;
  private final Node node;
  private final Path memoryDir;
  private final String whyNoMount;
  private JavaProcess worker;
  private JavaProcess jobWorker;

  /**
   * @param whyNoMount why this worker does not mount; empty if it does
   */
  WorkerNode(
      int index,
      ClusterConfig config,
      Network network,
      Node node,
      Path memoryDir,
      String whyNoMount) {
    this.index = index;
    this.config = config;
    this.network = network;
    this.node = node;
    this.memoryDir = memoryDir;
    this.whyNoMount = whyNoMount;
  }

  /** Makes memory, configuration and mount point, and starts the processes without waiting. */
  void launch(SiteProperties site) throws IOException {
    if (Host.isRoot()) {
      // Alluxio's quota is what limits it; blocks being written may stand above it for a moment.
      Mounts.mountTmpfs(memoryDir, config.ramdiskBytes() + (64L << 20));
    } else {
      Files.createDirectories(memoryDir);
    }
    Files.createDirectories(mountDir());
    node.configure(site.ofWorker(index, memoryDir, mountDir(), mounts()));
    launchWorker();
    if (config.jobServers()) {
      jobWorker =
          node.startAlluxio(
              "job-worker", AlluxioJvm.lightServer(256), "alluxio.worker.AlluxioJobWorker");
    }
  }

  /** Waits until the worker is registered, mounted and serves. */
  void awaitReady(Duration timeout) throws IOException {
    awaitWorker(timeout);
    if (jobWorker != null) {
      URI jobWeb = web(network.ports().jobWorkerWeb()).resolve("/metrics/json/");
      Await.until(
          jobWorker.name() + " to serve " + jobWeb,
          timeout,
          () -> isUp(jobWorker, jobWeb),
          jobWorker::tail);
    }
  }

  /** The processes that are (or were) running, for the end of the cluster. */
  List<JavaProcess> processes() {
    List<JavaProcess> all = new ArrayList<>();
    if (worker != null) {
      all.add(worker);
    }
    if (jobWorker != null) {
      all.add(jobWorker);
    }
    return all;
  }

  /** The worker's IPv4 address, by which Alluxio knows it too. */
  public String address() {
    return node.address();
  }

  /** Whether this worker has the drop-in jar of the cluster. */
  public boolean isStock() {
    return config.dropInJar(index).isEmpty();
  }

  /** Whether this worker mounts; {@link #mountPoint} says why if it does not. */
  public boolean mounts() {
    return whyNoMount.isEmpty();
  }

  /**
   * The directory under which the cluster's files are seen.
   *
   * @throws IllegalStateException if this worker does not mount, with the reason and the remedy
   */
  public Path mountPoint() {
    if (!mounts()) {
      throw new IllegalStateException(node.name() + " has no mount: " + whyNoMount);
    }
    return mountDir();
  }

  /** The directory of the memory tier, where Alluxio keeps its block files. */
  public Path memoryDir() {
    return memoryDir;
  }

  /** The class path of the worker process without its configuration directory: jars only. */
  public String jarClassPath() throws IOException {
    return config.dropInJar(index).map(jar -> jar + File.pathSeparator).orElse("")
        + Build.alluxioClassPath();
  }

  /** The log of the worker process. */
  public Path log() {
    return worker.log();
  }

  /** The process id of the worker process. */
  public long pid() {
    return worker.pid();
  }

  public boolean isAlive() {
    return worker.isAlive();
  }

  public URI webUri() {
    return web(network.ports().workerWeb());
  }

  /** The worker's metrics now. */
  public Metrics metrics() throws IOException {
    return Metrics.fetch(webUri());
  }

  /** Runs {@code alluxio (arguments)} on this node, whose local worker this is; 10 minutes. */
  public CliResult cli(String... arguments) throws IOException {
    return node.cli(CLI_TIMEOUT, arguments);
  }

  /** The {@code alluxio} command of this node, for people. */
  public Path cliScript() {
    return node.cliScript();
  }

  /** What goes before a command line to run it in this node's network; empty if all share one. */
  public List<String> enter() {
    return network.enter(node.name());
  }

  /** Kills the worker process as a crash would; its mount is left dead. */
  public void kill9() throws IOException {
    worker.kill9();
  }

  /** Ends the worker process in good order, and its mount with it. */
  public void stop() throws IOException {
    stop(STOP_GRACE);
  }

  /** As {@link #stop()}, with another time after which the process is killed. */
  public void stop(Duration grace) throws IOException {
    worker.terminate();
    worker.awaitEndOrKill(grace);
    Mounts.unmountBelow(mountDir());
  }

  /** Ends the worker process if it runs, starts it again and waits until it is ready. */
  public void restart() throws IOException {
    // Ours takes away the mount of one that was killed; stock Alluxio could not mount again.
    if (isAlive() || isStock()) {
      stop();
    }
    launchWorker();
    awaitWorker(config.startTimeout());
  }

  /**
   * Starts the worker process, which must have ended in good order, as Alluxio's scripts start it,
   * and waits until it is ready.
   *
   * @param javaOptions all that it has beside those for its memory, as {@code
   *     ALLUXIO_WORKER_JAVA_OPTS} would name them
   */
  public void startAsInstalled(List<String> javaOptions) throws IOException {
    launchWorker(
        AlluxioJvm.worker(config.workerHeapMiB(), config.workerDirectMiB(), false), javaOptions);
    awaitWorker(config.startTimeout());
  }

  /**
   * Limits the worker's link from now on, in each direction on its own; needs namespaces.
   *
   * @param bitsPerSecond {@link NetworkConfig#UNLIMITED} lifts the limit
   */
  public void limitLink(long bitsPerSecond) throws IOException {
    network.limit(node.name(), bitsPerSecond);
  }

  /**
   * As {@link #limitLink}, and no connection of the data channel gets more than its part.
   *
   * @param bitsPerSecond not {@link NetworkConfig#UNLIMITED}
   */
  public void limitFlows(long bitsPerSecond, long flowBitsPerSecond) throws IOException {
    network.limitFlows(node.name(), bitsPerSecond, flowBitsPerSecond);
  }

  private void launchWorker() throws IOException {
    launchWorker(
        AlluxioJvm.worker(
            config.workerHeapMiB(), config.workerDirectMiB(), config.firstCompilerOnly()),
        List.of());
  }

  private void launchWorker(List<String> jvmOptions, List<String> lastOptions) throws IOException {
    worker = node.startAlluxio("worker", jvmOptions, lastOptions, "alluxio.worker.AlluxioWorker");
  }

  private void awaitWorker(Duration timeout) throws IOException {
    // The worker registers, then mounts, then opens its web port; a mount that failed is only
    // logged. So once the web port answers, there is a mount or there will be none.
    Await.until(
        worker.name() + " to serve " + webUri(),
        timeout,
        () -> isUp(worker, webUri().resolve("/metrics/json/")),
        worker::tail);
    if (mounts() && !Mounts.isMountPoint(mountDir())) {
      throw new IOException(
          worker.name() + " could not mount " + mountDir() + ". " + worker.tail());
    }
  }

  private static boolean isUp(JavaProcess process, URI web) throws IOException {
    process.checkAlive();
    return Web.answers(web);
  }

  private URI web(int port) {
    return URI.create("http://" + address() + ":" + port);
  }

  private Path mountDir() {
    return node.dir().resolve("mnt");
  }
}
