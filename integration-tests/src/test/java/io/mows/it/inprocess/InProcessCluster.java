// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import alluxio.AlluxioURI;
import alluxio.ClientContext;
import alluxio.client.block.stream.BlockWorkerClient;
import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.client.file.URIStatus;
import alluxio.conf.Configuration;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.exception.AlluxioException;
import alluxio.grpc.Block;
import alluxio.grpc.CacheRequest;
import alluxio.grpc.LoadRequest;
import alluxio.grpc.LoadResponse;
import alluxio.grpc.SetAttributePOptions;
import alluxio.grpc.UfsReadOptions;
import alluxio.master.LocalAlluxioCluster;
import alluxio.metrics.MetricsSystem;
import alluxio.proto.dataserver.Protocol.OpenUfsBlockOptions;
import alluxio.resource.CloseableResource;
import alluxio.worker.block.BlockWorker;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A master and a worker with MoWS in this process, and an origin under our control, mounted at
 * {@code /models}. One at a time: Alluxio's configuration and metrics are the process's.
 */
final class InProcessCluster implements AutoCloseable {
  static final long MB = 1L << 20;

  private static final String MOUNT = "/models";

  private final LocalAlluxioCluster cluster;
  private final ControlledUfs ufs;
  private final Path origin;

  private InProcessCluster(LocalAlluxioCluster cluster, ControlledUfs ufs, Path origin) {
    this.cluster = cluster;
    this.ufs = ufs;
    this.origin = origin;
  }

  /** Starts a cluster with these properties on top of those every test has. */
  static InProcessCluster start(Path dir, Map<String, Object> properties) throws Exception {
    ControlledUfs ufs = ControlledUfs.register();
    LocalAlluxioCluster cluster = new LocalAlluxioCluster();
    try {
      cluster.initConfiguration("mows");
      common(dir).forEach((key, value) -> Configuration.set(PropertyKey.fromString(key), value));
      properties.forEach(
          (key, value) -> Configuration.set(PropertyKey.getOrBuildCustom(key), value));
      cluster.start();
      Path origin = Files.createDirectories(dir.resolve("origin"));
      cluster.getClient().mount(new AlluxioURI(MOUNT), new AlluxioURI(ControlledUfs.uri(origin)));
      return new InProcessCluster(cluster, ufs, origin);
    } catch (Exception e) {
      ufs.close();
      throw e;
    }
  }

