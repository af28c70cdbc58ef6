// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.ChannelStats;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.BlockSpace.NoSpaceException;
import io.mows.p2p.peer.Peering;
import io.mows.p2p.swarm.FilePlan;
import io.mows.p2p.swarm.SwarmNode;
import io.mows.p2p.swarm.SwarmSettings;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Brings files into the cache and reads them, while they are arriving and after. Thread-safe.
 *
 * <p>All bookkeeping is done by one thread, {@code mows-fetch}, which never blocks; what may block
 * is done by the source's threads and by the {@code mows-store} threads. Readers copy bytes on
 * their own thread.
 */
public final class FetchEngine implements AutoCloseable {
  private static final long SWEEP_MS = 500;
  private static final long SCRUB_MS = 250;

  /** 32 MB/s: a hundredth of a core. */
  private static final int SCRUB_BYTES = 8 << 20;

  private final FetchSettings settings;
  private final PieceSource source;
  private final BlockSpace space;
  private final FetchEvents events;
  private final LongSupplier nanoClock;
  private final UncachedPieces uncachedPieces;
  private final FileReading reading;
  private final HeldFiles held;
  private final Proofs proofs;
  private final Scrubber scrubber;
  private final Verification verification;
  private final BlockNews news = new BlockNews(this);
  private final SwarmDriver driver;
  private final Fetches fetches = new Fetches();
  private final EngineLoop loop;
  private final StoreThreads storeThreads;
  private final StoreHealth storeHealth;
  private volatile boolean closing;

  private FetchEngine(
      FetchSettings settings,
      PieceSource source,
      BlockSpace space,
      FetchEvents events,
      LongSupplier nanoClock,
      Optional<Peering> peering)
      throws IOException {
    this.settings = settings;
    this.source = source;
    this.space = space;
    this.events = events;
    this.nanoClock = nanoClock;
    this.uncachedPieces = new UncachedPieces(settings.uncachedBytes, settings.pieceBytes);
    this.reading = new FileReading(this, settings.readTimeoutMs);
    this.loop = new EngineLoop(NamedThreads.one("mows-fetch"), this::pump, nanoClock);
    this.storeThreads = new StoreThreads(NamedThreads.many("mows-store"), this::run);
    this.storeHealth = new StoreHealth(this, settings.pieceBytes);
    SwarmSettings swarm =
        new SwarmSettings.Builder().maxReads(settings.maxReads).settleMs(settings.settleMs).build();
    this.driver = new SwarmDriver(this, swarm, settings.patienceNs, peering);
    this.held = new HeldFiles(driver::changed);
    this.proofs =
        new Proofs(settings.verify, id -> current(id).isPresent() || held.file(id) != null);
    this.verification = new Verification(this, proofs);
    this.scrubber = new Scrubber(this, SCRUB_BYTES, NamedThreads.one("mows-scrub"));
    loop.every(SWEEP_MS, this::sweep);
    loop.every(SCRUB_MS, scrubber::tick);
    loop.start();
  }

  /** An engine that reads from the origin only. */
  public static FetchEngine alone(
      FetchSettings settings,
      PieceSource source,
      BlockSpace space,
      FetchEvents events,
      LongSupplier nanoClock) {
    try {
      return new FetchEngine(settings, source, space, events, nanoClock, Optional.empty());
    } catch (IOException e) {
      throw new AssertionError("There is no data channel that could fail", e);
    }
  }

  /**
   * An engine that shares with other workers as soon as it {@link #listen}s.
   *
   * @throws IOException if the data channel cannot be set up; the message names the remedy
   */
  public static FetchEngine shared(
      FetchSettings settings,
      PieceSource source,
      BlockSpace space,
      FetchEvents events,
      LongSupplier nanoClock,
      Peering peering)
      throws IOException {
    return new FetchEngine(settings, source, space, events, nanoClock, Optional.of(peering));
  }

  /**
   * Accepts peers from now on.
   *
   * @throws IOException if the address cannot be bound; the message names the remedy. The engine
   *     works without, but gives nothing to others that they do not ask for on its connections.
   */
  public void listen() throws IOException {
    driver.listen();
  }

  /**
   * Reads the bytes of {@code file} from {@code position} on into {@code dst}, until it is full or
   * the file ends, waiting for those that are not here yet.
   *
   * @return how many bytes were read; -1 if {@code position} is at or behind the end
   * @throws IOException if they cannot be had; {@link TransferException} if that is the origin's
   *     doing, or if nobody must have bytes of this file that have not been checked
   */
  public int read(FileSpec file, long position, ByteBuffer dst) throws IOException {
    return verification.open(file).read(position, dst);
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
    BlockLoad load = BlockLoad.of(file.layout(), offset, length);
    if (!load.isDone() && !run(() -> load(file, load))) {
      load.fail(closed());
    }
    return load.result();
  }

  private void load(FileSpec file, BlockLoad load) {
    try {
      fetch(file).load(load);
    } catch (IOException | RuntimeException e) {
      load.fail(e);
    }
  }

  /** A reader streams {@code block}: what it lacks comes too, if it has room. Returns at once. */
  public void stream(FileSpec file, int block) {
    run(() -> current(file).ifPresent(fetch -> fetch.load(BlockLoad.restOf(block))));
  }

