// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.CorruptPieceException;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileProof.Verdict;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.swarm.OriginGates.Ask;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Proves one file while it is fetched: asks what its manifest says and whether others have proven
 * it, compares when all pieces are known, and decides what follows. For the engine's thread.
 */
final class FileVerifier {
  private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

  /** How long the last piece waits for the manifest at most. */
  static final long HOLD_NS = TimeUnit.SECONDS.toNanos(10);

  /** For about two minutes; after that, when the file is scrubbed or opened again. */
  private static final int MAX_ATTEMPTS = 8;

  private final FileSpec file;
  private final FetchState state;
  private final Tickets tickets;
  private final Proofs proofs;
  private final FileProof proof;
  private final Listener listener;
  private final BitSet unchecked = new BitSet();
  private long heldSinceNs;

  /** The origin's turn that each question about the manifest is. */
  private final Map<Long, Ask> manifests = new HashMap<>();

  private final Set<Long> digests = new HashSet<>();
  private long askAgainAtNs;
  private boolean askAgain;
  private OptionalLong unansweredSince = OptionalLong.empty();
  private int attempts;
  private boolean restart;
  private boolean ended;

  /** Told what follows. */
  interface Listener {
    /** From now on readers may see what is here. */
    void shown();

    /** These pieces are wrong: they are to be fetched again. */
    void discard(BitSet pieces);

    /** Nobody may see the file. */
    void cannotShow(TransferException why);

    /** All of the file is needed, or nothing of it can be shown. */
    void wantAll();

    /** All of it is to be read again. */
    void wantsRestart();
  }

  FileVerifier(FileSpec file, FetchState state, Tickets tickets, Listener listener) {
    this.file = file;
    this.state = state;
    this.tickets = tickets;
    this.proofs = state.proofs;
    this.proof = proofs.of(file);
    this.listener = listener;
  }

  /**
   * The fetch has begun.
   *
   * @param present the pieces that were here before
   */
  void start(BitSet present) {
    if (proofs.mode() == VerifyMode.OFF) {
      return;
    }
    unchecked.or(present);
    present.stream().filter(proof::isKnown).forEach(unchecked::clear);
    if (proof.verdict() != Verdict.PROVEN && present.cardinality() < proof.pieceCount()) {
      proofs.expectVerdict(file.fileId());
    }
    ask();
  }

  private void ask() {
    Origins origins = state.origins;
    askAgain = !origins.mayAsk(file);
    if (askAgain) {
      askAgainAtNs = state.nowNs();
      return;
    }
    long ticket = tickets.next();
    manifests.put(ticket, origins.ask(file));
    state.effects.askManifest(ticket, file);
  }

  /** The manifest has said so, or could not be read. */
  void manifestAnswered(long ticket, Expectation expectation, Throwable failure) {
    Ask ask = manifests.remove(ticket);
    if (ask == null) {
      return;
    }
    state.origins.answeredManifest(ask, file, failure);
    if (ended) {
      return;
    }
    if (failure != null) {
      notAnswered(failure);
    } else {
      unansweredSince = OptionalLong.empty();
      answered(expectation);
    }
    release();
  }

  private void answered(Expectation expectation) {
    proof.asked(state.nowNs());
    proof.expect(expectation);
    if (expectation.crc32().isEmpty()) {
      noEntry(expectation);
    } else if (proof.verdict() == Verdict.PROVEN) {
      proven();
    } else {
      long ticket = tickets.next();
      digests.add(ticket);
      state.effects.askDigest(ticket, file.fileId());
      if (!proofs.mayShow(file.fileId())) {
        listener.wantAll();
        state.scrubs.checkSoon(file, unchecked);
      }
      judge();
    }
  }

  private void notAnswered(Throwable failure) {
    long nowNs = state.nowNs();
    unansweredSince = OptionalLong.of(unansweredSince.orElse(nowNs));
    boolean waits = nowNs - unansweredSince.getAsLong() < state.origins.patienceNs();
    boolean mayPass = OriginException.mayPass(failure).isPresent();
    if (mayPass && waits && !proofs.mayShow(file.fileId())) {
      askAgain = true;
      askAgainAtNs = nowNs + ASK_AGAIN_NS;
      return;
    }
    if (!proofs.mayShow(file.fileId())) {
      listener.cannotShow(
          new TransferException(
              Remedy.RETRY,
              file.path()
                  + " cannot be proven because its manifest cannot be read: "
                  + failure.getMessage(),
              failure));
      return;
    }
    state.effects.warn(
        "The manifest of " + file + " cannot be read: " + failure.getMessage(), null);
    askAgainAtNs = nowNs + (ASK_AGAIN_NS << attempts);
    askAgain = ++attempts < MAX_ATTEMPTS;
  }

