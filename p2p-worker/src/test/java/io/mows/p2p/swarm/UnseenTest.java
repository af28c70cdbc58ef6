// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Ownership;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class UnseenTest {
  private static final int SEED = 31;
  private static final long SELF = 1;

  @Test
  void shouldFindThePiecesOfOursThatNobodyHasSeen() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      int pieces = 1 + random.nextInt(200);
      FileSwarm file = file(pieces);
      file.ownership().update(round % 4 == 0 ? new long[] {2, 3} : new long[] {SELF, 2, 3});
      for (int i = random.nextInt(2 * pieces); i > 0; i--) {
        file.saw(random.nextInt(pieces));
        if (random.nextInt(4) == 0) {
          file.assigned().set(random.nextInt(pieces));
        }
      }
      for (int from = 0; from <= pieces; from++) {
        assertEquals(bySearching(file, from), Unseen.nextOfOurs(file, from), "from " + from);
      }
    }
  }

  private static FileSwarm file(int pieces) {
    return new FileSwarm(9, pieces, new Ownership(5, 9, SELF, pieces, 4, 1), 0, file -> {});
  }

  private static int bySearching(FileSwarm file, int from) {
    for (int piece = from; piece < file.pieceCount(); piece++) {
      boolean ours = file.ownership().isMine(piece) || file.assigned().get(piece);
      if (ours && !file.seen().get(piece)) {
        return piece;
      }
    }
    return -1;
  }
}
