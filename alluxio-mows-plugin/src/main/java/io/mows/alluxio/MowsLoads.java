// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import com.sun.management.OperatingSystemMXBean;
import io.mows.alluxio.trace.LoadTracker;
import io.mows.alluxio.trace.NetworkSpeed;
import io.mows.p2p.fetch.FetchProgress;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What is around the loads of this worker, as far as it can be measured. For one thread. */
final class MowsLoads implements LoadTracker.Surroundings {
  private static final Path NETWORK_DEVICES = Path.of("/sys/class/net");

  private final Supplier<List<FetchProgress>> fetches;
  private final Function<FileSpec, FileStatus> statuses;
  private final DoubleSupplier peakBytesPerSecond;
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final double linkBytesPerSecond = NetworkSpeed.bytesPerSecond(NETWORK_DEVICES);
  private List<FetchProgress> now = List.of();
  private long processorNs = system.getProcessCpuTime();
  private long lookedNs = System.nanoTime();
  private double processorShare;

  MowsLoads(
      Supplier<List<FetchProgress>> fetches,
      Function<FileSpec, FileStatus> statuses,
      DoubleSupplier peakBytesPerSecond) {
    this.fetches = fetches;
    this.statuses = statuses;
    this.peakBytesPerSecond = peakBytesPerSecond;
  }

  /** Looks at all of it once, so that what is asked next is of one moment. */
  MowsLoads look() {
    now = fetches.get();
    long nowNs = System.nanoTime();
    long usedNs = system.getProcessCpuTime();
    double elapsedNs = Math.max(1, nowNs - lookedNs);
    processorShare = (usedNs - processorNs) / elapsedNs / system.getAvailableProcessors();
    processorNs = usedNs;
    lookedNs = nowNs;
    return this;
  }

  @Override
  public FileStatus status(FileSpec file) {
    return statuses.apply(file);
  }

  @Override
  public double processorShare() {
    return processorShare;
  }

  @Override
  public double linkBytesPerSecond() {
    return linkBytesPerSecond;
  }

  @Override
  public boolean originWaits(String model) {
    return any(model, fetch -> fetch.originWait().isPresent());
  }

  @Override
  public boolean readerWaits(String model) {
    return any(model, fetch -> fetch.waiters().readers() > 0);
  }

  @Override
  public boolean loadWaits(String model) {
    return any(model, fetch -> fetch.waiters().loads() > 0);
  }

  @Override
  public double peakBytesPerSecond() {
    return peakBytesPerSecond.getAsDouble();
  }

  private boolean any(String model, Predicate<FetchProgress> holds) {
    return now.stream()
        .anyMatch(fetch -> LoadTracker.modelOf(fetch.file()).equals(model) && holds.test(fetch));
  }
}
