// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.CorruptPieceException;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.proof.VersionAnswer;
import io.mows.p2p.fetch.proof.VersionQuestions;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.PieceTable;
import java.util.BitSet;
import java.util.OptionalInt;

/**
 * Takes what happens to the pieces and blocks of one file. The part that has asked finds out what
 * an event means and returns it as a value; this class has done what follows. No part calls it
 * back. For the engine's thread.
 *
 * <p>What follows the end of a transfer is done in one order:
 *
 * <ol>
 *   <li>{@link TransferEnds} finds the transfer of the ticket; if there is none, nothing follows.
 *   <li>It judges what has come: does the CRC32 fit, is this worker's own store at fault.
 *   <li>It tells the decisions, which change the piece's state, and keeps the bytes.
 *   <li>{@link #arrived}: {@link FileProving} compares the proof, which may hide the file or end
 *       the fetch.
 *   <li>{@link FileBlocks} shows the piece, and commits its block if that is complete.
 *   <li>{@link FileWants} wakes its readers, and the locator will be told.
 *   <li>{@link FileTransfers} gives back what the transfer holds. Who waited for it to stop looks
 *       for room, and finds the piece shown.
 * </ol>
 *
 * <p>A piece of the origin's rests after the third step, until {@link VersionQuestions} knows that
 * it is of our version; the answer goes on with the fourth.
 */
public final class FileEvents {
  private final FileSpec file;
  private final FileLayout layout;
  private final FetchState state;
  private final PieceTable plan;
  private final ArrivedPieces pieces;
  private final FileBlocks blocks;
  private final PieceRoom room;
  private final FileWants wants;
  private final FileTransfers transfers;
  private final TransferEnds transferEnds;
  private final VersionQuestions questions;
  private final PieceFailures failures;
  private final FileProving proving;
  private final FileEnd end;

  FileEvents(FileParts parts) {
    this.file = parts.file;
    this.layout = parts.file.layout();
    this.state = parts.state;
    this.plan = parts.plan;
    this.pieces = parts.pieces;
    this.blocks = parts.blocks;
    this.room = parts.room;
    this.wants = parts.wants;
    this.transfers = parts.transfers;
    this.transferEnds = parts.transferEnds;
    this.questions = parts.questions;
    this.failures = parts.failures;
    this.proving = parts.proving;
    this.end = parts.end;
  }

  // Transfers.

  /** The first byte has come. */
  public void transferBegun(long ticket) {
    transferEnds.begun(ticket);
  }

  /** All bytes have been written. */
  public void transferDone(long ticket, OptionalInt crc32) {
    follow(transferEnds.done(ticket, crc32));
  }

  /**
   * The transfer failed.
   *
   * @param block the one that took no bytes; negative if it is not that
   */
  public void transferFailed(long ticket, Throwable failure, int block) {
    follow(transferEnds.failed(ticket, failure, block));
  }

  /** The transfer was called off, and nobody writes its bytes any more. */
  public void transferStopped(long ticket) {
    follow(transferEnds.stopped(ticket));
  }

  private void follow(TransferOutcome outcome) {
    switch (outcome.kind()) {
      case UNKNOWN:
        return;
      case FASTER:
        transfers.takeOver(outcome.transfer()).ifPresent(end::cannotShow);
        return;
      case ARRIVED:
        arrived(outcome.piece());
        break;
      case READ_FAILED:
        readFailed(outcome.piece(), outcome.failure(), outcome.isGivenUp());
        break;
      case ORIGIN_AWAY:
        wants.patience().refused();
        break;
      case CANNOT_SHOW:
        end.cannotShow((TransferException) outcome.failure());
        break;
      default:
        break;
    }
    transfers.release(outcome.transfer()).ifPresent(end::cannotShow);
  }

  /** {@code piece} is here and of our version. */
  private void arrived(int piece) {
    if (end.isOver() || !proving.arrived(piece)) {
      return;
    }
    blocks.publish(piece);
    wants.arrived(piece);
    state.announcements().changed(file);
    if (pieces.isComplete()) {
      transferEnds.allHere();
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

  private void readFailed(int piece, Throwable failure, boolean isGivenUp) {
    end.breakIfChanged(failure);
    if (failure instanceof CorruptPieceException && !end.isBroken()) {
      // Not what was proven: perhaps because it is another version.
      questions.doubt();
    }
    failures.failed(piece, failure, isGivenUp);
  }

  // What the origin says of its version.

  /**
   * The origin has answered.
   *
   * @param failure null for a yes
   */
  public void versionAnswered(long ticket, Throwable failure) {
    VersionAnswer answer = questions.answered(ticket, failure);
    switch (answer.kind()) {
      case CONFIRMED:
        confirmed(answer.pieces());
        break;
      case UNCONFIRMED:
        unconfirmed(answer.pieces(), answer.failure());
        break;
      case ORIGIN_AWAY:
        wants.patience().refused();
        break;
      case DOUBT:
        end.breakIfChanged(answer.failure());
        break;
      default:
        break;
    }
  }

  private void confirmed(BitSet landed) {
    state.swarm().tell().confirmed(file.fileId(), landed);
    for (int piece = landed.nextSetBit(0); piece >= 0; piece = landed.nextSetBit(piece + 1)) {
      if (plan.has(piece)) {
        arrived(piece);
      }
    }
  }

  private void unconfirmed(BitSet landed, Throwable failure) {
    end.breakIfChanged(failure);
    if (!end.isBroken()) {
      failures.unconfirmed(landed, failure);
    }
  }

  // The store.

  /**
   * What the store was asked under this ticket is done, or {@code failure} says why not.
   *
   * @param linked whether it is room that has all its bytes already
   */
  public void stored(long ticket, Throwable failure, boolean linked) {
    BlockOutcome outcome = blocks.stored(ticket, failure, linked);
    int block = outcome.block();
    switch (outcome.kind()) {
      case ROOM_KNOWN:
        transfers.reserved(block).ifPresent(end::cannotShow);
        break;
      case COMMITTED:
        state.held().committed(file, block);
        wants.loads().done(block);
        blocks.takeOutIfWrong(block);
        break;
      case NOT_CACHED:
        room.giveUp(block, outcome.why()).ifPresent(end::cannotShow);
        break;
      default:
        break;
    }
    if (outcome.areWrongGone()) {
      proving.discarded();
    }
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
    if (!end.isOver()) {
      blocks.notFound(piece, block);
    }
  }
}
