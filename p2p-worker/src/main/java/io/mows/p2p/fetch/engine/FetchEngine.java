// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.ChannelStats;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FetchProgress;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.fetch.Origin;
import io.mows.p2p.fetch.core.FetchCore;
import io.mows.p2p.fetch.core.FetchInput;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.io.EnginePorts;
import io.mows.p2p.fetch.io.FetchLoop;
import io.mows.p2p.fetch.io.SwarmPort;
import io.mows.p2p.fetch.read.FileReading;
import io.mows.p2p.fetch.read.LoadGate;
import io.mows.p2p.fetch.read.ReadContext;
import io.mows.p2p.fetch.read.Verification;
import io.mows.p2p.fetch.table.BlockLoad;
import io.mows.p2p.peer.Peering;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Brings files into the cache and reads them, while they are arriving and after. Thread-safe.
 *
 * <p>What happens is handed to one thread, {@code mows-fetch}, which never blocks: it is an event
 * for {@link FetchCore}. What that wants done is carried out by {@link EnginePorts}, on the
 * origin's threads and the {@code mows-store} threads where it may block. Readers copy bytes on
 * their own thread.
 */
public final class FetchEngine implements AutoCloseable {
  private static final long SWEEP_MS = 500;
  private static final long SCRUB_MS = 250;

  private final Origin source;
  private final LongSupplier nanoClock;
  private final FetchLoop loop;
  private final EngineParts parts;
  private final FileReading files;
  private final Verification verification;
  private final FetchCore core;
  private volatile boolean closing;

  private FetchEngine(
      FetchSettings settings,
      Origin source,
      LocalStore space,
      FetchMetrics metrics,
      LongSupplier nanoClock,
      Optional<Peering> peering)
      throws IOException {
    this.source = source;
    this.nanoClock = nanoClock;
    this.loop = new FetchLoop(NamedThreads.one("mows-fetch"), this::tick, this::decide, nanoClock);
    this.parts =
        new EngineParts(
            settings, source, space, metrics, nanoClock, this::post, this::hand, peering);
    this.files = new FileReading(parts.reading(), settings.readTimeoutMs());
    this.verification = new Verification(parts.reading(), files);
    OptionalLong self =
        peering.isEmpty() ? OptionalLong.empty() : OptionalLong.of(peering.get().self().idHash());
    this.core = new FetchCore(settings, self, parts.effects(), metrics, nowNs());
    parts.peers().ifPresent(port -> port.tell(core));
    loop.every(SWEEP_MS, this::sweep);
    loop.every(SCRUB_MS, () -> core.at(nowNs()).scrub());
    loop.start();
  }

