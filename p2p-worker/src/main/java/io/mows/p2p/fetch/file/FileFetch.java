// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.proof.FileVerifier;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.plan.PieceTable;

/**
 * Brings one file into the cache: the door to its parts, from its beginning to its end. All readers
 * and loads of the file on this worker share it. For the engine's thread.
 *
 * <p>{@link FileEvents} takes what happens to it, and says in which order what follows is done.
 */
public final class FileFetch {
  private final FileSpec file;
  private final int number;
  private final FetchState state;
  private final FileParts parts;
  private final FileEvents events;

  /**
   * @param number another one for each fetch, not 0
   */
  public FileFetch(FileSpec file, int number, PieceTable plan, FetchState state) {
    this.file = file;
    this.number = number;
    this.state = state;
    this.parts = new FileParts(file, number, plan, state);
    this.events = new FileEvents(parts);
  }

  /** Has {@code action} run when {@link #advance} is to be called. */
  public void onTouch(Runnable action) {
    parts.proving.onRestart(action);
    parts.plan.onChange(action);
  }

  public FileSpec file() {
    return file;
  }

  public int number() {
    return number;
  }

  public PieceTable plan() {
    return parts.plan;
  }

  public ArrivedPieces pieces() {
    return parts.pieces;
  }

  /**
   * Whether it may be ended now: not while wrong blocks are taken out, for that shows the file; nor
   * while a block is committed, for the next fetch would ask for its room, and be refused.
   */
  public boolean isDroppable() {
    boolean isBusy = parts.blocks.isDiscarding() || parts.blocks.isCommitting();
    return parts.wants.isNothingWanted() && !isBusy;
  }

  public FileVerifier verifier() {
    return parts.verifier;
  }

  /** What is found out about its bytes. */
  public FileProving proving() {
    return parts.proving;
  }

  /** Who wants what of it. */
  public FileWants wants() {
    return parts.wants;
  }

  public FileTransfers transfers() {
    return parts.transfers;
  }

  /** What happens to its pieces and blocks. */
  public FileEvents events() {
    return events;
  }

  /** Whether an event of something that it has asked for is still to come. */
  public boolean isAsking() {
    return parts.transfers.isBusy()
        || parts.blocks.isBusy()
        || parts.questions.isBusy()
        || parts.verifier.isAsking();
  }

  public void start() {
    state.effects().views().begin(file, number);
    state.origins().begin(file);
    // What is in the cache of a file that was wrong is on its way out.
    if (!state.proofs().isSuspect(file.fileId())) {
      parts.blocks.findCommitted();
    }
    parts.verifier.start(parts.blocks.committedPieces());
  }

  /** Does what can be done after something has happened. */
  public NextStep advance() {
    if (parts.end.isOver()) {
      return NextStep.NOTHING;
    }
    if (parts.verifier.wantsRestart() && !parts.blocks.isBusy()) {
      return NextStep.RESTART;
    }
    boolean waits = parts.questions.advance();
    PieceTable plan = parts.plan;
    for (Integer b = plan.pollCompletedBlock(); b != null; b = plan.pollCompletedBlock()) {
      parts.blocks.completed(b);
    }
    return waits || parts.verifier.wantsRestart() ? NextStep.LOOK_AGAIN : NextStep.NOTHING;
  }

  // Its end.

  /** Readers will never get this file. */
  public void cannotShow(TransferException why) {
    parts.end.cannotShow(why);
  }

  /** Whether nothing has been wanted for a while. */
  public boolean isEnding(long nowNs, long lingerNs) {
    parts.proving.sweep(nowNs);
    parts.wants.patience().sweep(nowNs);
    return parts.idleness.isOver(parts.end.isBroken(), nowNs, lingerNs);
  }

  /** Whether nothing of the file comes any more. */
  boolean isBroken() {
    return parts.end.isBroken();
  }

  /** Whether it is over, and another one may have taken its place. */
  public boolean isRetired() {
    return parts.end.isRetired();
  }

  /** As {@link FileEnd#retire}. */
  public void retire() {
    parts.end.retire(number);
  }
}
