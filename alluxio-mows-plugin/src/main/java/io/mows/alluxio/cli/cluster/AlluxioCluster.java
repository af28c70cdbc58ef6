// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import alluxio.client.file.FileSystemContext;
import alluxio.util.network.NetworkAddressUtils;
import alluxio.util.network.NetworkAddressUtils.ServiceType;
import alluxio.wire.WorkerInfo;
import io.mows.alluxio.cli.cluster.ModelStore.StoredFile;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.conf.MowsKey;
import io.mows.alluxio.locator.LiveWorkers;
import io.mows.alluxio.locator.LocatorAnswer;
import io.mows.alluxio.locator.LocatorView;
import io.mows.alluxio.locator.MasterWorkerList;
import io.mows.alluxio.trust.TrustSource;
import io.mows.p2p.locator.client.LocatorReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The cluster that this command's settings name. */
public final class AlluxioCluster implements Cluster {
  private final MowsConf conf;
  private final TrustSource trust;
  private final LiveWorkers workers;
  private final ModelStore store;
  private final String localHost;
  private final MetricsHttp metrics = new MetricsHttp();

  private AlluxioCluster(
      MowsConf conf, TrustSource trust, LiveWorkers workers, ModelStore store, String localHost) {
    this.conf = conf;
    this.trust = trust;
    this.workers = workers;
    this.store = store;
    this.localHost = localHost;
  }

  /**
   * @throws io.mows.alluxio.conf.MowsConfException if the settings cannot be used
   */
  public static Cluster of(FileSystemContext context) throws IOException {
    MowsConf conf = MowsConf.read(context.getClusterConf());
    if (!conf.enabled()) {
      throw new IOException(
          MowsKey.ENABLED.key()
              + "=false in the settings of this command: there is nothing to show. Run it with"
              + " the settings of a worker that uses MoWS.");
    }
    return new AlluxioCluster(
        conf,
        TrustSource.of(conf.security(), context.getClusterConf()),
        LiveWorkers.of(context),
        new AlluxioModelStore(context),
        NetworkAddressUtils.getConnectHost(ServiceType.WORKER_RPC, context.getClusterConf()));
  }

  @Override
  public String locatorSetting() {
    return conf.locator().isAuto() ? AUTO : String.join(",", conf.locator().members());
  }

  @Override
  public List<WorkerInfo> workers() throws IOException {
    List<WorkerInfo> sorted = new ArrayList<>(workers.list());
    sorted.sort(
        Comparator.comparing((WorkerInfo worker) -> worker.getAddress().getHost())
            .thenComparing(worker -> worker.getAddress().getWebPort()));
    return sorted;
  }

  @Override
  public String localHost() {
    return localHost;
  }

  @Override
  public LocatorAnswer locator(List<WorkerInfo> living, String pathPrefix) throws IOException {
    try (LocatorView view = LocatorView.of(conf, trust.get())) {
      return view.ask(MasterWorkerList.refs(living), pathPrefix, LocatorReader.MAX_FILES);
    } catch (NoClassDefFoundError e) {
      // Alluxio ships Ratis for its masters; a client jar may come without.
      throw new IOException(
          "The class path of this command lacks "
              + e.getMessage()
              + ", which the locator speaks; put Alluxio's server jar behind the MoWS jar in"
              + " ALLUXIO_CLASSPATH (conf/alluxio-env.sh)",
          e);
    }
  }

  @Override
  public ModelStore store() {
    return store;
  }

  @Override
  public StoredManifests manifests() {
    return new StoredManifests(store, conf.paths(), conf.manifestName());
  }

  @Override
  public StoredSha256s sha256s(List<StoredFile> files) {
    return new StoredSha256s(store, conf.paths(), files);
  }

  @Override
  public String manifestName() {
    return conf.manifestName();
  }

  @Override
  public List<WorkerMetrics> metrics(List<WorkerInfo> living) {
    return metrics.read(living);
  }
}
