// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.BlockSpace.NoSpaceException;
import io.mows.p2p.piece.FileLayout;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings files into the cache and reads them, while they are arriving and after. Thread-safe.
 *
 * <p>All bookkeeping is done by one thread, {@code mows-fetch}, which never blocks; what may block
 * is done by the source's threads and by the {@code mows-store} threads. Readers copy bytes on
 * their own thread.
 */
public final class FetchEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FetchEngine.class);
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
  private final StoreThreads storeThreads;
  private final AtomicInteger failedSteps = new AtomicInteger();
  private long timerNs;
  private ScheduledFuture<?> timer;
  private volatile boolean closing;

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
    this.storeThreads = new StoreThreads(threads("mows-store"), this::run);
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
   * @throws IOException if they cannot be had; {@link TransferException} if that is the origin's
   *     doing or the engine is closed
   */
  public int read(FileSpec file, long position, ByteBuffer dst) throws IOException {
    return reading.read(file, position, dst);
  }

  /** {@code file} has just been opened: its reader will want the first piece. Returns at once. */
  public void anticipate(FileSpec file) {
    reading.anticipate(file);
  }

  /**
   * Brings the blocks that overlap {@code length} bytes from {@code offset} on into the cache. What
   * lies behind the end of the file is left out.
   *
   * @return ends when all are committed; fails with {@link NoSpaceException} if they do not fit, or
   *     with what the origin said
   */
  public CompletableFuture<Void> load(FileSpec file, long offset, long length) {
    FileLayout layout = file.layout();
    if (offset < 0) {
      throw new IllegalArgumentException("Offset " + offset + " of " + file);
    }
    CompletableFuture<Void> result = new CompletableFuture<>();
    long end = offset + Math.min(length, layout.lengthBytes() - offset);
    if (end <= offset) {
      result.complete(null);
      return result;
    }
    List<Integer> blocks = new ArrayList<>();
    for (int b = layout.blockAt(offset); b <= layout.blockAt(end - 1); b++) {
      blocks.add(b);
    }
    if (!run(() -> load(file, new BlockLoad(blocks, result)))) {
      result.completeExceptionally(closed());
    }
    return result;
  }

  private void load(FileSpec file, BlockLoad load) {
    try {
      fetch(file).load(load);
    } catch (IOException | RuntimeException e) {
      load.fail(e);
    }
  }

  /**
   * Starts bringing all of {@code files} into the cache, in this order, behind what readers wait
   * for.
   *
   * @param budgetBytes how far ahead of its reader one file may be read
   */
  public void readAhead(List<FileSpec> files, long budgetBytes) {
    run(() -> files.forEach(file -> readAhead(file, budgetBytes)));
  }

  private void readAhead(FileSpec file, long budgetBytes) {
    try {
      fetch(file).readAhead(budgetBytes);
    } catch (IOException e) {
      LOG.debug("No read-ahead of {}", file, e);
    }
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
  FileFetch fetch(FileSpec file) throws IOException {
    if (closing) {
      throw closed();
    }
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

  /**
   * Runs {@code task} on the engine's thread, then starts whatever can be started.
   *
   * @return false if the engine is closed and the task will not run
   */
  boolean run(Runnable task) {
    try {
      loop.execute(() -> step(task));
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("The engine is closed", e);
      return false;
    }
  }

  private void step(Runnable task) {
    try {
      task.run();
      if (!closing) {
        pump();
      }
    } catch (RuntimeException | Error e) {
      failedSteps.incrementAndGet();
      LOG.error("A step of the fetch engine failed; its readers will time out", e);
      throw e;
    }
  }

  /** Steps that ended with an exception: bugs, each of them. */
  int failedSteps() {
    return failedSteps.get();
  }

  /**
   * What those are told who come while the engine is closing or after. Not the origin's word, so no
   * TransferException: they may ask stock Alluxio as long as that is there.
   */
  IOException closed() {
    return new IOException("The worker is shutting down");
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
    if (timer != null && !timer.isDone()) {
      if (timerNs - timeNs <= 0) {
        return;
      }
      timer.cancel(false);
    }
    timerNs = timeNs;
    long delayNs = Math.max(0, timeNs - nowNs());
    timer = loop.schedule(() -> run(() -> {}), delayNs, TimeUnit.NANOSECONDS);
  }

  /** Ends the fetches that nothing has been wanted of for a while. */
  void sweep() {
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

  long nowNs() {
    return nanoClock.getAsLong();
  }

  PieceSource source() {
    return source;
  }

  BlockSpace space() {
    return space;
  }

  StoreThreads storeThreads() {
    return storeThreads;
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
    closing = true;
    source.close();
    CompletableFuture<Void> retired = new CompletableFuture<>();
    if (!run(() -> retireAll(retired))) {
      return;
    }
    retired.orTimeout(SHUTDOWN_MS, TimeUnit.MILLISECONDS).exceptionally(e -> null).join();
    // What the store has still to say is heard before the engine's thread ends.
    storeThreads.all().forEach(threads -> shutDown(threads, "mows-store"));
    shutDown(loop, "mows-fetch");
  }

  private void retireAll(CompletableFuture<Void> retired) {
    if (timer != null) {
      timer.cancel(false);
    }
    fetches.values().forEach(this::retire);
    fetches.clear();
    retired.complete(null);
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
