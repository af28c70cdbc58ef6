// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.proof;

import io.mows.channel.CorruptPieceException;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.WrongFile;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.state.Proofs;
import io.mows.p2p.fetch.table.FileProof;
import io.mows.p2p.fetch.table.FileProof.Verdict;
import io.mows.p2p.fetch.table.Tickets;
import io.mows.p2p.piece.PieceDigest;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Proves one file while it is fetched: asks what its manifest says and whether others have proven
 * it, compares when all pieces are known, and says what it has found. For the engine's thread.
 */
public final class FileVerifier {
  /** How long the last piece waits for the manifest at most. */
  public static final long HOLD_NS = TimeUnit.SECONDS.toNanos(10);

  private final FileSpec file;
  private final FetchState state;
  private final ProofQuestions questions;
  private final Proofs proofs;
  private final FileProof proof;
  private final BitSet unchecked = new BitSet();
  private long heldSinceNs;
  private boolean restart;
  private boolean ended;
  private Findings found = new Findings();

  public FileVerifier(FileSpec file, FetchState state, Tickets tickets) {
    this.file = file;
    this.state = state;
    this.questions = new ProofQuestions(file, state, tickets);
    this.proofs = state.proofs();
    this.proof = proofs.of(file);
  }

  /**
   * The fetch has begun.
   *
   * @param present the pieces that were here before
   */
  public void start(BitSet present) {
    if (proofs.mode() == VerifyMode.OFF) {
      return;
    }
    unchecked.or(present);
    present.stream().filter(proof::isKnown).forEach(unchecked::clear);
    if (proof.verdict() != Verdict.PROVEN && present.cardinality() < proof.pieceCount()) {
      proofs.expectVerdict(file.fileId());
    }
    questions.askManifest();
  }

  private Findings take() {
    Findings now = found;
    found = new Findings();
    return now;
  }

  /** Nobody sees anything of the file until these pieces are gone. */
  private void discard(BitSet wrong) {
    proofs.beginDiscard(file.fileId());
    found.discard(wrong);
  }

  /** The manifest has said so, or could not be read. */
  public Findings manifestAnswered(long ticket, Expectation expectation, Throwable failure) {
    if (!questions.manifestAnswered(ticket, failure) || ended) {
      return take();
    }
    if (failure != null) {
      notAnswered(failure);
    } else {
      answered(expectation);
    }
    release();
    return take();
  }

  private void answered(Expectation expectation) {
    proof.asked(state.nowNs());
    proof.expect(expectation);
    if (expectation.crc32().isEmpty()) {
      noEntry(expectation);
    } else if (proof.verdict() == Verdict.PROVEN) {
      proven();
    } else {
      questions.askDigest();
      if (!proofs.mayShow(file.fileId())) {
        found.wantAll();
        state.scrubs().checkSoon(file, unchecked);
      }
      judge();
    }
  }

  private void notAnswered(Throwable failure) {
    if (proofs.mayShow(file.fileId())) {
      state
          .effects()
          .operator()
          .warn("The manifest of " + file + " cannot be read: " + failure.getMessage(), null);
      questions.askAgainLater();
    } else if (!questions.asksAgainSoon(failure)) {
      found.refuse(ProofFailures.unknown(file, failure));
    }
  }

  private void noEntry(Expectation expectation) {
    if (proofs.mode() != VerifyMode.STRICT) {
      show();
      return;
    }
    found.refuse(ProofFailures.noEntry(file, expectation));
  }

  /** Others have proven the file, or nobody is known to have. */
  public Findings digestHeard(long ticket, Optional<PieceDigest> digest) {
    boolean expected = questions.digestHeard(ticket);
    if (!expected || ended || digest.isEmpty() || proof.verdict() != Verdict.OPEN) {
      return take();
    }
    BitSet wrong = proof.adopt(digest.get());
    if (proof.verdict() != Verdict.PROVEN) {
      return take();
    }
    if (!wrong.isEmpty()) {
      state
          .effects()
          .operator()
          .warn(wrong.cardinality() + " pieces of " + file + " are wrong and fetched again", null);
      wrong.stream().forEach(piece -> state.metrics().pieceWrong());
      discard(wrong);
    }
    proven();
    return take();
  }

