// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import alluxio.wire.WorkerInfo;
import io.mows.alluxio.cli.cluster.ModelStore.StoredFile;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.locator.FakeLocator;
import io.mows.alluxio.locator.LocatorAnswer;
import io.mows.alluxio.locator.Workers;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A cluster that a test makes up; what is not given does not answer. */
public final class FakeCluster implements Cluster {
  private final List<WorkerInfo> workers = new ArrayList<>();
  private final Deque<List<WorkerMetrics>> metrics = new ArrayDeque<>();
  private String setting = AUTO;
  private boolean masterIsAway;
  private FakeLocator directory;
  private ModelStore store;
  public String askedFor;

  public FakeCluster directory(FakeLocator newDirectory) {
    directory = newDirectory;
    return this;
  }

  public FakeCluster setting(String newSetting) {
    setting = newSetting;
    return this;
  }

  public FakeCluster masterIsAway() {
    masterIsAway = true;
    return this;
  }

  public FakeCluster store(ModelStore newStore) {
    store = newStore;
    return this;
  }

  /** One reading of all workers; the last one stays. */
  public FakeCluster metrics(WorkerMetrics... readings) {
    if (workers.isEmpty()) {
      for (WorkerMetrics reading : readings) {
        workers.add(Workers.worker(reading.worker(), 1));
      }
    }
    metrics.add(List.of(readings));
    return this;
  }

  @Override
  public String locatorSetting() {
    return setting;
  }

  @Override
  public List<WorkerInfo> workers() throws IOException {
    if (masterIsAway) {
      throw new IOException("no master at m:19998");
    }
    return workers;
  }

  @Override
  public String localHost() {
    return "w1";
  }

  @Override
  public LocatorAnswer locator(List<WorkerInfo> living, String pathPrefix) throws IOException {
    askedFor = pathPrefix;
    if (directory == null) {
      throw new IOException("w1:29990 is silent");
    }
    return new LocatorAnswer(directory.describe(), directory.status());
  }

  @Override
  public ModelStore store() {
    return store;
  }

  @Override
  public StoredManifests manifests() {
    return new StoredManifests(store, new PathPrefixes(List.of("/")), manifestName());
  }

  @Override
  public StoredSha256s sha256s(List<StoredFile> files) {
    return new StoredSha256s(store, new PathPrefixes(List.of("/")), files);
  }

  @Override
  public String manifestName() {
    return "crc32.txt";
  }

  @Override
  public List<WorkerMetrics> metrics(List<WorkerInfo> living) {
    if (living.isEmpty() || metrics.isEmpty()) {
      return List.of();
    }
    return metrics.size() > 1 ? metrics.poll() : metrics.peek();
  }
}