  private void noEntry(Expectation expectation) {
    if (proofs.mode() != VerifyMode.STRICT) {
      show();
      return;
    }
    listener.cannotShow(
        new RefusedFileException(
            file.path()
                + " cannot be proven because it "
                + expectation.reason()
                + ", and with alluxio.mows.verify=strict only proven files are shown",
            "Add it to the manifest ('alluxio fs mows manifest' writes one)."));
  }

  /** Others have proven the file, or nobody is known to have. */
  void digestHeard(long ticket, Optional<PieceDigest> digest) {
    boolean expected = digests.remove(ticket);
    if (!expected || ended || digest.isEmpty() || proof.verdict() != Verdict.OPEN) {
      return;
    }
    BitSet wrong = proof.adopt(digest.get());
    if (proof.verdict() != Verdict.PROVEN) {
      return;
    }
    if (!wrong.isEmpty()) {
      state.effects.warn(
          wrong.cardinality() + " pieces of " + file + " are wrong and fetched again", null);
      wrong.stream().forEach(piece -> state.events.pieceWrong());
      listener.discard(wrong);
    }
    proven();
  }

  /** Whether a piece with this CRC32 may be the right one. */
  boolean fits(int piece, OptionalInt crc32) {
    return proof.fits(piece, crc32);
  }

  /** What to say of a piece that does not fit. */
  CorruptPieceException notFitting(int piece) {
    state.events.pieceWrong();
    return new CorruptPieceException(
        "The bytes of piece "
            + piece
            + " of "
            + file
            + " are not those of the proven file (wrong CRC32)");
  }

  void note(int piece, OptionalInt crc32) {
    proof.note(piece, crc32);
  }

  /** The bytes of {@code piece} are here and of the right version. */
  void arrived(int piece) {
    proof.confirm(piece);
    judge();
    // Who gets the whole of a file gets it after its verdict, which needs the manifest alone now.
    if (proof.isUnasked() && isAsking() && attempts == 0 && holdsBack()) {
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
      listener.shown();
    }
  }

  /** Whether a piece that was here before has still to be compared. */
  boolean isUnchecked(int piece) {
    return unchecked.get(piece);
  }

  /** The bytes that are here of {@code piece} have been read. */
  void checked(int piece, int crc32) {
    unchecked.clear(piece);
    if (!proof.fits(piece, OptionalInt.of(crc32))) {
      BitSet wrong = new BitSet();
      wrong.set(piece);
      state.events.pieceWrong();
      listener.discard(wrong);
    }
    proof.note(piece, OptionalInt.of(crc32));
    arrived(piece);
    if (proof.verdict() == Verdict.PROVEN) {
      proven();
    }
  }

  /** {@code piece} is not here any more. */
  void lost(int piece) {
    unchecked.clear(piece);
  }

  private void judge() {
    if (ended || restart || proof.verdict() != Verdict.OPEN) {
      return;
    }
    Verdict verdict = proof.judge();
    if (verdict == Verdict.PROVEN) {
      state.events.fileProven(file);
      proof.digest().ifPresent(digest -> state.effects.prove(file, digest));
      proven();
    } else if (verdict == Verdict.WRONG) {
      wrong();
    }
  }

  private void proven() {
    boolean strict = proofs.mode() == VerifyMode.STRICT;
    if (strict && !unchecked.isEmpty()) {
      state.scrubs.checkSoon(file, unchecked);
    } else {
      show();
    }
  }

  private void show() {
    if (proofs.show(file.fileId())) {
      listener.shown();
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
    state.events.fileWrong(wrong, again);
    if (again) {
      proofs.condemn(wrong);
      listener.cannotShow(proofs.refusal(file.fileId()).orElseThrow());
    } else {
      proofs.withhold(file.fileId());
      restart = true;
      listener.wantsRestart();
    }
  }

  /** Whether all of the file is to be read again, from the origin. */
  boolean wantsRestart() {
    return restart;
  }

  /** Asks again what could not be answered. To be called now and then. */
  void sweep(long nowNs) {
    if (heldSinceNs != 0 && nowNs - heldSinceNs >= HOLD_NS) {
      release();
    }
    if (askAgain && nowNs - askAgainAtNs >= 0) {
      ask();
    }
  }

  /** Whether an answer is still to come. */
  boolean isAsking() {
    return !manifests.isEmpty() || !digests.isEmpty();
  }

  /** Whether an answer or a comparison is still to come. */
  boolean isBusy() {
    boolean hidden = !unchecked.isEmpty() && !proofs.mayShow(file.fileId());
    return isAsking() || askAgain || restart || hidden;
  }

  void end() {
    ended = true;
    proofs.release(file.fileId());
  }
}
