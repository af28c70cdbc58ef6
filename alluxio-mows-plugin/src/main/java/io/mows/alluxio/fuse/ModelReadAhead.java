// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.client.file.FileSystem;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.block.ModelMemory;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.engine.FetchEngine;
import io.mows.p2p.thread.NamedThreads;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what the readers of a mount are going to read: what {@link
 * io.mows.alluxio.model.ModelPlanner} concludes from what they open, or what they say themselves.
 * Stops when they go away. Thread-safe; no method waits for anything.
 *
 * <p>All decisions are made on one thread, {@code mows-read-ahead}; directories are listed and
 * indexes read on {@code mows-read-ahead-ask}.
 */
final class ModelReadAhead implements WantedFiles, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelReadAhead.class);

  /** What the reader wants first is under way by then, and has the link to itself. */
  private static final long DELAY_MS = 20;

  private static final long STEP_MS = 200;

  /** One model whose origin does not answer must not keep others waiting. */
  private static final int ASK_THREADS = 4;

  private final FetchEngine engine;
  private final FileUses uses = new FileUses();
  private final ActiveModels models;
  private final LongSupplier nanoClock;
  private final ScheduledExecutorService thread;
  private final ExecutorService asking;

  /**
   * @param modelUsed told of each directory of weights that readers begin to read
   */
  ModelReadAhead(
      FileSystem fileSystem,
      FileCatalog catalog,
      FetchEngine engine,
      ModelMemory memory,
      Consumer<String> modelUsed,
      LongSupplier nanoClock) {
    this.engine = engine;
    this.nanoClock = nanoClock;
    this.thread = Executors.newSingleThreadScheduledExecutor(NamedThreads.one("mows-read-ahead"));
    this.asking =
        Executors.newFixedThreadPool(ASK_THREADS, NamedThreads.many("mows-read-ahead-ask"));
    this.models =
        new ActiveModels(
            root -> new ModelScout(fileSystem, catalog, engine, root),
            engine,
            new MemoryRoom(memory, uses),
            modelUsed,
            task -> run(asking, task),
            task -> run(thread, task));
    thread.scheduleWithFixedDelay(
        () -> safely(() -> models.step(nanoClock.getAsLong())),
        STEP_MS,
        STEP_MS,
        TimeUnit.MILLISECONDS);
  }

  /** {@code file} has been opened for reading. */
  void opened(FileSpec file) {
    uses.opened(file.fileId(), nanoClock.getAsLong());
    engine.anticipate(file);
    try {
      thread.schedule(
          () -> safely(() -> models.opened(file, nanoClock.getAsLong())),
          DELAY_MS,
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The mount is closing", e);
    }
  }

  /** One of those who have opened {@code file} has closed it. */
  void closed(FileSpec file) {
    uses.closed(file.fileId(), nanoClock.getAsLong());
  }

  @Override
  public Wants want(String directory) {
    ActiveModel model = new ActiveModel(directory, false, nanoClock.getAsLong());
    run(thread, () -> models.want(model));
    return new WantList(model);
  }

  private static void run(ExecutorService executor, Runnable task) {
    try {
      executor.execute(() -> safely(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("The mount is closing", e);
    }
  }

  /** An error that is thrown here would be the last one heard of. */
  private static void safely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A step of read-ahead failed; it goes on with the next one", e);
    }
  }

  @Override
  public void close() {
    NamedThreads.stop(thread, "mows-read-ahead");
    NamedThreads.stop(asking, "mows-read-ahead-ask");
  }

  private final class WantList implements Wants {
    private final ActiveModel model;

    private WantList(ActiveModel model) {
      this.model = model;
    }

    @Override
    public void add(List<FileSpec> files) {
      List<FileSpec> more = List.copyOf(files);
      run(thread, () -> models.add(model, more, nanoClock.getAsLong()));
    }

    @Override
    public void close() {
      run(thread, () -> models.end(model));
    }
  }
}