  /** Whether a piece with this CRC32 may be the right one. */
  public boolean fits(int piece, OptionalInt crc32) {
    return proof.fits(piece, crc32);
  }

  /** What to say of a piece that does not fit. */
  public CorruptPieceException notFitting(int piece) {
    state.metrics().pieceWrong();
    return ProofFailures.notFitting(file, piece);
  }

  public void note(int piece, OptionalInt crc32) {
    proof.note(piece, crc32);
  }

  /** The bytes of {@code piece} are here and of the right version. */
  public Findings arrived(int piece) {
    compare(piece);
    return take();
  }

  private void compare(int piece) {
    proof.confirm(piece);
    judge();
    // Who gets the whole of a file gets it after its verdict, which needs the manifest alone now.
    if (proof.isUnasked() && questions.isAsking() && !questions.hasFailed() && holdsBack()) {
      proofs.holdBack(file.fileId(), piece);
    }
  }

  /** The manifest has not answered for a moment only. */
  private boolean holdsBack() {
    long nowNs = state.nowNs();
    heldSinceNs = heldSinceNs == 0 ? nowNs : heldSinceNs;
    return nowNs - heldSinceNs < HOLD_NS;
  }

  /** The piece that waited for the verdict may be shown, if the file may. */
  private void release() {
    if (proofs.release(file.fileId()) && proofs.mayShow(file.fileId())) {
      found.show();
    }
  }

  /** Whether a piece that was here before has still to be compared. */
  public boolean isUnchecked(int piece) {
    return unchecked.get(piece);
  }

  /** The bytes that are here of {@code piece} have been read. */
  public Findings checked(int piece, int crc32) {
    unchecked.clear(piece);
    if (!proof.fits(piece, OptionalInt.of(crc32))) {
      BitSet wrong = new BitSet();
      wrong.set(piece);
      state.metrics().pieceWrong();
      discard(wrong);
    }
    proof.note(piece, OptionalInt.of(crc32));
    compare(piece);
    if (proof.verdict() == Verdict.PROVEN) {
      proven();
    }
    return take();
  }

  /** {@code piece} is not here any more. */
  public void lost(int piece) {
    unchecked.clear(piece);
  }

  private void judge() {
    if (ended || restart || proof.verdict() != Verdict.OPEN) {
      return;
    }
    Verdict verdict = proof.judge();
    if (verdict == Verdict.PROVEN) {
      state.metrics().fileProven(file);
      proof.digest().ifPresent(digest -> state.effects().locator().prove(file, digest));
      proven();
    } else if (verdict == Verdict.WRONG) {
      wrong();
    }
  }

  private void proven() {
    boolean strict = proofs.mode() == VerifyMode.STRICT;
    if (strict && !unchecked.isEmpty()) {
      state.scrubs().checkSoon(file, unchecked);
    } else {
      show();
    }
  }

  private void show() {
    if (proofs.show(file.fileId())) {
      found.show();
    }
  }

  private void wrong() {
    WrongFile wrong =
        new WrongFile(
            file,
            proof.expectation().crc32().getAsInt(),
            proof.digest().orElseThrow().fileCrc32(),
            proof.expectation().manifest());
    boolean again = proof.wrongTimes() > 1;
    state.metrics().fileWrong(wrong, again);
    if (again) {
      proofs.condemn(wrong);
      found.refuse(proofs.refusal(file.fileId()).orElseThrow());
    } else {
      proofs.withhold(file.fileId());
      restart = true;
      found.restart();
    }
  }

  /** Whether all of the file is to be read again, from the origin. */
  public boolean wantsRestart() {
    return restart;
  }

  /** Asks again what could not be answered. To be called now and then. */
  public Findings sweep(long nowNs) {
    if (heldSinceNs != 0 && nowNs - heldSinceNs >= HOLD_NS) {
      release();
    }
    questions.sweep(nowNs);
    return take();
  }

  /** Whether an answer is still to come. */
  public boolean isAsking() {
    return questions.isAsking();
  }

  /** Whether an answer or a comparison is still to come. */
  public boolean isBusy() {
    boolean hidden = !unchecked.isEmpty() && !proofs.mayShow(file.fileId());
    return questions.isOpen() || restart || hidden;
  }

  public void end() {
    ended = true;
    proofs.release(file.fileId());
  }
}
