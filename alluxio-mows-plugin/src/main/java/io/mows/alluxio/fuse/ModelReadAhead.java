// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.block.FileCatalog;
import io.mows.p2p.fetch.FetchEngine;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever opens one file of a model will want the others: the first open starts fetching the whole
 * directory, in the order of the names, as far as it fits into memory. Thread-safe.
 */
final class ModelReadAhead implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelReadAhead.class);

  /** What makes a directory a model's. */
  private static final Set<String> WEIGHTS =
      Set.of("safetensors", "bin", "gguf", "ggml", "pt", "pth", "onnx", "npz", "h5");

  /** Reading ahead must not evict what has been read ahead. */
  private static final int BUDGET_PERCENT = 90;

  private static final Duration FORGET = Duration.ofSeconds(30);

  /** What the reader wants first is under way by then, and has the link to itself. */
  private static final long DELAY_MS = 20;

  private final FileSystem fileSystem;
  private final FileCatalog catalog;
  private final FetchEngine engine;
  private final LongSupplier capacityBytes;
  private final Consumer<String> modelUsed;
  private final Cache<String, Boolean> seen =
      CacheBuilder.newBuilder().expireAfterWrite(FORGET).maximumSize(10_000).build();
  private final ScheduledExecutorService thread;

  /**
   * @param capacityBytes how much the worker's memory holds
   * @param modelUsed told of each directory of weights that readers begin to read
   */
  ModelReadAhead(
      FileSystem fileSystem,
      FileCatalog catalog,
      FetchEngine engine,
      LongSupplier capacityBytes,
      Consumer<String> modelUsed) {
    this.fileSystem = fileSystem;
    this.catalog = catalog;
    this.engine = engine;
    this.capacityBytes = capacityBytes;
    this.modelUsed = modelUsed;
    this.thread = Executors.newSingleThreadScheduledExecutor(NamedThreads.one("mows-read-ahead"));
  }

  /** {@code file} has been opened for reading. Returns at once. */
  void opened(FileSpec file) {
    engine.anticipate(file);
    try {
      thread.schedule(() -> readAhead(file), DELAY_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The mount is closing", e);
    }
  }

  private void readAhead(FileSpec opened) {
    long budget = capacityBytes.getAsLong() * BUDGET_PERCENT / 100;
    engine.readAhead(List.of(opened), budget);
    AlluxioURI directory = new AlluxioURI(opened.path()).getParent();
    if (directory == null || seen.asMap().putIfAbsent(directory.getPath(), true) != null) {
      return;
    }
    try {
      List<URIStatus> statuses = new ArrayList<>(fileSystem.listStatus(directory));
      if (statuses.stream().noneMatch(file -> !file.isFolder() && isWeights(file.getName()))) {
        return;
      }
      modelUsed.accept(directory.getPath());
      List<FileSpec> model = fitting(statuses, budget);
      LOG.info("Fetching {} files of the model {}", model.size(), directory);
      engine.readAhead(model, budget);
    } catch (IOException | AlluxioException | RuntimeException e) {
      LOG.warn("The model directory {} could not be read ahead: {}", directory, e.toString());
    }
  }

  private List<FileSpec> fitting(List<URIStatus> statuses, long budgetBytes) {
    statuses.sort(Comparator.comparing(URIStatus::getName));
    List<FileSpec> model = new ArrayList<>();
    long sum = 0;
    for (URIStatus status : statuses) {
      sum += status.getLength();
      if (sum > budgetBytes) {
        break;
      }
      catalog.of(status.getFileInfo()).ifPresent(model::add);
    }
    return model;
  }

  static boolean isWeights(String name) {
    int dot = name.lastIndexOf('.');
    return dot >= 0 && WEIGHTS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  @Override
  public void close() {
    NamedThreads.stop(thread, "mows-read-ahead");
  }
}
