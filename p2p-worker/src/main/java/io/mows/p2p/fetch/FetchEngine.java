// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.fetch.BlockSpace.NoSpaceException;
import io.mows.p2p.swarm.Backoff;
import io.mows.p2p.swarm.FetchSchedule;
import io.mows.p2p.swarm.FilePlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings files into the cache and reads them, while they are arriving and after. Thread-safe.
 *
 * <p>All bookkeeping is done by one thread, {@code mows-fetch}, which never blocks; what may block
 * is done by the source's threads and by the two {@code mows-store} threads. Readers copy bytes on
 * their own thread.
 */
public final class FetchEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FetchEngine.class);
  private static final int STORE_THREADS = 2;
  private static final long SWEEP_MS = 500;
  private static final long SHUTDOWN_MS = 10_000;

  private final Settings settings;
  private final PieceSource source;
  private final BlockSpace space;
  private final FetchEvents events;
  private final LongSupplier nanoClock;
  private final FetchSchedule schedule;
  private final UncachedPieces uncachedPieces;
  private final FileReading reading;
  private final Map<Long, FileFetch> fetches = new ConcurrentHashMap<>();
  private final Map<FilePlan, FileFetch> fetchesByPlan = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor loop;
  private final ExecutorService storeThreads;
  private long timerNs = Long.MAX_VALUE;

  public FetchEngine(
      Settings settings,
      PieceSource source,
      BlockSpace space,
      FetchEvents events,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.source = source;
    this.space = space;
    this.events = events;
    this.nanoClock = nanoClock;
    this.schedule = new FetchSchedule(settings.maxReads);
    this.uncachedPieces = new UncachedPieces(settings.uncachedBytes, settings.pieceBytes);
    this.reading = new FileReading(this, settings.readTimeoutMs);
    this.loop = new ScheduledThreadPoolExecutor(1, threads("mows-fetch"));
    this.loop.setRemoveOnCancelPolicy(true);
    this.loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.storeThreads = Executors.newFixedThreadPool(STORE_THREADS, threads("mows-store"));
    this.loop.scheduleWithFixedDelay(
        () -> run(this::sweep), SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS);
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Reads the bytes of {@code file} from {@code position} on into {@code dst}, until it is full or
   * the file ends, waiting for those that are not here yet.
   *
   * @return how many bytes were read; -1 if {@code position} is at or behind the end
   * @throws IOException if they cannot be had; {@link io.mows.channel.TransferException} if that is
   *     the origin's doing
   */
  public int read(FileSpec file, long position, ByteBuffer dst) throws IOException {
    return reading.read(file, position, dst);
  }

  /**
   * Brings the blocks that overlap {@code length} bytes from {@code offset} on into the cache.
   *
   * @return ends when all are committed; fails with {@link NoSpaceException} if they do not fit, or
   *     with what the origin said
   */
  public CompletableFuture<Void> load(FileSpec file, long offset, long length) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    if (length <= 0) {
      result.complete(null);
      return result;
    }
    List<Integer> blocks = new ArrayList<>();
    for (int b = file.layout().blockAt(offset);
        b <= file.layout().blockAt(offset + length - 1);
        b++) {
      blocks.add(b);
    }
    run(() -> fetch(file).load(new BlockLoad(blocks, result)));
    return result;
  }

  /**
   * Starts bringing all of {@code files} into the cache, in this order, behind what readers wait
   * for.
   *
   * @param budgetBytes how far ahead of its reader one file may be read
   */
  public void readAhead(List<FileSpec> files, long budgetBytes) {
    run(() -> files.forEach(file -> fetch(file).readAhead(budgetBytes)));
  }

  /** The block store has removed this block, whatever for. Returns at once. */
  public void onBlockRemoved(long blockId) {
    if (fetches.isEmpty()) {
      return;
    }
    run(
        () -> {
          for (FileFetch fetch : fetches.values()) {
            int block = fetch.file().blockOf(blockId);
            if (block >= 0) {
              fetch.blockGone(block);
            }
          }
        });
  }

  /** The files that are being fetched now. */
  public List<FetchProgress> progress() {
    List<FetchProgress> all = new ArrayList<>();
    fetches
        .values()
        .forEach(fetch -> all.add(new FetchProgress(fetch.file(), fetch.pieces().count())));
    return all;
  }

  /** The fetch of {@code file}, a new one if there is none. For the engine's thread. */
  FileFetch fetch(FileSpec file) {
    FileFetch present = fetches.get(file.fileId());
    if (present != null) {
      return present;
    }
    FilePlan plan = new FilePlan(file.layout(), settings.backoff);
    FileFetch fresh = new FileFetch(file, plan, this);
    fresh.start();
    schedule.add(plan);
    fetchesByPlan.put(plan, fresh);
    fetches.put(file.fileId(), fresh);
    return fresh;
  }

  /** Any thread: the fetch of {@code file} if there is one. */
  Optional<FileFetch> current(FileSpec file) {
    return Optional.ofNullable(fetches.get(file.fileId()));
  }

  /** Runs {@code task} on the engine's thread, then starts whatever can be started. */
  void run(Runnable task) {
    loop.execute(
        () -> {
          try {
            task.run();
            pump();
          } catch (RuntimeException | Error e) {
            LOG.error("A step of the fetch engine failed; its readers will time out", e);
            throw e;
          }
        });
  }

  private void pump() {
    // A step may make another one possible: a block that is complete frees a reader, and so on.
    new ArrayList<>(fetches.values()).forEach(FileFetch::advance);
    Optional<FetchSchedule.Start> start = schedule.next(nowNs());
    while (start.isPresent()) {
      FetchSchedule.Start read = start.get();
      fetchesByPlan.get(read.plan()).begin(read.piece(), read.evenUncached());
      start = schedule.next(nowNs());
    }
    schedule.nextPauseEndNs().ifPresent(this::wakeAt);
  }

  private void wakeAt(long timeNs) {
    long now = nowNs();
    if (timerNs > now && timerNs <= timeNs) {
      return;
    }
    timerNs = timeNs;
    loop.schedule(() -> run(() -> {}), Math.max(0, timeNs - now), TimeUnit.NANOSECONDS);
  }

  private void sweep() {
    long now = nowNs();
    Iterator<FileFetch> all = fetches.values().iterator();
    while (all.hasNext()) {
      FileFetch fetch = all.next();
      if (fetch.isOver(now, settings.lingerNs)) {
        all.remove();
        retire(fetch);
      }
    }
  }

  private void retire(FileFetch fetch) {
    schedule.remove(fetch.plan());
    fetchesByPlan.remove(fetch.plan());
    fetch.retire();
  }

  /** Does {@code call} on a store thread and hands its outcome to the engine's thread. */
  <T> void callStore(Callable<T> call, BiConsumer<T, Throwable> then) {
    try {
      storeThreads.execute(
          () -> {
            T result;
            try {
              result = call.call();
            } catch (Exception | Error e) {
              run(() -> then.accept(null, e));
              return;
            }
            run(() -> then.accept(result, null));
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("The engine is closing", e);
    }
  }

  void blockRefused(FileSpec file, int block, Throwable failure) {
    events.blockRefused();
    LOG.warn(
        "No room for block {} of {}: {}. It is read without being cached; give the worker more"
            + " memory (alluxio.worker.ramdisk.size) or unpin something.",
        file.blockId(block),
        file,
        failure.getMessage());
  }

  NoSpaceException noSpace(FileSpec file, int block) {
    return new NoSpaceException(
        "No room for block "
            + file.blockId(block)
            + " of "
            + file
            + ": the worker's memory is full of pinned or busy data. Give it more memory"
            + " (alluxio.worker.ramdisk.size) or unpin something.",
        null);
  }

  void commitFailed(FileSpec file, int block, Throwable failure) {
    LOG.warn("Block {} of {} could not be committed", file.blockId(block), file, failure);
  }

  long nowNs() {
    return nanoClock.getAsLong();
  }

  PieceSource source() {
    return source;
  }

  BlockSpace space() {
    return space;
  }

  FetchEvents events() {
    return events;
  }

  FetchSchedule schedule() {
    return schedule;
  }

  UncachedPieces uncachedPieces() {
    return uncachedPieces;
  }

  /**
   * Ends all transfers, tells the readers that still wait, gives back every block that is not
   * complete, and ends the threads.
   */
  @Override
  public void close() {
    source.close();
    CompletableFuture<Void> retired = new CompletableFuture<>();
    loop.execute(
        () -> {
          fetches.values().forEach(this::retire);
          fetches.clear();
          retired.complete(null);
        });
    retired.orTimeout(SHUTDOWN_MS, TimeUnit.MILLISECONDS).exceptionally(e -> null).join();
    shutDown(storeThreads, "mows-store");
    shutDown(loop, "mows-fetch");
  }

  private static void shutDown(ExecutorService threads, String name) {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(SHUTDOWN_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("The {} threads did not end within {} ms", name, SHUTDOWN_MS);
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** How the engine works. Immutable. */
  public static final class Settings {
    private final int maxReads;
    private final int pieceBytes;
    private final long uncachedBytes;
    private final long readTimeoutMs;
    private final long lingerNs;
    private final Backoff backoff;

    /**
     * @param maxReads reads from the source in flight at most
     * @param pieceBytes the piece size of all files
     * @param uncachedBytes memory for pieces that do not fit into the cache
     * @param readTimeoutMs how long a reader waits for one piece before it is told to give up
     * @param lingerMs how long an unfinished block that nobody wants any more is kept
     * @param backoff when failed reads are tried again
     */
    public Settings(
        int maxReads,
        int pieceBytes,
        long uncachedBytes,
        long readTimeoutMs,
        long lingerMs,
        Backoff backoff) {
      this.maxReads = maxReads;
      this.pieceBytes = pieceBytes;
      this.uncachedBytes = uncachedBytes;
      this.readTimeoutMs = readTimeoutMs;
      this.lingerNs = TimeUnit.MILLISECONDS.toNanos(lingerMs);
      this.backoff = backoff;
    }
  }
}
