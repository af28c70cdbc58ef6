// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.proof.FileVerifier;
import io.mows.p2p.fetch.proof.Findings;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.BlockLoad;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.plan.PieceTable;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Has one file compared with its proof, and carries out what follows, in one order. For the
 * engine's thread.
 */
public final class FileProving {
  private final FileSpec file;
  private final FetchState state;
  private final PieceTable plan;
  private final FileBlocks blocks;
  private final FileWants wants;
  private final FileVerifier verifier;
  private final FileEnd end;
  private Runnable onRestart = () -> {};

  FileProving(
      FileSpec file,
      FetchState state,
      PieceTable plan,
      FileBlocks blocks,
      FileWants wants,
      FileVerifier verifier,
      FileEnd end) {
    this.file = file;
    this.state = state;
    this.plan = plan;
    this.blocks = blocks;
    this.wants = wants;
    this.verifier = verifier;
    this.end = end;
  }

  /** Has {@code action} run when all of the file is to be fetched again. */
  void onRestart(Runnable action) {
    onRestart = action;
  }

  /** As {@link FileVerifier#manifestAnswered}. */
  public void manifestAnswered(long ticket, Expectation expectation, Throwable failure) {
    follow(verifier.manifestAnswered(ticket, expectation, failure));
  }

  /** As {@link FileVerifier#digestHeard}. */
  public void digestHeard(long ticket, Optional<PieceDigest> digest) {
    follow(verifier.digestHeard(ticket, digest));
  }

  /** As {@link FileVerifier#checked}. */
  public void checked(int piece, int crc32) {
    follow(verifier.checked(piece, crc32));
  }

  /**
   * The bytes of {@code piece} are here and of the right version.
   *
   * @return false if it was the last one and the fetch is over, for the file is not what it should
   *     be
   */
  public boolean arrived(int piece) {
    follow(verifier.arrived(piece));
    return !end.isOver();
  }

  /** To be called now and then. */
  void sweep(long nowNs) {
    follow(verifier.sweep(nowNs));
  }

  /** What is wrong goes before anything is shown; the fetch ends when all else is done. */
  private void follow(Findings found) {
    if (found.wantsAll()) {
      wantAll();
    }
    if (!found.wrong().isEmpty() && blocks.discard(found.wrong())) {
      discarded();
    }
    if (found.wantsRestart()) {
      onRestart.run();
    }
    if (found.isShown()) {
      shown();
    }
    if (found.cannotShow() != null) {
      end.cannotShow(found.cannotShow());
    }
  }

  /** All of the file is to be fetched. */
  public void wantAll() {
    plan.wants().readAhead(Long.MAX_VALUE);
  }

  private void shown() {
    blocks.shown();
    wants.shown();
  }

  /** Nobody sees anything of the file until these pieces are gone. */
  public void discard(BitSet wrong) {
    state.proofs().beginDiscard(file.fileId());
    if (blocks.discard(wrong)) {
      discarded();
    }
  }

  /** Nothing of what was wrong is in the cache any more. */
  public void discarded() {
    if (end.isRetired()) {
      return;
    }
    state.proofs().endDiscard(file.fileId());
    if (state.proofs().mayShow(file.fileId())) {
      shown();
    }
  }

  /** Takes all of the file out of the cache; returns the loads that are not done. */
  public List<BlockLoad> clear() {
    blocks.removeAll();
    return wants.loads().takeAll();
  }

  /** Whether all that {@link #clear} was to take out is out; true once. */
  public boolean takeCleared() {
    return blocks.takeCleared();
  }
}
