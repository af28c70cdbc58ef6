// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.exception.AlluxioException;
import alluxio.grpc.FreePOptions;
import alluxio.grpc.SetAttributePOptions;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.conf.MowsKey;
import io.mows.alluxio.hidden.HiddenFiles;
import io.mows.alluxio.locator.LiveWorkers;
import io.mows.alluxio.locator.LocatorView;
import io.mows.alluxio.trust.TrustSource;
import io.mows.alluxio.warmup.ModelCatalog;
import io.mows.channel.security.ClusterTrust;
import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The cluster that this command's settings name. */
public final class AlluxioWarmupCluster implements WarmupCluster {
  private final MowsConf conf;
  private final LiveWorkers workers;
  private final LocatorView locator;
  private final FileSystem fileSystem;
  private final List<String> notes = new ArrayList<>();

  private AlluxioWarmupCluster(
      MowsConf conf, LiveWorkers workers, LocatorView locator, FileSystem fileSystem) {
    this.conf = conf;
    this.workers = workers;
    this.locator = locator;
    this.fileSystem = fileSystem;
  }

  public static WarmupCluster of(FileSystemContext context) throws IOException {
    MowsConf conf = MowsConf.read(context.getClusterConf());
    if (!conf.enabled()) {
      throw new IOException(
          MowsKey.ENABLED.key()
              + "=false in the settings of this command: nobody would do the work. Run it with the"
              + " settings of a worker that uses MoWS.");
    }
    ClusterTrust trust = TrustSource.of(conf.security(), context.getClusterConf()).get();
    return new AlluxioWarmupCluster(
        conf,
        LiveWorkers.of(context),
        LocatorView.of(conf, trust),
        FileSystem.Factory.create(context));
  }

  @Override
  public List<JobFile> list(String path) throws IOException {
    List<JobFile> files = ModelCatalog.list(fileSystem, path, conf::accelerates, notes::add);
    if (files.isEmpty()) {
      throw new IOException(
          path
              + " holds no file that is accelerated ("
              + MowsKey.PATHS.key()
              + "="
              + conf.paths()
              + ") and in the origin. "
              + HiddenFiles.EMPTY_LISTING);
    }
    return files;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public JobsView jobs() throws IOException {
    return ask(JobClient::progress);
  }

  @Override
  public void submit(WarmupJob job) throws IOException {
    ask(directory -> directory.submit(job));
  }

  @Override
  public void stop(String jobId) throws IOException {
    ask(directory -> directory.stop(jobId));
  }

  @Override
  public void remove(String jobId) throws IOException {
    ask(directory -> directory.remove(jobId));
  }

  private <T> T ask(Function<JobClient, CompletableFuture<T>> question) throws IOException {
    return locator.jobs(workers, question);
  }

  @Override
  public void pin(String path) throws IOException {
    setPinned(path, true);
  }

  private void setPinned(String path, boolean pinned) throws IOException {
    try {
      fileSystem.setAttribute(
          new AlluxioURI(path), SetAttributePOptions.newBuilder().setPinned(pinned).build());
    } catch (AlluxioException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void evict(String path) throws IOException {
    ask(directory -> directory.disused(path));
    setPinned(path, false);
    try {
      fileSystem.free(
          new AlluxioURI(path),
          FreePOptions.newBuilder().setRecursive(true).setForced(true).build());
    } catch (AlluxioException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    locator.close();
  }
}
