// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceDigest;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of the CRC32s of one version of one file: those of its pieces, and whether they are
 * what the manifest says. Outlives the fetches of the file. Pure; for the engine's thread.
 *
 * <p>Until the file is proven the CRC32 of a piece is that of the bytes that came last. Afterwards
 * it is a fact, and other bytes are wrong.
 */
public final class FileProof {
  public enum Verdict {
    /** Not all pieces are known, or no manifest says what they should be. */
    OPEN,
    PROVEN,
    /** All pieces are known, and together they are not what the manifest says. */
    WRONG
  }

  private final FileLayout layout;
  private final int[] crc32s;
  private final BitSet noted = new BitSet();
  private final BitSet known = new BitSet();

  private final Runnable onChange;
  private Expectation expectation;
  private Verdict verdict = Verdict.OPEN;
  private long askedNs;

  private PieceDigest digest;
  private int wrongTimes;
  private boolean isFetchedOnly;

  public FileProof(FileLayout layout) {
    this(layout, () -> {});
  }

  /**
   * @param onChange run when the verdict, or what the manifest says, is another one
   */
  public FileProof(FileLayout layout, Runnable onChange) {
    this.layout = layout;
    this.onChange = onChange;
    this.crc32s = new int[layout.pieceCount()];
  }

  public int pieceCount() {
    return crc32s.length;
  }

  /** Whether a piece with this CRC32 may be the right one. */
  public boolean fits(int piece, OptionalInt crc32) {
    return verdict != Verdict.PROVEN || crc32.isEmpty() || crc32s[piece] == crc32.getAsInt();
  }

  /** These bytes have come; whether they are of the right version may not be known yet. */
  public void note(int piece, OptionalInt crc32) {
    if (verdict == Verdict.PROVEN) {
      return;
    }
    known.clear(piece);
    noted.set(piece, crc32.isPresent());
    crc32.ifPresent(value -> crc32s[piece] = value);
  }

  /** The bytes that were noted last are of the right version. */
  public void confirm(int piece) {
    if (noted.get(piece)) {
      known.set(piece);
    }
  }

  public OptionalInt crc32(int piece) {
    return known.get(piece) ? OptionalInt.of(crc32s[piece]) : OptionalInt.empty();
  }

  public boolean isKnown(int piece) {
    return known.get(piece);
  }

  public boolean isAllKnown() {
    return known.cardinality() == crc32s.length;
  }

  /** All pieces are known and nobody has said what they should be. */
  public boolean isUnasked() {
    return expectation == null && isAllKnown();
  }

  /** What the manifest says; null before it was asked. */
  public Expectation expectation() {
    return expectation;
  }

  /** The manifest has answered at {@code nowNs}. */
  public void asked(long nowNs) {
    askedNs = nowNs;
    onChange.run();
  }

  public long askedNs() {
    return askedNs;
  }

  /** The manifest says this now; what was proven or wrong by another one is open again. */
  public void expect(Expectation now) {
    boolean another = expectation == null || !expectation.crc32().equals(now.crc32());
    expectation = now;
    if (another) {
      verdict = Verdict.OPEN;
      digest = null;
      wrongTimes = 0;
    }
    onChange.run();
  }

  /** Compares if that can be done. */
  public Verdict judge() {
    boolean canTell =
        verdict == Verdict.OPEN
            && expectation != null
            && expectation.crc32().isPresent()
            && isAllKnown();
    if (canTell) {
      digest = new PieceDigest(layout.lengthBytes(), layout.pieceBytes(), crc32s);
      boolean right = digest.fileCrc32() == expectation.crc32().getAsInt();
      verdict = right ? Verdict.PROVEN : Verdict.WRONG;
      wrongTimes = right ? 0 : wrongTimes + 1;
      onChange.run();
    }
    return verdict;
  }

  public Verdict verdict() {
    return verdict;
  }

  /** How often in a row the whole file was wrong. */
  public int wrongTimes() {
    return wrongTimes;
  }

  /** The pieces of the whole file, proven or wrong; empty while that is open. */
  public Optional<PieceDigest> digest() {
    return Optional.ofNullable(digest);
  }

  /**
   * Somebody else has proven the file. Taken only if it is what our own manifest says.
   *
   * @return the pieces known here that are wrong by it
   */
  public BitSet adopt(PieceDigest proven) {
    BitSet wrong = new BitSet();
    boolean usable =
        verdict == Verdict.OPEN
            && expectation != null
            && proven.fits(layout)
            && expectation.crc32().equals(OptionalInt.of(proven.fileCrc32()));
    if (!usable) {
      return wrong;
    }
    for (int piece = 0; piece < crc32s.length; piece++) {
      wrong.set(piece, noted.get(piece) && crc32s[piece] != proven.crc32(piece));
      crc32s[piece] = proven.crc32(piece);
    }
    known.set(0, crc32s.length);
    noted.set(0, crc32s.length);
    digest = proven;
    verdict = Verdict.PROVEN;
    onChange.run();
    return wrong;
  }

  /** Bytes of the file that were in memory were wrong: what comes in their place is fetched. */
  public void fetchOnly() {
    isFetchedOnly = true;
  }

  /** Whether its bytes are not taken from another file that is said to have the same. */
  public boolean isFetchedOnly() {
    return isFetchedOnly;
  }

  /** Everything is to be read again. */
  public void forgetPieces() {
    known.clear();
    noted.clear();
    verdict = Verdict.OPEN;
    digest = null;
    onChange.run();
  }
}
