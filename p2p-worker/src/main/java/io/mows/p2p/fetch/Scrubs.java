// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** The pieces of complete blocks that are being read to check them. For the engine's thread. */
final class Scrubs {
  private final FetchEffects effects;
  private final Deque<Job> soon = new ArrayDeque<>();
  private final Map<Long, Job> running = new HashMap<>();
  private long next;

  Scrubs(FetchEffects effects) {
    this.effects = effects;
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

  boolean isBusy() {
    return !running.isEmpty();
  }

  void start(Job job) {
    long check = next++;
    running.put(check, job);
    effects.checkPiece(check, job.file, job.piece);
  }

  /** What this check was of, which has ended; null if it was of nothing. */
  Job ended(long check) {
    return running.remove(check);
  }

  /** One piece to be read. Immutable. */
  static final class Job {
    final FileSpec file;
    final int piece;

    /** Whether it was read before and was not what it should be. */
    final boolean isAgain;

    Job(FileSpec file, int piece, boolean isAgain) {
      this.file = file;
      this.piece = piece;
      this.isAgain = isAgain;
    }
  }
}