  /**
   * Starts bringing all of {@code files} into the cache, in this order, behind what readers wait
   * for.
   *
   * @param budgetBytes how far ahead of its reader one file may be read
   */
  public void readAhead(List<FileSpec> files, long budgetBytes) {
    run(() -> files.forEach(file -> FileAhead.begin(this, file, budgetBytes)));
  }

  /** Undoes {@link #readAhead}: nobody reads these files any more. Returns at once. */
  public void endReadAhead(List<FileSpec> files) {
    run(() -> files.forEach(file -> current(file).ifPresent(fetch -> fetch.ahead().end())));
  }

  /** The cache has this block from before, or from somebody else. Returns at once. */
  public void found(FileSpec file, int block) {
    run(() -> news.found(file, block));
  }

  /** The block store has removed this block, whatever for. Returns at once. */
  public void onBlockRemoved(long blockId) {
    run(() -> news.removed(blockId, fetches.all()));
  }

  /** What the data channel did until now; empty if nothing is shared. */
  public Optional<ChannelStats> channelStats() {
    return driver.channelStats();
  }

  /** The files that are being fetched now. */
  public List<FetchProgress> progress() {
    return fetches.all().stream()
        .map(fetch -> fetch.progress(driver.origins()))
        .collect(Collectors.toList());
  }

  /** The fetch of {@code file}, a new one if there is none. For the engine's thread. */
  FileFetch fetch(FileSpec file) throws IOException {
    if (closing) {
      throw closed();
    }
    Optional<FileFetch> present = current(file);
    if (present.isPresent()) {
      return present.get();
    }
    Optional<TransferException> refusal = verification.refusal(file);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    FilePlan plan = new FilePlan(file.layout(), settings.backoff);
    FileFetch fresh = new FileFetch(file, plan, this);
    fresh.start();
    fetches.add(fresh);
    driver.started(fresh);
    driver.changed(file);
    return fresh;
  }

  /** What may be shown to readers. */
  public Verification verification() {
    return verification;
  }

  /** Something has happened to {@code fetch} that its plan does not tell. */
  void touch(FileFetch fetch) {
    fetches.touch(fetch);
  }

  /** Ends a fetch now. For the engine's thread. */
  void drop(FileFetch fetch) {
    if (fetches.remove(fetch)) {
      retire(fetch);
    }
  }

  /** Nothing is being fetched. */
  boolean isIdle() {
    return fetches.all().stream().allMatch(fetch -> fetch.plan().isIdle());
  }

  /** Any thread: the fetch of {@code file} if there is one. */
  Optional<FileFetch> current(FileSpec file) {
    return current(file.fileId());
  }

  /** The file that is being fetched or held under this id; null if there is none. */
  FileSpec file(long fileId) {
    return current(fileId).map(FileFetch::file).orElseGet(() -> held.file(fileId));
  }

  Optional<FileFetch> current(long fileId) {
    return fetches.get(fileId);
  }

  /**
   * Runs {@code task} on the engine's thread, then starts whatever can be started.
   *
   * @return false if the engine is closed and the task will not run
   */
  boolean run(Runnable task) {
    return loop.run(task);
  }

  /** Steps that ended with an exception: bugs, each of them. */
  int failedSteps() {
    return loop.failedSteps();
  }

  /**
   * What those are told who come while the engine is closing or after. Not the origin's word, so no
   * TransferException: they may ask stock Alluxio as long as that is there.
   */
  IOException closed() {
    return new IOException("The worker is shutting down");
  }

  private OptionalLong pump() {
    if (closing) {
      return OptionalLong.empty();
    }
    // A step may make another one possible: a block that is complete frees a reader, and so on.
    fetches.advance(storeHealth.isWorthWaiting(), driver::advanced);
    return storeHealth.poll(driver.pump());
  }

  /** Bytes can be written into the cache again. */
  void roomAgain() {
    fetches.all().forEach(FileFetch::roomAgain);
  }

  /** Ends the fetches that nothing has been wanted of for a while. */
  void sweep() {
    fetches.removeOver(nowNs(), settings.lingerNs).forEach(this::retire);
    driver.sweep();
  }

  FileReading reading() {
    return reading;
  }

  private void retire(FileFetch fetch) {
    fetch.retire();
    driver.ended(fetch);
    driver.changed(fetch.file());
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

  StoreHealth storeHealth() {
    return storeHealth;
  }

  FetchEvents events() {
    return events;
  }

  SwarmDriver driver() {
    return driver;
  }

  SwarmNode node() {
    return driver.node();
  }

  HeldFiles held() {
    return held;
  }

  Proofs proofs() {
    return proofs;
  }

  Scrubber scrubber() {
    return scrubber;
  }

  ManifestSource manifests() {
    return settings.manifests;
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
    driver.close();
    source.close();
    CompletableFuture<Void> retired = new CompletableFuture<>();
    if (!run(() -> retireAll(retired))) {
      return;
    }
    retired
        .orTimeout(NamedThreads.SHUTDOWN_MS, TimeUnit.MILLISECONDS)
        .exceptionally(e -> null)
        .join();
    NamedThreads.shutDown(scrubber.thread(), "mows-scrub");
    // What the store has still to say is heard before the engine's thread ends.
    storeThreads.all().forEach(threads -> NamedThreads.shutDown(threads, "mows-store"));
    loop.shutDown();
  }

  private void retireAll(CompletableFuture<Void> retired) {
    loop.stopTimer();
    fetches.all().forEach(this::drop);
    retired.complete(null);
  }
}
