// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.fetch.read.FileView;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.state.StoreHealth;
import io.mows.p2p.fetch.table.FileProof;
import io.mows.p2p.peer.Peering;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.plan.Backoff;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** A fetch engine between fakes. Closing it checks that nothing is left over. */
final class TestWorker implements AutoCloseable {
  static final int PIECE_BYTES = 1_024;
  private static final long LINGER_MS = 60_000;

  /** The pauses of tests: 1 and 2 ms, three attempts. */
  static final Backoff QUICK = new Backoff(1_000_000, 2_000_000, 3);

  final FakeSource source = new FakeSource();
  final RecordingEvents events = new RecordingEvents();
  final FakeSpace space;
  final FetchEngine engine;
  private final AtomicLong skewNs = new AtomicLong();
  private final ExecutorService readers = Executors.newCachedThreadPool();
  private final boolean shared;
  private boolean closed;

  TestWorker(Path directory) {
    this(directory, settings(8, 16, 10_000));
  }

  TestWorker(Path directory, FetchSettings settings) {
    space = new FakeSpace(directory);
    shared = false;
    engine = FetchEngine.alone(settings, source, space, events, this::nowNs);
    space.onRemoved(engine::onBlockRemoved);
  }

  /** A worker that shares with others; see {@link TestSwarm}. */
  TestWorker(Path directory, FetchSettings settings, Peering peering) throws IOException {
    space = new FakeSpace(directory);
    shared = true;
    engine = FetchEngine.shared(settings, source, space, events, this::nowNs, peering);
    space.onRemoved(engine::onBlockRemoved);
  }

  static FetchSettings settings() {
    return settings(8, 16, 10_000);
  }

  static FetchSettings settings(int maxReads, int uncachedPieces, long readTimeoutMs) {
    return new FetchSettings(
        maxReads,
        PIECE_BYTES,
        (long) uncachedPieces * PIECE_BYTES,
        readTimeoutMs,
        LINGER_MS,
        QUICK);
  }

  /** Version 1 of a file with pieces of {@link #PIECE_BYTES}. */
  FileSpec file(long id, long lengthBytes, long blockBytes) {
    return file(id, 1, new FileLayout(lengthBytes, blockBytes, PIECE_BYTES));
  }

  FileSpec file(long id, int version, FileLayout layout) {
    List<Long> blockIds = new ArrayList<>();
    for (int block = 0; block < layout.blockCount(); block++) {
      blockIds.add(id << 20 | block);
    }
    OriginRef origin = new OriginRef(1, "origin/model/" + id, "v" + version, 0);
    FileSpec file = new FileSpec(id, "/model/" + id, layout, blockIds, origin);
    space.know(file);
    return file;
  }

  /** The engine knows from somebody that version 1 of {@code file} is right. */
  void prove(FileSpec file, FakeManifests manifests) {
    FileLayout layout = file.layout();
    int[] crcs = new int[layout.pieceCount()];
    for (int piece = 0; piece < crcs.length; piece++) {
      CRC32 crc = new CRC32();
      crc.update(
          new Content(file.fileId(), 1)
              .bytes(layout.pieceOffset(piece), layout.pieceLength(piece)));
      crcs[piece] = (int) crc.getValue();
    }
    engine.post(
        in -> {
          FileProof proof = state().proofs().of(file);
          proof.expect(manifests.expected(file).join());
          proof.adopt(new PieceDigest(layout.lengthBytes(), layout.pieceBytes(), crcs));
        });
    settle();
  }

  /** What the engine knows; for its thread. */
  private FetchState state() {
    return engine.core().state();
  }

  /** For the engine's thread: whether a reader waits for this piece. */
  boolean isAwaited(FileSpec file, int piece) {
    return engine
        .core()
        .fetches()
        .get(file.fileId())
        .map(fetch -> fetch.plan().wants().isAwaited(piece))
        .orElse(false);
  }

  /** What readers see of a file that is being fetched. */
  FileView view(FileSpec file) {
    return engine.readContext().views().of(file);
  }

  private long nowNs() {
    return System.nanoTime() + skewNs.get();
  }

  /** Time passes for the engine. */
  void pass(long duration, TimeUnit unit) {
    skewNs.addAndGet(unit.toNanos(duration));
    settle();
  }

