// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.FileSpec;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** The pieces of complete blocks that are being read to check them. For the engine's thread. */
public final class Scrubs {
  private final FetchEffects effects;
  private final Deque<Job> soon = new ArrayDeque<>();
  private final Map<Long, Job> running = new HashMap<>();
  private long next;

  public Scrubs(FetchEffects effects) {
    this.effects = effects;
  }

  /** Reads these pieces of complete blocks before all others: readers may wait for that. */
  public void checkSoon(FileSpec file, BitSet pieces) {
    pieces.stream().forEach(piece -> soon.add(new Job(file, piece, false)));
    startSoon();
  }

  private void startSoon() {
    while (!soon.isEmpty()) {
      start(soon.poll());
    }
  }

  public boolean isBusy() {
    return !running.isEmpty();
  }

  public void start(Job job) {
    long check = next++;
    running.put(check, job);
    effects.questions().checkPiece(check, job.file, job.piece);
  }

  /** What this check was of, which has ended; null if it was of nothing. */
  public Job ended(long check) {
    return running.remove(check);
  }

  /** One piece to be read. Immutable. */
  public static final class Job {
    private final FileSpec file;
    private final int piece;

    /** Whether it was read before and was not what it should be. */
    private final boolean isAgain;

    public Job(FileSpec file, int piece, boolean isAgain) {
      this.file = file;
      this.piece = piece;
      this.isAgain = isAgain;
    }

    public FileSpec file() {
      return file;
    }

    public int piece() {
      return piece;
    }

    public boolean isAgain() {
      return isAgain;
    }
  }
}