  private static Map<String, Object> common(Path dir) throws IOException {
    Map<String, Object> all = new HashMap<>();
    // Alluxio's defaults may be in use on this machine.
    all.put("alluxio.master.rpc.port", freePort());
    all.put("alluxio.master.web.port", freePort());
    all.put("alluxio.web.resources", Files.createDirectories(dir.resolve("web")).toString());
    all.put("alluxio.worker.tieredstore.levels", 1);
    all.put("alluxio.worker.ramdisk.size", "64MB");
    all.put("alluxio.user.block.size.bytes.default", "8MB");
    all.put("alluxio.user.streaming.reader.chunk.size.bytes", "1MB");
    all.put("alluxio.user.block.remote.read.buffer.size.bytes", "1MB");
    // The mini cluster gives up after 10 ms, sooner than a slow origin answers.
    all.put("alluxio.user.block.read.retry.max.duration", "5s");
    return all;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  ControlledUfs ufs() {
    return ufs;
  }

  /** Puts a file into the origin; returns its Alluxio path. */
  String originFile(String name, TestContent content) throws IOException {
    content.writeTo(originPath(name));
    return MOUNT + "/" + name;
  }

  Path originPath(String name) {
    return origin.resolve(name);
  }

  FileSystem client() throws IOException {
    return cluster.getClient();
  }

  /** A client of its own, on top of the cluster's configuration. The caller closes it. */
  FileSystem client(Map<String, Object> properties) {
    return FileSystem.Factory.create(context(properties));
  }

  private static FileSystemContext context(Map<String, Object> properties) {
    InstancedConfiguration conf = Configuration.copyGlobal();
    properties.forEach((key, value) -> conf.set(PropertyKey.fromString(key), value));
    return FileSystemContext.create(ClientContext.create(conf));
  }

  URIStatus status(String path) throws IOException, AlluxioException {
    return client().getStatus(new AlluxioURI(path));
  }

  BlockWorker worker() {
    return cluster.getWorkerProcess().getWorker(BlockWorker.class);
  }

  /** As the master lists it. */
  String workerHost() {
    return cluster.getWorkerAddress().getHost();
  }

  /** Asks the worker for one block, as clients do that want it cached. */
  void cache(String path, int block, boolean async) throws Exception {
    URIStatus status = status(path);
    Block wanted = block(status, block);
    CacheRequest request =
        CacheRequest.newBuilder()
            .setBlockId(wanted.getBlockId())
            .setLength(wanted.getLength())
            .setAsync(async)
            .setSourceHost(cluster.getWorkerAddress().getHost())
            .setSourcePort(cluster.getWorkerAddress().getDataPort())
            .setOpenUfsBlockOptions(
                OpenUfsBlockOptions.newBuilder()
                    .setUfsPath(status.getUfsPath())
                    .setOffsetInFile(wanted.getOffsetInFile())
                    .setBlockSize(wanted.getLength())
                    .setMountId(status.getMountId())
                    .build())
            .build();
    try (FileSystemContext context = context(Map.of());
        CloseableResource<BlockWorkerClient> worker =
            context.acquireBlockWorkerClient(cluster.getWorkerAddress())) {
      worker.get().cache(request);
    }
  }

  /** Asks the worker for all blocks of a file, as the master's load jobs do. */
  LoadResponse load(String path) throws Exception {
    URIStatus status = status(path);
    LoadRequest.Builder request =
        LoadRequest.newBuilder()
            .setOptions(UfsReadOptions.newBuilder().setTag("test").setPositionShort(false).build());
    for (int block = 0; block < status.getBlockIds().size(); block++) {
      request.addBlocks(block(status, block));
    }
    try (FileSystemContext context = context(Map.of());
        CloseableResource<BlockWorkerClient> worker =
            context.acquireBlockWorkerClient(cluster.getWorkerAddress())) {
      return worker.get().load(request.build()).get(1, TimeUnit.MINUTES);
    }
  }

  private static Block block(URIStatus status, int block) {
    long offset = block * status.getBlockSizeBytes();
    return Block.newBuilder()
        .setBlockId(status.getBlockIds().get(block))
        .setLength(Math.min(status.getBlockSizeBytes(), status.getLength() - offset))
        .setUfsPath(status.getUfsPath())
        .setMountId(status.getMountId())
        .setOffsetInFile(offset)
        .build();
  }

  /** Pins a file; the worker knows it at once, without waiting for its next heartbeat. */
  void pin(String path) throws Exception {
    long fileId = status(path).getFileId();
    client()
        .setAttribute(
            new AlluxioURI(path), SetAttributePOptions.newBuilder().setPinned(true).build());
    worker().updatePinList(Set.of(fileId));
  }

  boolean isCached(String path) throws Exception {
    return status(path).getBlockIds().stream()
        .allMatch(id -> worker().getBlockStore().hasBlockMeta(id));
  }

  static long counter(String name) {
    return MetricsSystem.counter("Worker.Mows" + name).getCount();
  }

  static long bytesFromOrigin() {
    return counter("BytesFromOrigin");
  }

  void restartMaster() throws Exception {
    cluster.restartMasters();
  }

  void stopWorkers() throws Exception {
    cluster.stopWorkers();
  }

  @Override
  public void close() throws IOException {
    try {
      cluster.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IOException("The cluster did not stop cleanly", e);
    } finally {
      ufs.close();
    }
  }
}
