// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.CorruptPieceException;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.FilePlan;
import java.util.BitSet;
import java.util.List;

/**
 * Brings one file into the cache: carries out what {@link FilePlan} decides. All readers and loads
 * of the file on this worker share it. For the engine's thread.
 *
 * <p>What follows an event is done in one order. The part that asked finds what the ticket stands
 * for, or nothing follows. It judges what has come (does the CRC32 fit, is this worker's own store
 * at fault). It tells the decisions, which change the piece's state. Then, in {@link #arrived}, the
 * proof is compared, which may hide the file or end the fetch; only then is the piece shown, its
 * block committed if it is complete, and only then are its readers woken.
 */
final class FileFetch
    implements FileBlocks.Listener,
        TransferEnds.Listener,
        FileVerifier.Listener,
        VersionQuestions.Listener {
  private final FileSpec file;
  private final int number;
  private final FileLayout layout;
  private final FetchState state;
  private final FilePlan plan;
  private final ArrivedPieces pieces;
  private final FileBlocks blocks;
  private final PieceRoom room;
  private final FileTransfers transfers;
  private final FileVerifier verifier;
  private final FileWants wants;
  private final PieceFailures failures;
  private final VersionQuestions questions;
  private final Idleness idleness;
  private Runnable onTouch = () -> {};
  private TransferException broken;
  private boolean retired;

  /** What {@link #advance} has found. */
  enum Next {
    /** Nothing, before something happens. */
    NOTHING,
    /** It is to be called again although nothing happens. */
    LOOK_AGAIN,
    /** All of the file is to be fetched anew, from the origin. */
    RESTART
  }

  /**
   * @param number another one for each fetch, not 0
   */
  FileFetch(FileSpec file, int number, FilePlan plan, FetchState state) {
    this.file = file;
    this.number = number;
    this.layout = file.layout();
    this.state = state;
    this.plan = plan;
    Tickets tickets = new Tickets(number);
    this.pieces = new ArrivedPieces(file, plan, state.uncached, state.effects, this::lost);
    this.verifier = new FileVerifier(file, state, tickets, this);
    this.blocks = new FileBlocks(file, plan, pieces, state, tickets, this);
    this.wants = new FileWants(file, state, plan, pieces, blocks);
    FileLoads loads = wants.loads();
    this.room = new PieceRoom(file, state, plan, pieces, blocks, loads, this::cannotShow);
    this.transfers = new FileTransfers(file, state, tickets, pieces, room, verifier, this);
    this.failures = new PieceFailures(file, state, plan, pieces, wants.readers(), loads);
    this.questions = new VersionQuestions(file, state, tickets, plan, this);
    this.idleness = new Idleness(plan, pieces, blocks, loads, verifier, wants.patience());
  }

  /** Has {@code action} run when {@link #advance} is to be called. */
  void onTouch(Runnable action) {
    onTouch = action;
    plan.onChange(action);
  }

  FileSpec file() {
    return file;
  }

  int number() {
    return number;
  }

  FilePlan plan() {
    return plan;
  }

  ArrivedPieces pieces() {
    return pieces;
  }

  FileVerifier verifier() {
    return verifier;
  }

  /** Who wants what of it. */
  FileWants wants() {
    return wants;
  }

  FileTransfers transfers() {
    return transfers;
  }

  VersionQuestions questions() {
    return questions;
  }

  /** Whether an event of something that it has asked for is still to come. */
  boolean isAsking() {
    return transfers.isBusy() || blocks.isBusy() || questions.isBusy() || verifier.isAsking();
  }

  private boolean isOver() {
    return retired || broken != null;
  }

  void start() {
    state.effects.begin(file, number);
    state.origins.begin(file);
    // What is in the cache of a file that was wrong is on its way out.
    if (!state.proofs.isSuspect(file.fileId())) {
      blocks.findCommitted();
    }
    verifier.start(blocks.committedPieces());
  }

  private void lost(int piece) {
    verifier.lost(piece);
    state.swarm.tell().lost(file.fileId(), piece);
  }

  private boolean mayShow() {
    return state.proofs.mayShow(file.fileId());
  }

  // What happens to its pieces and blocks.

  /** What the store was asked under this ticket is done, or {@code failure} says why not. */
  void stored(long ticket, Throwable failure) {
    int block = blocks.stored(ticket, failure);
    if (block >= 0) {
      transfers.reserved(block);
    }
  }

  @Override
  public void failed(int piece, Throwable failure, boolean givenUp) {
    breakDownIfChanged(failure);
    if (failure instanceof CorruptPieceException && broken == null) {
      // Not what was proven: perhaps because it is another version.
      questions.doubt();
    }
    failures.failed(piece, failure, givenUp);
  }

  @Override
  public void doubtAnswered(Throwable failure) {
    breakDownIfChanged(failure);
  }

  /** Does what can be done after something has happened. */
  Next advance() {
    if (isOver()) {
      return Next.NOTHING;
    }
    if (verifier.wantsRestart() && !blocks.isBusy()) {
      return Next.RESTART;
    }
    boolean waits = questions.advance();
    for (Integer b = plan.pollCompletedBlock(); b != null; b = plan.pollCompletedBlock()) {
      blocks.completed(b);
    }
    return waits || verifier.wantsRestart() ? Next.LOOK_AGAIN : Next.NOTHING;
  }

  @Override
  public void confirmed(BitSet asked) {
    state.swarm.tell().confirmed(file.fileId(), asked);
    asked.stream().filter(plan::has).forEach(this::arrived);
  }

  @Override
  public void unconfirmed(BitSet asked, Throwable failure) {
    breakDownIfChanged(failure);
    if (broken == null) {
      failures.unconfirmed(asked, failure);
    }
  }

  @Override
  public void refused(OriginException why) {
    wants.patience().refused();
  }

  @Override
  public void arrived(int piece) {
    if (isOver()) {
      return;
    }
    verifier.arrived(piece);
    if (isOver()) {
      return; // It was the last one, and the file is not what it should be.
    }
    blocks.publish(piece);
    wants.arrived(piece);
    state.announcements.changed(file);
    if (pieces.isComplete()) {
      transfers.allHere();
    }
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      if (!blocks.holds(b, piece) && wants.loads().isWanted(b) && !state.storeHealth.isFailing()) {
        // It was read for others while this block had no room.
        blocks.want(b);
      }
    }
  }

  /** The origin has another version now: what is not in the cache yet must not get there. */
  private void breakDownIfChanged(Throwable failure) {
    if (!isOver() && TransferException.remedyOf(failure) == Remedy.STOP) {
      state.events.sourceChanged();
      breakDown((TransferException) failure);
    }
  }

  private void breakDown(TransferException why) {
    broken = why;
    verifier.end();
    questions.end();
    transfers.end();
    BitSet kept = mayShow() ? blocks.committedPieces() : new BitSet();
    state.swarm.tell().endFetch(file.fileId(), kept);
    // All of it goes before anybody is told: who has heard of the new version must not read the
    // old.
    blocks.loseUncommitted();
    blocks.abandonUnfinished();
    wants.end(broken);
    failures.changed(plan.beginValidation(), broken);
    plan.validationEnded();
    wants.failAll();
  }

  // What the proof says.

  @Override
  public void cannotShow(TransferException why) {
    if (!isOver()) {
      state.events.pieceFailed(file, 0, why, true);
      breakDown(why);
    }
  }

  @Override
  public void shown() {
    blocks.shown();
    wants.shown();
  }

  @Override
  public void wantAll() {
    plan.readAhead(Long.MAX_VALUE);
  }

  @Override
  public void wantsRestart() {
    onTouch.run();
  }

  /** Nobody sees anything of the file until these pieces are gone. */
  @Override
  public void discard(BitSet wrong) {
    state.proofs.beginDiscard(file.fileId());
    blocks.discard(wrong);
  }

  @Override
  public void discarded() {
    if (retired) {
      return;
    }
    state.proofs.endDiscard(file.fileId());
    if (mayShow()) {
      shown();
    }
  }

  /** Takes all of the file out of the cache; returns the loads that are not done. */
  List<BlockLoad> clear() {
    blocks.removeAll();
    return wants.loads().takeAll();
  }

  /** Whether all that {@link #clear} was to take out is out; true once. */
  boolean takeCleared() {
    return blocks.takeCleared();
  }

  // What the store says.

  @Override
  public void committed(int block) {
    state.held.committed(file, block);
    wants.loads().done(block);
  }

  @Override
  public void notCached(int block, Throwable why) {
    room.giveUp(block, why);
  }

  /** Bytes can be written into the cache again. */
  void roomAgain() {
    if (!isOver()) {
      blocks.roomAgain(wants.loads()::isWanted);
      wants.loads().wantAgain();
    }
  }

  /** The cache has dropped this block. */
  void blockGone(int block) {
    blocks.gone(block);
  }

  /** A reader was told that {@code piece} is here but did not find it in {@code block}. */
  void notFound(int piece, int block) {
    if (isOver()) {
      return;
    }
    blocks.gone(block);
    if (pieces.isReadable(piece) && !pieces.isReadableAside(piece) && !blocks.holds(block, piece)) {
      pieces.lose(piece);
    }
  }

  // Its end.

  /** Whether nothing has been wanted for a while. */
  boolean isEnding(long nowNs, long lingerNs) {
    verifier.sweep(nowNs);
    wants.patience().sweep(nowNs);
    return idleness.isOver(broken != null, nowNs, lingerNs);
  }

  /** Gives everything back; whoever still waits is told to start over. */
  void retire() {
    retired = true;
    verifier.end();
    questions.end();
    transfers.end();
    state.swarm.tell().endFetch(file.fileId(), blocks.committedPieces());
    wants.retire();
    pieces.close();
    blocks.abandonUnfinished();
    state.effects.end(file, number);
    state.origins.end(file);
  }
}