  /** Everything that was handed to the engine's thread until now has been done. */
  void settle() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    engine.post(in -> done.complete(null));
    await(done);
  }

  /** Time passes until blocks are written again. */
  void awaitWritable() {
    Eventually.until(
        () -> {
          pass(StoreHealth.PAUSE_NS, TimeUnit.NANOSECONDS);
          CompletableFuture<Boolean> writable = new CompletableFuture<>();
          engine.post(in -> writable.complete(!state().storeHealth().isFailing()));
          return await(writable);
        },
        () -> "nothing is written");
  }

  void sweep() {
    engine.post(in -> engine.sweep());
    settle();
  }

  /** Reads and compares every byte with version 1. */
  void read(FileSpec file, long position, int count) {
    ByteBuffer dst = ByteBuffer.allocate(count);
    int got;
    try {
      got = engine.read(file, position, dst);
    } catch (IOException e) {
      throw new AssertionError(file + " at " + position, e);
    }
    long left = Math.max(0, file.layout().lengthBytes() - position);
    assertEquals(left == 0 ? -1 : Math.min(left, count), got, "bytes read at " + position);
    check(file, 1, position, dst.flip());
  }

  static void check(FileSpec file, int version, long position, ByteBuffer bytes) {
    int wrong = new Content(file.fileId(), version).firstWrong(position, bytes);
    if (wrong >= 0) {
      fail(
          "Wrong byte at "
              + (position + wrong)
              + " of "
              + file
              + " in a read of "
              + bytes.remaining()
              + " bytes at "
              + position);
    }
  }

  void readAll(FileSpec file) {
    read(file, 0, (int) file.layout().lengthBytes());
  }

  /** A read on a thread of its own. */
  CompletableFuture<Void> reading(FileSpec file, long position, int count) {
    return CompletableFuture.runAsync(() -> read(file, position, count), readers);
  }

  CompletableFuture<Void> running(Runnable task) {
    return CompletableFuture.runAsync(task, readers);
  }

  /** Waits until that many readers have been told to wait for a piece. */
  void awaitWaiting(FileSpec file, int piece) {
    Eventually.until(
        () -> {
          CompletableFuture<Boolean> awaited = new CompletableFuture<>();
          engine.post(in -> awaited.complete(isAwaited(file, piece)));
          return await(awaited);
        },
        () -> "nobody waits for piece " + piece);
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(Eventually.DEADLINE_S, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no result", e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  static void awaitAll(List<CompletableFuture<Void>> futures) {
    futures.forEach(TestWorker::await);
  }

  /** What {@code future} failed with. */
  static Throwable failureOf(CompletableFuture<?> future) {
    try {
      future.get(Eventually.DEADLINE_S, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no result", e);
    } catch (ExecutionException e) {
      return e.getCause();
    }
    throw new AssertionError("it should have failed");
  }

  /** What a read fails with. */
  Throwable failureOfRead(FileSpec file, long position, int count) {
    try {
      engine.read(file, position, ByteBuffer.allocate(count));
    } catch (IOException e) {
      return e;
    }
    throw new AssertionError("the read should have failed");
  }

  /** When nobody wants anything any more, everything is given back without closing the engine. */
  void awaitNothingLeft() {
    Eventually.until(
        () -> {
          pass(2 * LINGER_MS, TimeUnit.MILLISECONDS);
          sweep();
          // A read that was given up keeps its piece until its source lets go of it.
          return engine.progress().isEmpty()
              && space.complaints().isEmpty()
              && uncachedPieces() == 0;
        },
        () ->
            "fetches "
                + engine.progress().stream()
                    .map(progress -> progress.file().toString())
                    .collect(Collectors.toList())
                + ", space "
                + space.complaints()
                + ", uncached pieces "
                + uncachedPieces()
                + ", reads in flight "
                + source.inFlight());
  }

  private int uncachedPieces() {
    CompletableFuture<Integer> pieces = new CompletableFuture<>();
    engine.post(in -> pieces.complete(state().uncached().size()));
    return await(pieces);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    readers.shutdown();
    space.closing();
    engine.close();
    // Readers of committed blocks do not need the engine; they may just be ending.
    Eventually.until(() -> space.complaints().isEmpty(), () -> "left over: " + space.complaints());
    assertEquals(0, engine.failedSteps(), "steps of the engine that failed");
    if (!shared) {
      Eventually.until(() -> engineThreads().isEmpty(), () -> "threads " + engineThreads());
    }
  }

  static List<String> engineThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("mows-"))
        .collect(Collectors.toList());
  }
}
