// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.RefusedFileException;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.WrongFile;
import io.mows.p2p.fetch.table.FileProof.Verdict;
import java.util.BitSet;
import java.util.Optional;

/** What may be shown of one file, and what is known of its proof. Immutable. */
public final class Visible {
  private static final int WITHHELD = 1;
  private static final int DISCARDING = 2;
  private static final int REMOVING = 4;
  private static final int SHOWN = 8;
  private static final int UNJUDGED = 16;

  private final VerifyMode mode;
  private final int flags;
  private final BitSet heldBack;
  private final int generation;
  private final WrongFile wrong;
  private final Expectation expectation;
  private final Verdict verdict;
  private final long askedNs;

  private Visible(
      VerifyMode mode,
      int flags,
      BitSet heldBack,
      int generation,
      WrongFile wrong,
      Expectation expectation,
      Verdict verdict,
      long askedNs) {
    this.mode = mode;
    this.flags = flags;
    this.heldBack = heldBack;
    this.generation = generation;
    this.wrong = wrong;
    this.expectation = expectation;
    this.verdict = verdict;
    this.askedNs = askedNs;
  }

  /** Of a file of which nothing is known. */
  public static Visible unknown(VerifyMode mode) {
    return new Visible(mode, 0, null, 0, null, null, Verdict.OPEN, 0);
  }

  private boolean is(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether readers may have bytes of the file that are here. */
  public boolean mayShow() {
    return (flags & (WITHHELD | DISCARDING | REMOVING)) == 0
        && (mode != VerifyMode.STRICT || is(SHOWN));
  }

  /** Whether readers may have {@code piece} if it is here. */
  public boolean mayShow(int piece) {
    return mayShow() && (heldBack == null || !heldBack.get(piece));
  }

  /**
   * Whether complete blocks of the file may be given to readers to read them by themselves. They
   * cannot be taken back, so not before the file's verdict, if one is to come.
   */
  public boolean mayHandOver() {
    return mayShow() && !is(UNJUDGED);
  }

  /**
   * Whether readers may have the file, and its manifest was asked less than {@code forNs} ago and
   * has nothing left to say of it.
   */
  public boolean isSettled(long nowNs, long forNs) {
    boolean said =
        expectation != null
            && nowNs - askedNs < forNs
            && (expectation.crc32().isEmpty() || verdict == Verdict.PROVEN);
    return mayHandOver() && (said || mode == VerifyMode.OFF);
  }

  /** Whether the file has been wrong and is not proven since. */
  public boolean isSuspect() {
    return is(WITHHELD);
  }

  /** Whether readers may have bytes that nobody has checked. */
  public boolean mayBypass() {
    return mode != VerifyMode.STRICT && mayShow();
  }

  public boolean isAnyHeldBack() {
    return heldBack != null;
  }

  /** Whether there is nothing to know of it. */
  public boolean isBlank() {
    return flags == 0
        && heldBack == null
        && generation == 0
        && wrong == null
        && expectation == null;
  }

  public boolean isWrong() {
    return wrong != null;
  }

  /** What is wrong with it; null if nothing is. */
  public WrongFile wrong() {
    return wrong;
  }

  /** Why nobody gets the file; empty if that is not so. */
  public Optional<TransferException> refusal() {
    return Optional.ofNullable(wrong).map(Visible::refusal);
  }

  private static TransferException refusal(WrongFile file) {
    return new RefusedFileException(
        file + ", also when read again from the origin. Its bytes are not given to anybody",
        "If the file is right, correct its entry in the manifest; if it is not, put the right one"
            + " there and run 'alluxio fs loadMetadata -F "
            + file.file().path()
            + "'.");
  }

  /**
   * Another number each time bytes of the file have been taken back, so that copies made before
   * must not be used any more.
   */
  public int generation() {
    return generation;
  }

  /** As far as is known, of the bytes that came last. */
  public FileStatus.Proof proof() {
    if (wrong != null) {
      return FileStatus.Proof.WRONG;
    }
    if (expectation == null || expectation.crc32().isEmpty()) {
      return FileStatus.Proof.NONE;
    }
    boolean proven = verdict == Verdict.PROVEN && mayShow();
    return proven ? FileStatus.Proof.PROVEN : FileStatus.Proof.UNPROVEN;
  }

  // The same, but for one thing.

  private Visible with(int newFlags, BitSet nowHeldBack) {
    return new Visible(
        mode, newFlags, nowHeldBack, generation, wrong, expectation, verdict, askedNs);
  }

  private Visible with(int flag, boolean isSet) {
    return with(isSet ? flags | flag : flags & ~flag, heldBack);
  }

  public Visible proof(Expectation now, Verdict newVerdict, long nowAskedNs) {
    return new Visible(mode, flags, heldBack, generation, wrong, now, newVerdict, nowAskedNs);
  }

  /** The proof is not kept; what was taken back stays so. */
  public Visible forgotten() {
    return with(flags & ~(SHOWN | UNJUDGED), heldBack).proof(null, Verdict.OPEN, 0);
  }

  public Visible shown() {
    return with((flags | SHOWN) & ~(UNJUDGED | WITHHELD), null).wrong(null);
  }

  public Visible withheld(boolean isSet) {
    return with(WITHHELD, isSet);
  }

  public Visible discarding(boolean isSet) {
    return with(DISCARDING, isSet);
  }

  public Visible removing(boolean isSet) {
    return with(REMOVING, isSet);
  }

  public Visible unjudged() {
    return with(UNJUDGED, true);
  }

  public Visible holdingBack(int piece) {
    BitSet held = heldBack == null ? new BitSet() : (BitSet) heldBack.clone();
    held.set(piece);
    return with(flags, held);
  }

  public Visible released() {
    return with(flags, null);
  }

  public Visible wrong(WrongFile now) {
    return new Visible(mode, flags, heldBack, generation, now, expectation, verdict, askedNs);
  }

  public Visible dropped() {
    return new Visible(mode, flags, heldBack, generation + 1, wrong, expectation, verdict, askedNs);
  }
}
