// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.proof.FileVerifier;
import io.mows.p2p.fetch.proof.VersionQuestions;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.ArrivalTime;
import io.mows.p2p.fetch.table.Tickets;
import io.mows.p2p.plan.PieceTable;

/** The parts of one {@link FileFetch}, put together. For the engine's thread. */
final class FileParts {
  final FileSpec file;
  final FetchState state;
  final PieceTable plan;
  final FileVerifier verifier;
  final ArrivedPieces pieces;
  final FileBlocks blocks;
  final FileWants wants;
  final PieceRoom room;
  final FileTransfers transfers;
  final TransferEnds transferEnds;
  final VersionQuestions questions;
  final PieceFailures failures;
  final FileEnd end;
  final FileProving proving;
  final Idleness idleness;

  FileParts(FileSpec file, int number, PieceTable plan, FetchState state) {
    this.file = file;
    this.state = state;
    this.plan = plan;
    Tickets tickets = new Tickets(number);
    this.verifier = new FileVerifier(file, state, tickets);
    this.pieces = new ArrivedPieces(file, plan, state.uncached(), state.effects(), this::lost);
    this.blocks = new FileBlocks(file, plan, pieces, state, tickets);
    this.wants = new FileWants(file, state, plan, pieces, blocks);
    FileLoads loads = wants.loads();
    this.room = new PieceRoom(file, state, plan.wants(), pieces, blocks.filling(), loads);
    TransferTable table = new TransferTable();
    Withdrawals withdrawals = new Withdrawals(file, state, room, table);
    ArrivalTime arrivalTime = new ArrivalTime(file.layout().lengthBytes());
    this.transfers = new FileTransfers(file, state, tickets, room, table, withdrawals, arrivalTime);
    this.transferEnds =
        new TransferEnds(file, state, pieces, verifier, table, withdrawals, arrivalTime);
    this.questions = new VersionQuestions(file, state, tickets, plan);
    this.failures = new PieceFailures(file, state, plan, pieces, wants.readers(), loads);
    this.end =
        new FileEnd(
            file, state, plan, pieces, blocks, transfers, verifier, questions, wants, failures);
    this.proving = new FileProving(file, state, plan, blocks, wants, verifier, end);
    this.idleness = new Idleness(plan, pieces, blocks, loads, verifier, wants.patience());
  }

  /**
   * {@code piece} cannot be read any more. That is told where it is lost, for another file may have
   * taken its place; nothing follows from it at once.
   */
  private void lost(int piece) {
    verifier.lost(piece);
    state.swarm().tell().lost(file.fileId(), piece);
    // Who is said to have all of a file, and has not, is waited for: by two such workers for ever.
    state.announcements().changed(file);
  }
}
