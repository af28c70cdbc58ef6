// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The {@code alluxio-site.properties} of the nodes: a small cluster that starts fast. */
final class SiteProperties {
  private static final Pattern WORKER = Pattern.compile("\\{worker-(\\d+)}");

  private final ClusterConfig config;
  private final Network network;
  private final Path instanceDir;
  private final String rootUfs;

  SiteProperties(ClusterConfig config, Network network, Path instanceDir, String rootUfs) {
    this.config = config;
    this.network = network;
    this.instanceDir = instanceDir;
    this.rootUfs = rootUfs;
  }

  /** Of the master's node, where a client has no local worker. */
  Map<String, String> ofMaster() {
    Map<String, String> site = common(Network.MASTER);
    site.putAll(config.properties());
    return site;
  }

  /** Of a worker's node: worker, job worker, and clients whose local worker it is. */
  Map<String, String> ofWorker(int index, Path memoryDir, Path mountPoint, boolean mounts)
      throws IOException {
    boolean stock = config.dropInJar(index).isEmpty();
    String address = network.address(Network.worker(index));
    Map<String, String> site = common(Network.worker(index));
    for (String service : new String[] {"worker", "worker.web", "job.worker"}) {
      site.put("alluxio." + service + ".bind.host", address);
      site.put("alluxio." + service + ".hostname", address);
    }
    site.put("alluxio.job.worker.web.bind.host", address);
    site.put("alluxio.worker.ramdisk.size", Long.toString(config.ramdiskBytes()));
    site.put("alluxio.worker.tieredstore.levels", "1");
    site.put("alluxio.worker.tieredstore.level0.alias", "MEM");
    site.put("alluxio.worker.tieredstore.level0.dirs.path", memoryDir.toString());
    site.put("alluxio.worker.tieredstore.level0.dirs.quota", Long.toString(config.ramdiskBytes()));
    if (mounts) {
      site.put("alluxio.worker.fuse.enabled", "true");
      site.put("alluxio.fuse.mount.point", mountPoint.toString());
      site.put("alluxio.fuse.mount.alluxio.path", config.mountAlluxioPath());
      config.mountOptions().ifPresent(value -> site.put("alluxio.fuse.mount.options", value));
      // Stock Alluxio's default, 2, is the slower one; the drop-in jar chooses for itself.
      OptionalInt libfuse = stock ? Host.libfuseVersion() : OptionalInt.empty();
      libfuse.ifPresent(
          value -> site.put("alluxio.fuse.jnifuse.libfuse.version", Integer.toString(value)));
    }
    if (config.network().usesIpv6()) {
      putIpv6(site, network.ipv6Address(Network.worker(index)));
    } else if (!stock) {
      // All addresses are on one machine, so no worker may listen on 0.0.0.0.
      site.put("alluxio.mows.data.bind.host", address);
    }
    site.putAll(config.properties());
    site.putAll(config.workerProperties(index));
    site.replaceAll((key, value) -> withAddresses(value));
    return site;
  }

  private static void putIpv6(Map<String, String> site, String address) {
    site.put("alluxio.worker.hostname", address);
    site.put("alluxio.user.hostname", address);
    site.put("alluxio.locality.node", address);
    for (String key :
        new String[] {
          "alluxio.worker.bind.host", "alluxio.worker.web.bind.host", "alluxio.mows.data.bind.host"
        }) {
      // The harness looks at the web port by IPv4.
      site.put(key, "::");
    }
  }

  /**
   * The addresses of a cluster are not known before it starts: {@code {worker-0}} stands for one.
   */
  private String withAddresses(String value) {
    return WORKER
        .matcher(value)
        .replaceAll(found -> network.address(Network.worker(Integer.parseInt(found.group(1)))));
  }

  private Map<String, String> common(String node) {
    String master = network.address(Network.MASTER);
    Map<String, String> site = new LinkedHashMap<>();
    for (String service : new String[] {"master", "master.web", "job.master", "job.master.web"}) {
      site.put("alluxio." + service + ".hostname", master);
      site.put("alluxio." + service + ".bind.host", master);
    }
    site.putAll(network.ports().properties());
    site.put("alluxio.work.dir", instanceDir.resolve(node).toString());
    site.put("alluxio.user.hostname", network.address(node));
    site.put("alluxio.locality.node", network.address(node));
    site.put("alluxio.master.mount.table.root.ufs", rootUfs);
    config.origin().ifPresent(origin -> putOss(site));
    startFast(site);
    return site;
  }

  private void putOss(Map<String, String> site) {
    site.put(
        "fs.oss.endpoint",
        "http://" + network.address(Network.ORIGIN) + ":" + network.ports().origin());
    site.put("fs.oss.accessKeyId", OriginConfig.ACCESS_KEY_ID);
    site.put("fs.oss.accessKeySecret", OriginConfig.ACCESS_KEY_SECRET);
  }

  /** Defaults that make a large cluster calm make a small one wait. */
  private void startFast(Map<String, String> site) {
    // No Raft election, no RocksDB: one master that starts empty needs neither.
    site.put("alluxio.master.journal.type", "UFS");
    site.put("alluxio.master.journal.folder", instanceDir.resolve("journal").toString());
    site.put("alluxio.master.metastore", "HEAP");
    site.put("alluxio.master.journal.tailer.shutdown.quiet.wait.time", "50ms");
    site.put("alluxio.master.journal.tailer.sleep.time", "50ms");
    // Alluxio warns when workers retry more slowly than the master waits for them.
    site.put("alluxio.master.worker.connect.wait.time", "300ms");
    site.put("alluxio.user.rpc.retry.max.sleep", "250ms");
    site.put("alluxio.master.lost.worker.detection.interval", "1s");
    site.put("alluxio.master.worker.timeout", "15s");
    site.put("alluxio.master.update.check.enabled", "false");
    // Dumps of metrics and stacks at every exit cost more than a second each.
    site.put("alluxio.exit.collect.info", "false");
    // How long a stopping worker waits for more requests; two seconds by default.
    site.put("alluxio.worker.network.netty.shutdown.quiet.period", "0sec");
  }
}
