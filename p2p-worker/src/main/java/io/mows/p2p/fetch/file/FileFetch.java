// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.CorruptPieceException;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.Tickets;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.PieceTable;
import java.util.BitSet;

/**
 * Brings one file into the cache: carries out what {@link PieceTable} decides. All readers and
 * loads of the file on this worker share it. For the engine's thread.
 *
 * <p>What follows an event is done in one order. The part that asked finds what the ticket stands
 * for, or nothing follows. It judges what has come (does the CRC32 fit, is this worker's own store
 * at fault). It tells the decisions, which change the piece's state. Then, in {@link #arrived}, the
 * proof is compared, which may hide the file or end the fetch; only then is the piece shown, its
 * block committed if it is complete, and only then are its readers woken.
 */
public final class FileFetch
    implements FileBlocks.Listener, TransferEnds.Listener, VersionQuestions.Listener {
  private final FileSpec file;
  private final int number;
  private final FileLayout layout;
  private final FetchState state;
  private final PieceTable plan;
  private final ArrivedPieces pieces;
  private final FileBlocks blocks;
  private final PieceRoom room;
  private final FileTransfers transfers;
  private final FileVerifier verifier;
  private final FileWants wants;
  private final PieceFailures failures;
  private final FileEnd end;
  private final FileProving proving;
  private final VersionQuestions questions;
  private final Idleness idleness;

  /**
   * @param number another one for each fetch, not 0
   */
  public FileFetch(FileSpec file, int number, PieceTable plan, FetchState state) {
    this.file = file;
    this.number = number;
    this.layout = file.layout();
    this.state = state;
    this.plan = plan;
    Tickets tickets = new Tickets(number);
    this.pieces = new ArrivedPieces(file, plan, state.uncached(), state.effects(), this::lost);
    this.verifier = new FileVerifier(file, state, tickets);
    this.blocks = new FileBlocks(file, plan, pieces, state, tickets, this);
    this.wants = new FileWants(file, state, plan, pieces, blocks);
    FileLoads loads = wants.loads();
    this.room = new PieceRoom(file, state, plan, pieces, blocks.filling(), loads, this::cannotShow);
    this.transfers = new FileTransfers(file, state, tickets, pieces, room, verifier, this);
    this.failures = new PieceFailures(file, state, plan, pieces, wants.readers(), loads);
    this.questions = new VersionQuestions(file, state, tickets, plan, this);
    this.end =
        new FileEnd(
            file, state, plan, pieces, blocks, transfers, verifier, questions, wants, failures);
    this.proving = new FileProving(file, state, plan, blocks, wants, verifier, end);
    this.idleness = new Idleness(plan, pieces, blocks, loads, verifier, wants.patience());
  }

  /** Has {@code action} run when {@link #advance} is to be called. */
  public void onTouch(Runnable action) {
    proving.onRestart(action);
    plan.onChange(action);
  }

  public FileSpec file() {
    return file;
  }

  public int number() {
    return number;
  }

  public PieceTable plan() {
    return plan;
  }

  public ArrivedPieces pieces() {
    return pieces;
  }

  /** Whether it may be ended now: not while wrong blocks are taken out, for that shows the file. */
  public boolean isDroppable() {
    return wants.isNothingWanted() && !blocks.isDiscarding();
  }

  public FileVerifier verifier() {
    return verifier;
  }

  /** What is found out about its bytes. */
  public FileProving proving() {
    return proving;
  }

  /** Who wants what of it. */
  public FileWants wants() {
    return wants;
  }

  public FileTransfers transfers() {
    return transfers;
  }

  public VersionQuestions questions() {
    return questions;
  }

  /** Whether an event of something that it has asked for is still to come. */
  public boolean isAsking() {
    return transfers.isBusy() || blocks.isBusy() || questions.isBusy() || verifier.isAsking();
  }

  public void start() {
    state.effects().views().begin(file, number);
    state.origins().begin(file);
    // What is in the cache of a file that was wrong is on its way out.
    if (!state.proofs().isSuspect(file.fileId())) {
      blocks.findCommitted();
    }
    verifier.start(blocks.committedPieces());
  }

  private void lost(int piece) {
    verifier.lost(piece);
    state.swarm().tell().lost(file.fileId(), piece);
    // Who is said to have all of a file, and has not, is waited for: by two such workers for ever.
    state.announcements().changed(file);
  }

  // What happens to its pieces and blocks.

  /** What the store was asked under this ticket is done, or {@code failure} says why not. */
  public void stored(long ticket, Throwable failure) {
    int block = blocks.stored(ticket, failure);
    if (block >= 0) {
      transfers.reserved(block);
    }
  }

  @Override
  public void failed(int piece, Throwable failure, boolean givenUp) {
    end.breakIfChanged(failure);
    if (failure instanceof CorruptPieceException && !end.isBroken()) {
      // Not what was proven: perhaps because it is another version.
      questions.doubt();
    }
    failures.failed(piece, failure, givenUp);
  }

  @Override
  public void doubtAnswered(Throwable failure) {
    end.breakIfChanged(failure);
  }

  /** Does what can be done after something has happened. */
  public NextStep advance() {
    if (end.isOver()) {
      return NextStep.NOTHING;
    }
    if (verifier.wantsRestart() && !blocks.isBusy()) {
      return NextStep.RESTART;
    }
    boolean waits = questions.advance();
    for (Integer b = plan.pollCompletedBlock(); b != null; b = plan.pollCompletedBlock()) {
      blocks.completed(b);
    }
    return waits || verifier.wantsRestart() ? NextStep.LOOK_AGAIN : NextStep.NOTHING;
  }

  @Override
  public void confirmed(BitSet asked) {
    state.swarm().tell().confirmed(file.fileId(), asked);
    asked.stream().filter(plan::has).forEach(this::arrived);
  }

  @Override
  public void unconfirmed(BitSet asked, Throwable failure) {
    end.breakIfChanged(failure);
    if (!end.isBroken()) {
      failures.unconfirmed(asked, failure);
    }
  }

  @Override
  public void refused(OriginException why) {
    wants.patience().refused();
  }

  @Override
  public void arrived(int piece) {
    if (end.isOver()) {
      return;
    }
    if (!proving.arrived(piece)) {
      return;
    }
    blocks.publish(piece);
    wants.arrived(piece);
    state.announcements().changed(file);
    if (pieces.isComplete()) {
      transfers.allHere();
    }
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      if (!blocks.holds(b, piece)
          && wants.loads().isWanted(b)
          && !state.storeHealth().isFailing()) {
        // It was read for others while this block had no room.
        blocks.want(b);
      }
    }
  }

  // What is wrong with it.

  /** Readers will never get this file. */
  private void cannotShow(TransferException why) {
    end.cannotShow(why);
  }

  @Override
  public void discarded() {
    proving.discarded();
  }

  // What the store says.

  @Override
  public void committed(int block) {
    state.held().committed(file, block);
    wants.loads().done(block);
  }

  @Override
  public void notCached(int block, Throwable why) {
    room.giveUp(block, why);
  }

  /** Bytes can be written into the cache again. */
  public void roomAgain() {
    if (!end.isOver()) {
      blocks.roomAgain(wants.loads()::isWanted);
      wants.loads().wantAgain();
    }
  }

  /** The cache has dropped this block. */
  public void blockGone(int block) {
    blocks.gone(block);
  }

  /** A reader was told that {@code piece} is here but did not find it in {@code block}. */
  public void notFound(int piece, int block) {
    if (end.isOver()) {
      return;
    }
    blocks.notFound(piece, block);
  }

  // Its end.

  /** Whether nothing has been wanted for a while. */
  public boolean isEnding(long nowNs, long lingerNs) {
    proving.sweep(nowNs);
    wants.patience().sweep(nowNs);
    return idleness.isOver(end.isBroken(), nowNs, lingerNs);
  }

  /** Whether nothing of the file comes any more. */
  boolean isBroken() {
    return end.isBroken();
  }

  /** Whether it is over, and another one may have taken its place. */
  public boolean isRetired() {
    return end.isRetired();
  }

  /** As {@link FileEnd#retire}. */
  public void retire() {
    end.retire(number);
  }
}
