// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.table.FileProof;
import io.mows.p2p.fetch.table.FileProof.Verdict;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceDigest;
import java.util.BitSet;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class FileProofTest {
  private static final FileLayout LAYOUT = new FileLayout(2_500, 1_000, 1_000);
  private static final int[] CRCS = {11, 22, 33};
  private static final PieceDigest DIGEST = new PieceDigest(2_500, 1_000, CRCS);
  private static final Expectation RIGHT = Expectation.crc32(DIGEST.fileCrc32(), "crc32.txt");

  private final FileProof proof = new FileProof(LAYOUT);

  private void arrive(int piece, int crc32) {
    proof.note(piece, OptionalInt.of(crc32));
    proof.confirm(piece);
  }

  private void arriveAll() {
    for (int piece = 0; piece < CRCS.length; piece++) {
      arrive(piece, CRCS[piece]);
    }
  }

  @Test
  void shouldBeProvenByItsPieces() {
    proof.expect(RIGHT);
    arrive(2, 33);
    arrive(0, 11);
    assertEquals(Verdict.OPEN, proof.judge());
    arrive(1, 22);
    assertEquals(Verdict.PROVEN, proof.judge());
    assertEquals(DIGEST, proof.digest().orElseThrow());
    assertTrue(proof.fits(1, OptionalInt.of(22)));
    assertFalse(proof.fits(1, OptionalInt.of(23)));
  }

  @Test
  void shouldNotCountWhatIsNotConfirmed() {
    proof.expect(RIGHT);
    arrive(0, 11);
    arrive(1, 22);
    proof.note(2, OptionalInt.of(33));
    assertEquals(Verdict.OPEN, proof.judge());
  }

  @Test
  void shouldStayOpenWithoutAManifest() {
    arriveAll();
    assertEquals(Verdict.OPEN, proof.judge());
    proof.expect(Expectation.noManifest());
    assertEquals(Verdict.OPEN, proof.judge());
    proof.expect(RIGHT);
    assertEquals(Verdict.PROVEN, proof.judge());
  }

  @Test
  void shouldBeWrongTwice() {
    proof.expect(RIGHT);
    arriveAll();
    arrive(0, 12);
    assertEquals(Verdict.WRONG, proof.judge());
    assertEquals(1, proof.wrongTimes());
    proof.forgetPieces();
    assertEquals(Verdict.OPEN, proof.judge());
    arriveAll();
    arrive(1, 12);
    assertEquals(Verdict.WRONG, proof.judge());
    assertEquals(2, proof.wrongTimes());
  }

  @Test
  void shouldNeverMatchAnotherManifest() {
    proof.expect(RIGHT);
    arriveAll();
    proof.judge();
    proof.expect(Expectation.crc32(DIGEST.fileCrc32() + 1, "crc32.txt"));
    assertEquals(Verdict.WRONG, proof.judge());
    assertTrue(proof.adopt(DIGEST).isEmpty());
    assertEquals(Verdict.WRONG, proof.verdict());
  }

  @Test
  void shouldTakeADigestOnlyIfItsOwnManifestAgrees() {
    proof.expect(Expectation.crc32(5, "crc32.txt"));
    proof.adopt(DIGEST);
    assertEquals(Verdict.OPEN, proof.verdict());
    proof.expect(RIGHT);
    proof.adopt(new PieceDigest(2_499, 1_000, CRCS));
    assertEquals(Verdict.OPEN, proof.verdict());
    proof.adopt(DIGEST);
    assertEquals(Verdict.PROVEN, proof.verdict());
  }

  @Test
  void shouldTakeNoDigestOfAFileThatNoManifestNames() {
    proof.adopt(DIGEST);
    for (Expectation none :
        new Expectation[] {Expectation.noManifest(), Expectation.noEntry("crc32.txt")}) {
      proof.expect(none);
      assertTrue(proof.adopt(DIGEST).isEmpty());
      assertEquals(Verdict.OPEN, proof.verdict());
      assertTrue(proof.fits(0, OptionalInt.of(99)), "what is told decides nothing");
      assertFalse(proof.isKnown(0));
    }
  }

  @Test
  void shouldTellWhichPiecesAreWrongByADigest() {
    proof.expect(RIGHT);
    arrive(0, 11);
    arrive(2, 34);
    BitSet wrong = proof.adopt(DIGEST);
    assertEquals(BitSet.valueOf(new long[] {0b100}), wrong);
    assertFalse(proof.fits(2, OptionalInt.of(34)));
    assertTrue(proof.fits(2, OptionalInt.of(33)));
  }
}