  /** An engine that reads from the origin only. */
  public static FetchEngine alone(
      FetchSettings settings,
      Origin source,
      LocalStore space,
      FetchMetrics metrics,
      LongSupplier nanoClock) {
    try {
      return new FetchEngine(settings, source, space, metrics, nanoClock, Optional.empty());
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
      Origin source,
      LocalStore space,
      FetchMetrics metrics,
      LongSupplier nanoClock,
      Peering peering)
      throws IOException {
    return new FetchEngine(settings, source, space, metrics, nanoClock, Optional.of(peering));
  }

  /**
   * Accepts peers from now on.
   *
   * @throws IOException if the address cannot be bound; the message names the remedy. The engine
   *     works without, but gives nothing to others that they do not ask for on its connections.
   */
  public void listen() throws IOException {
    if (parts.peers().isPresent()) {
      parts.peers().get().listen();
    }
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
    files.anticipate(file);
  }

  /**
   * Brings the blocks that overlap {@code length} bytes from {@code offset} on into the cache. What
   * lies behind the end of the file is left out.
   *
   * @return ends when all are committed; fails with {@link NoSpaceException} if they do not fit, or
   *     with what the origin said
   */
  public CompletableFuture<Void> load(FileSpec file, long offset, long length) {
    List<Integer> blocks = BlockLoad.overlapping(file.layout(), offset, length);
    return blocks.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : parts.loads().begin(load -> in -> in.load(load, file, blocks));
  }

  /** A reader streams {@code block}: what it lacks comes too, if it has room. Returns at once. */
  public void stream(FileSpec file, int block) {
    post(in -> in.streamRest(file, block));
  }

  /**
   * Starts bringing all of {@code files} into the cache, in this order, behind what readers wait
   * for.
   *
   * @param budgetBytes how far ahead of its reader one file may be read
   */
  public void readAhead(List<FileSpec> ahead, long budgetBytes) {
    post(in -> in.readAhead(ahead, budgetBytes));
  }

  /** Undoes {@link #readAhead}: nobody reads these files any more. Returns at once. */
  public void endReadAhead(List<FileSpec> ahead) {
    post(in -> in.endReadAhead(ahead));
  }

  /** The cache has this block from before, or from somebody else. Returns at once. */
  public void found(FileSpec file, int block) {
    post(in -> in.blockFound(file, block));
  }

  /** The block store has removed this block, whatever for. Returns at once. */
  public void onBlockRemoved(long blockId) {
    post(in -> in.blockEvicted(blockId));
  }

  /** What the data channel did until now; empty if nothing is shared. */
  public Optional<ChannelStats> channelStats() {
    return parts.peers().map(SwarmPort::stats);
  }

  /** The files that are being fetched now. */
  public List<FetchProgress> progress() {
    return parts.reading().views().all().stream()
        .map(
            view ->
                new FetchProgress(
                    view.file(),
                    view.count(),
                    Optional.ofNullable(parts.reading().views().originWait(view.file())),
                    view.waiters()))
        .collect(Collectors.toList());
  }

  /** What may be shown to readers. */
  public Verification verification() {
    return verification;
  }

  /** What those need who read beside the engine's thread. */
  ReadContext readContext() {
    return parts.reading();
  }

  /** What is told of loads. */
  LoadGate loads() {
    return parts.loads();
  }

  /** What is decided; for the engine's thread. */
  FetchCore core() {
    return core;
  }

  /** Hands over what has happened, as {@link Mailbox#post}. */
  boolean post(Consumer<FetchInput> event) {
    return hand(() -> event.accept(core));
  }

  /** As {@link #post}, of what is a task of the engine's thread already. */
  private boolean hand(Runnable task) {
    EngineParts made = parts; // Null as long as they are being made.
    boolean isUrgent = made == null || made.reading().gate().isAnyWaiting();
    return isUrgent ? loop.run(task) : loop.runSoon(task);
  }

  /** As {@link LoadGate#begin}. */
  CompletableFuture<Void> beginLoad(LongFunction<Consumer<FetchInput>> event) {
    return parts.loads().begin(event);
  }

  /** Steps that ended with an exception: bugs, each of them. */
  int failedSteps() {
    return loop.failedSteps();
  }

  /** What happens next, happens now. */
  private void tick() {
    core.at(nowNs());
  }

  private OptionalLong decide() {
    return closing ? OptionalLong.empty() : core.decide();
  }

  /** For the engine's thread: what is done now and then. */
  void sweep() {
    core.at(nowNs());
    parts.takeHeard().forEach(core::originHeard);
    core.sweep();
    parts.peers().ifPresent(SwarmPort::sweep);
  }

  private long nowNs() {
    return nanoClock.getAsLong();
  }

  /**
   * Ends all transfers, tells the readers that still wait, gives back every block that is not
   * complete, and ends the threads.
   */
  @Override
  public void close() {
    closing = true;
    parts.peers().ifPresent(SwarmPort::close);
    source.close();
    CompletableFuture<Void> retired = new CompletableFuture<>();
    if (!post(in -> end(in, retired))) {
      return;
    }
    retired
        .orTimeout(NamedThreads.SHUTDOWN_MS, TimeUnit.MILLISECONDS)
        .exceptionally(e -> null)
        .join();
    // What the store has still to say is heard before the engine's thread ends.
    parts.shutDown();
    loop.shutDown();
  }

  private void end(FetchInput in, CompletableFuture<Void> retired) {
    loop.stopTimer();
    in.closing();
    retired.complete(null);
  }
}
