// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.proof.FileVerifier;
import io.mows.p2p.fetch.proof.VersionQuestions;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.plan.PieceTable;
import java.util.BitSet;
import java.util.function.Consumer;

/** How the fetch of one file ends: given back, or broken first. For the engine's thread. */
final class FileEnd {
  private final FileSpec file;
  private final FetchState state;
  private final PieceTable plan;
  private final ArrivedPieces pieces;
  private final FileBlocks blocks;
  private final FileTransfers transfers;
  private final FileVerifier verifier;
  private final VersionQuestions questions;
  private final FileWants wants;
  private final PieceFailures failures;
  private boolean isBroken;
  private boolean isRetired;

  FileEnd(
      FileSpec file,
      FetchState state,
      PieceTable plan,
      ArrivedPieces pieces,
      FileBlocks blocks,
      FileTransfers transfers,
      FileVerifier verifier,
      VersionQuestions questions,
      FileWants wants,
      PieceFailures failures) {
    this.file = file;
    this.state = state;
    this.plan = plan;
    this.pieces = pieces;
    this.blocks = blocks;
    this.transfers = transfers;
    this.verifier = verifier;
    this.questions = questions;
    this.wants = wants;
    this.failures = failures;
  }

  /** Whether nothing of the file comes any more, because of what the origin or the proof said. */
  boolean isBroken() {
    return isBroken;
  }

  boolean isRetired() {
    return isRetired;
  }

  /** Whether it has ended in one way or the other. */
  boolean isOver() {
    return isBroken || isRetired;
  }

  /** The origin has another version now: what is not in the cache yet must not get there. */
  void breakIfChanged(Throwable failure) {
    if (!isOver() && TransferException.remedyOf(failure) == Remedy.STOP) {
      state.metrics().sourceChanged();
      TransferException why = (TransferException) failure;
      breakDown(why, landed -> failures.changed(landed, why));
    }
  }

  /** Nobody may see the file. */
  void cannotShow(TransferException why) {
    if (!isOver()) {
      state.metrics().pieceFailed(file, 0, why, true);
      // What has landed did not fail: it must not be counted as such.
      breakDown(why, failures::dropped);
    }
  }

  /**
   * @param landedEnd what becomes of the pieces that have landed
   */
  private void breakDown(TransferException why, Consumer<BitSet> landedEnd) {
    isBroken = true;
    wants.end(why);
    endParts();
    boolean isShown = state.proofs().mayShow(file.fileId());
    BitSet kept = isShown ? blocks.committedPieces() : new BitSet();
    state.swarm().tell().endFetch(file.fileId(), kept);
    // All of it goes before anybody is told: who has heard of the new version must not read the
    // old.
    blocks.loseUncommitted();
    blocks.abandonUnfinished();
    landedEnd.accept(plan.beginValidation());
    plan.validationEnded();
    wants.failAll();
  }

  private void endParts() {
    verifier.end();
    questions.end();
    transfers.end();
  }

  /** Gives everything back; whoever still waits is told to start over. */
  void retire(int fetch) {
    isRetired = true;
    endParts();
    state.swarm().tell().endFetch(file.fileId(), blocks.committedPieces());
    wants.retire();
    pieces.close();
    blocks.abandonUnfinished();
    state.effects().views().end(file, fetch);
    state.origins().end(file);
  }
}
