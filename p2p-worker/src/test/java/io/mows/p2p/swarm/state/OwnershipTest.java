// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class OwnershipTest {
  private static final int PIECES = 1_000;

  private static Ownership of(long self, long... peers) {
    Ownership ownership = new Ownership(5, 7, self, PIECES, 4, 4);
    ownership.update(peers);
    return ownership;
  }

  @Test
  void shouldGiveEachPieceOneOwnerOnWhomAllAgree() {
    long[] peers = LongStream.rangeClosed(1, 50).toArray();
    long[] reversed = LongStream.rangeClosed(1, 50).map(id -> 51 - id).toArray();
    int[] owners = new int[PIECES];
    for (long self : peers) {
      Ownership ownership = of(self, self % 2 == 0 ? peers : reversed);
      assertArrayEquals(of(1, peers).owners(), ownership.owners());
      for (int piece = 0; piece < PIECES; piece++) {
        owners[piece] += ownership.isMine(piece) ? 1 : 0;
      }
    }
    for (int piece = 0; piece < PIECES; piece++) {
      assertEquals(1, owners[piece], "owners of piece " + piece);
    }
  }

  @Test
  void shouldGiveEachPieceOneDeputyWhoWouldOwnItNext() {
    long[] peers = {1, 2, 3, 4};
    for (int piece = 0; piece < PIECES; piece++) {
      int deputies = 0;
      for (long self : peers) {
        boolean deputy = of(self, peers).isDeputy(piece);
        deputies += deputy ? 1 : 0;
        long owner = ownerOf(piece, peers);
        assertEquals(
            deputy, self != owner && of(self, without(owner, peers)).isMine(piece), "at " + self);
      }
      assertEquals(1, deputies, "deputies of piece " + piece);
    }
    assertFalse(of(1, 1).isDeputy(0), "nobody to stand in for");
  }

  private static long ownerOf(int piece, long... peers) {
    return LongStream.of(peers).filter(self -> of(self, peers).isMine(piece)).findFirst().orElse(0);
  }

  private static long[] without(long peer, long... peers) {
    return LongStream.of(peers).filter(other -> other != peer).toArray();
  }

  @Test
  void shouldShareThePiecesAboutEvenlyAmongFewOwners() {
    long[] peers = LongStream.rangeClosed(1, 50).toArray();
    assertEquals(4, of(1, peers).owners().length);
    for (long owner : of(1, peers).owners()) {
      Ownership ownership = of(owner, peers);
      int mine = 0;
      for (int piece = 0; piece < PIECES; piece++) {
        mine += ownership.isMine(piece) ? 1 : 0;
      }
      assertTrue(mine > 150 && mine < 350, owner + " owns " + mine);
    }
  }

  @Test
  void shouldMoveOnlyThePiecesOfAnOwnerWhoLeaves() {
    Ownership before = of(1, 1, 2, 3, 4);
    Ownership after = of(1, 1, 2, 4);
    for (int piece = 0; piece < PIECES; piece++) {
      assertTrue(!before.isMine(piece) || after.isMine(piece));
    }
  }

  @Test
  void shouldKeepNeighbouringPiecesTogether() {
    Ownership ownership = of(1, 1, 2, 3, 4);
    for (int piece = 0; piece < PIECES; piece++) {
      assertEquals(ownership.isMine(piece / 4 * 4), ownership.isMine(piece));
    }
  }

  @Test
  void shouldRankAllPeersByTheSameOrder() {
    long[] peers = LongStream.rangeClosed(1, 20).toArray();
    boolean[] ranks = new boolean[20];
    for (long self : peers) {
      ranks[of(self, peers).rank()] = true;
    }
    for (int rank = 0; rank < 20; rank++) {
      assertTrue(ranks[rank], "nobody has rank " + rank);
    }
  }
}
