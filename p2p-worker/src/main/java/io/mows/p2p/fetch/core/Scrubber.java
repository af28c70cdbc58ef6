// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.state.Scrubs.Job;
import io.mows.p2p.fetch.table.FileProof;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Has what is in memory read once more while nothing else is to be done, a bounded number of bytes
 * a second: memory does rot. A rotten block is dropped and fetched again. Learns, too, the CRC32s
 * of blocks from before the worker started. For the engine's thread.
 */
public final class Scrubber {
  /** Little memory is not read over and over. */
  public static final long ROUND_NS = TimeUnit.MINUTES.toNanos(1);

  private final FetchState state;
  private final Fetches fetches;
  private final int bytesPerTick;
  private final Deque<Job> round = new ArrayDeque<>();
  private long roundNs;
  private long roundVersion;

  /** What is to be done about a file after a check. */
  public enum Need {
    NOTHING,
    /** A fetch that has nothing to fetch compares the file with its manifest. */
    JUDGE,
    /** The piece is dropped and fetched again. */
    FETCH_AGAIN
  }

  /**
   * @param bytesPerTick how much is read from one {@link #tick} to the next, a piece at least
   */
  public Scrubber(FetchState state, Fetches fetches, int bytesPerTick) {
    this.state = state;
    this.fetches = fetches;
    this.bytesPerTick = bytesPerTick;
  }

  /** Reads as much as may be read now. To be called at a steady pace. */
  public void tick() {
    if (state.scrubs().isBusy() || state.proofs().mode() == VerifyMode.OFF || !fetches.isIdle()) {
      return;
    }
    if (round.isEmpty() && isRoundDue()) {
      beginRound();
    }
    take(round, bytesPerTick, job -> job.file().layout().pieceLength(job.piece()))
        .forEach(state.scrubs()::start);
  }

  /** The next ones of {@code round}: as many as have {@code bytes} together, or all there are. */
  public static <T> List<T> take(Deque<T> round, long bytes, ToLongFunction<T> length) {
    List<T> taken = new ArrayList<>();
    for (long sum = 0; sum < bytes && !round.isEmpty(); ) {
      T next = round.poll();
      sum += length.applyAsLong(next);
      taken.add(next);
    }
    return taken;
  }

  /** At once if there is something new, whose CRC32 may not be known. */
  private boolean isRoundDue() {
    return state.held().version() != roundVersion || state.nowNs() - roundNs >= ROUND_NS;
  }

  private void beginRound() {
    roundNs = state.nowNs();
    roundVersion = state.held().version();
    for (FileSpec file : state.held().files()) {
      state.held().pieces(file.fileId()).stream()
          .forEach(piece -> round.add(new Job(file, piece, false)));
    }
  }

  /**
   * A piece was read.
   *
   * @param crc32 empty if it is not there whole
   */
  public Need checked(Job job, OptionalInt crc32) {
    FileSpec file = job.file();
    Optional<FileFetch> fetch = fetches.get(file.fileId());
    if (crc32.isEmpty() || !state.held().holds(file.fileId(), job.piece())) {
      // Evicted: what is fetched again is checked when it comes.
      fetch.ifPresent(f -> f.verifier().lost(job.piece()));
      return Need.NOTHING;
    }
    if (fetch.isPresent() && fetch.get().verifier().isUnchecked(job.piece())) {
      fetch.get().proving().checked(job.piece(), crc32.getAsInt());
      return Need.NOTHING;
    }
    OptionalInt known = state.proofs().of(file).crc32(job.piece());
    if (known.isEmpty()) {
      return learned(file, job.piece(), crc32.getAsInt());
    }
    if (known.getAsInt() != crc32.getAsInt()) {
      if (job.isAgain()) {
        tellRotten(job, known.getAsInt(), crc32.getAsInt());
        return Need.FETCH_AGAIN;
      }
      state.scrubs().start(new Job(file, job.piece(), true));
      return Need.NOTHING;
    }
    return state.proofs().of(file).isUnasked() ? Need.JUDGE : Need.NOTHING;
  }

  /** What is here of {@code piece} has this CRC32, which was not known. */
  public Need learned(FileSpec file, int piece, int crc32) {
    FileProof proof = state.proofs().of(file);
    if (proof.isKnown(piece)) {
      return Need.NOTHING;
    }
    proof.note(piece, OptionalInt.of(crc32));
    if (state.proofs().mode() == VerifyMode.OFF) {
      proof.confirm(piece);
      return Need.NOTHING;
    }
    Optional<FileFetch> fetch = fetches.get(file.fileId());
    if (fetch.isPresent()) {
      fetch.get().proving().arrived(piece);
      return Need.NOTHING;
    }
    proof.confirm(piece);
    return proof.isAllKnown() ? Need.JUDGE : Need.NOTHING;
  }

  private void tellRotten(Job job, int known, int found) {
    state
        .effects()
        .operator()
        .error(
            String.format(
                "Piece %d of %s has rotted in memory: its CRC32 is %08x instead of %08x. It is fetched"
                    + " again. If this happens more than once, check the memory of this machine.",
                job.piece(), job.file(), found, known),
            null);
  }

  /** These pieces, for {@link Need#FETCH_AGAIN}. */
  public static BitSet only(int piece) {
    BitSet pieces = new BitSet();
    pieces.set(piece);
    return pieces;
  }
}
