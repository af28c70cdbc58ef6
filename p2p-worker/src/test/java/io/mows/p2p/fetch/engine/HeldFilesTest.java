// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.fetch.table.HeldFiles;
import io.mows.p2p.piece.FileLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldFilesTest {
  private final List<FileSpec> changes = new ArrayList<>();
  private final HeldFiles held = new HeldFiles(changes::add);

  /** Five pieces of 10 bytes in blocks of 25: piece 2 lies in two blocks. */
  private final FileSpec file =
      new FileSpec(
          7,
          "/model/7",
          new FileLayout(50, 25, 10),
          List.of(70L, 71L),
          new OriginRef(1, "origin/7", "v1", 0));

  private static BitSet pieces(int... pieces) {
    BitSet set = new BitSet();
    for (int piece : pieces) {
      set.set(piece);
    }
    return set;
  }

  @Test
  void shouldCountOnlyPiecesThatAreHereWhole() {
    held.committed(file, 0);
    assertEquals(pieces(0, 1), held.pieces(7));
    held.committed(file, 1);
    assertEquals(pieces(0, 1, 2, 3, 4), held.pieces(7));
    assertEquals(file, held.fileOfBlock(71));
    assertEquals(2, changes.size());
  }

  @Test
  void shouldSayWhatAnEvictionTakesAway() {
    held.committed(file, 0);
    held.committed(file, 1);
    assertEquals(pieces(0, 1, 2), held.gone(70));
    assertEquals(pieces(3, 4), held.pieces(7));
    assertEquals(pieces(), held.gone(70), "once");
    held.gone(71);
    assertNull(held.file(7));
    assertEquals(4, changes.size());
  }

  @Test
  void shouldTellOfEachBlockOnce() {
    held.committed(file, 0);
    held.committed(file, 0);
    assertEquals(1, changes.size());
  }
}
