// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.BlockSpace.BlockLease;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is in memory once more while nothing else is to be done, a bounded number of bytes a
 * second: memory does rot. A rotten block is dropped and fetched again. Learns, too, the CRC32s of
 * blocks from before the worker started. Decides on the engine's thread, reads on one of its own.
 */
final class Scrubber {
  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
  private static final int CHUNK_BYTES = 256 << 10;

  /** Little memory is not read over and over. */
  static final long ROUND_NS = TimeUnit.MINUTES.toNanos(1);

  private final FetchEngine engine;
  private final int bytesPerTick;
  private final ExecutorService thread;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
  private final Deque<Job> soon = new ArrayDeque<>();
  private final Deque<Job> round = new ArrayDeque<>();
  private long roundNs;
  private long roundVersion;
  private int running;

  /**
   * @param bytesPerTick how much is read from one {@link #tick} to the next, a piece at least
   */
  Scrubber(FetchEngine engine, int bytesPerTick, ThreadFactory threads) {
    this.engine = engine;
    this.bytesPerTick = bytesPerTick;
    this.thread = Executors.newSingleThreadExecutor(threads);
  }

  ExecutorService thread() {
    return thread;
  }

  /** Reads as much as may be read now. To be called at a steady pace. */
  void tick() {
    if (running > 0 || engine.proofs().mode() == VerifyMode.OFF) {
      return;
    }
    if (!soon.isEmpty()) {
      startSoon();
    } else if (engine.isIdle()) {
      if (round.isEmpty() && isRoundDue()) {
        beginRound();
      }
      take(round, bytesPerTick, job -> job.file.layout().pieceLength(job.piece))
          .forEach(this::start);
    }
  }

  /** The next ones of {@code round}: as many as have {@code bytes} together, or all there are. */
  static <T> List<T> take(Deque<T> round, long bytes, ToLongFunction<T> length) {
    List<T> taken = new ArrayList<>();
    for (long sum = 0; sum < bytes && !round.isEmpty(); ) {
      T next = round.poll();
      sum += length.applyAsLong(next);
      taken.add(next);
    }
    return taken;
  }

  /** Reads these pieces of complete blocks before all others: readers may wait for that. */
  void checkSoon(FileSpec file, BitSet pieces) {
    pieces.stream().forEach(piece -> soon.add(new Job(file, piece, false)));
    startSoon();
  }

  private void startSoon() {
    while (!soon.isEmpty()) {
      start(soon.poll());
    }
  }

  /** At once if there is something new, whose CRC32 may not be known. */
  private boolean isRoundDue() {
    return engine.held().version() != roundVersion || engine.nowNs() - roundNs >= ROUND_NS;
  }

  private void beginRound() {
    roundNs = engine.nowNs();
    roundVersion = engine.held().version();
    for (FileSpec file : engine.held().files()) {
      engine.held().pieces(file.fileId()).stream()
          .forEach(piece -> round.add(new Job(file, piece, false)));
    }
  }

  private void start(Job job) {
    running++;
    try {
      thread.execute(
          () -> {
            OptionalInt crc32 = read(job);
            engine.run(() -> ended(job, crc32));
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("The engine is closing", e);
    }
  }

  /** The CRC32 of a piece in complete blocks; empty if it is not there whole. */
  private OptionalInt read(Job job) {
    FileLayout layout = job.file.layout();
    CRC32 crc = new CRC32();
    try {
      for (int b = layout.firstBlockOfPiece(job.piece);
          b <= layout.lastBlockOfPiece(job.piece);
          b++) {
        Optional<BlockLease> lease = engine.space().inspect(job.file.blockId(b));
        if (lease.isEmpty()) {
          return OptionalInt.empty();
        }
        try (BlockLease open = lease.get()) {
          long from = Math.max(layout.pieceOffset(job.piece), layout.blockOffset(b));
          long to = Math.min(layout.pieceEnd(job.piece), layout.blockEnd(b));
          read(open.file(), from - layout.blockOffset(b), to - layout.blockOffset(b), crc);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Piece {} of {} could not be read to check it: {}", job.piece, job.file, e);
      return OptionalInt.empty();
    }
    return OptionalInt.of((int) crc.getValue());
  }

  private void read(BlockFile block, long from, long to, CRC32 crc) throws IOException {
    for (long at = from; at < to; at += CHUNK_BYTES) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, to - at));
      block.read(at, chunk);
      crc.update(chunk.flip());
    }
  }

  private void ended(Job job, OptionalInt crc32) {
    running--;
    FileSpec file = job.file;
    Optional<FileFetch> fetch = engine.current(file);
    if (crc32.isEmpty() || !engine.held().holds(file.fileId(), job.piece)) {
      // Evicted: what is fetched again is checked when it comes.
      fetch.ifPresent(f -> f.verifier().lost(job.piece));
      return;
    }
    if (fetch.isPresent() && fetch.get().verifier().isUnchecked(job.piece)) {
      fetch.get().verifier().checked(job.piece, crc32.getAsInt());
      return;
    }
    OptionalInt known = engine.proofs().of(file).crc32(job.piece);
    if (known.isEmpty()) {
      learned(file, job.piece, crc32.getAsInt());
    } else if (known.getAsInt() != crc32.getAsInt()) {
      if (job.again) {
        rotten(job, known.getAsInt(), crc32.getAsInt());
      } else {
        start(new Job(file, job.piece, true));
      }
    } else if (engine.proofs().of(file).isUnasked()) {
      judge(file);
    }
  }

  /** What is here of {@code piece} has this CRC32, which was not known. */
  void learned(FileSpec file, int piece, int crc32) {
    FileProof proof = engine.proofs().of(file);
    if (proof.isKnown(piece)) {
      return;
    }
    proof.note(piece, OptionalInt.of(crc32));
    if (engine.proofs().mode() == VerifyMode.OFF) {
      proof.confirm(piece);
      return;
    }
    Optional<FileFetch> fetch = engine.current(file);
    if (fetch.isPresent()) {
      fetch.get().verifier().arrived(piece);
      return;
    }
    proof.confirm(piece);
    if (proof.isAllKnown()) {
      judge(file);
    }
  }

  /** A fetch that has nothing to fetch compares the file with its manifest. */
  private void judge(FileSpec file) {
    try {
      engine.fetch(file);
    } catch (IOException e) {
      LOG.debug("{} is not judged now", file, e);
    }
  }

  private void rotten(Job job, int known, int found) {
    LOG.error(
        "Piece {} of {} has rotted in memory: its CRC32 is {} instead of {}. It is fetched again."
            + " If this happens more than once, check the memory of this machine.",
        job.piece,
        job.file,
        String.format("%08x", found),
        String.format("%08x", known));
    BitSet pieces = new BitSet();
    pieces.set(job.piece);
    try {
      engine.fetch(job.file).discard(pieces);
    } catch (IOException e) {
      LOG.debug("{} cannot be fetched again now", job.file, e);
    }
    // Who hears of it may rely on nobody being shown the piece any more.
    engine.events().pieceRotten();
  }

  /** One piece to be read. Immutable. */
  private static final class Job {
    private final FileSpec file;
    private final int piece;
    private final boolean again;

    Job(FileSpec file, int piece, boolean again) {
      this.file = file;
      this.piece = piece;
      this.again = again;
    }
  }
}
