// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ArenaTest {
  private static final int MIB = 1 << 20;

  private final FakeVerbs verbs = new FakeVerbs();
  private final Verbs.Domain domain = verbs.newDomain();
  private final Arena arena = new Arena(domain, 4 * MIB);

  @AfterEach
  void shouldLeaveNothing() {
    arena.close();
    domain.close();
    assertEquals(0, verbs.openThings());
    assertEquals(0, arena.registeredBytes());
    verbs.close();
  }

  @Test
  void shouldRoundUpToPowersOfTwo() {
    assertEquals(Arena.MIN_SLAB_BYTES, Arena.slabBytes(1));
    assertEquals(4 * MIB, Arena.slabBytes(4 * MIB));
    assertEquals(8 * MIB, Arena.slabBytes(4 * MIB + 1));
  }

  @Test
  void shouldUseASlabAgain() throws Exception {
    Slab first = arena.acquire(MIB);
    first.release();
    Slab second = arena.acquire(MIB - 1);
    assertSame(first, second);
    second.release();
    assertEquals(MIB, arena.registeredBytes());
    assertEquals(0, arena.usedBytes());
  }

  @Test
  void shouldKeepToItsBudget() throws Exception {
    Slab half = arena.acquire(2 * MIB);
    Slab quarter = arena.acquire(MIB);
    assertNull(arena.acquire(2 * MIB));
    quarter.release();
    // The idle slab of the other length makes room.
    Slab other = arena.acquire(2 * MIB);
    assertNotNull(other);
    assertEquals(4 * MIB, arena.registeredBytes());
    half.release();
    other.release();
  }

  @Test
  void shouldTakeASlabBackFromItsLastOwnerOnly() throws Exception {
    Slab slab = arena.acquire(MIB);
    slab.retain();
    slab.release();
    assertEquals(MIB, arena.usedBytes());
    slab.release();
    assertEquals(0, arena.usedBytes());
    assertEquals(slab, arena.acquire(MIB));
    slab.release();
  }

  @Test
  void shouldGiveUpASlabThatComesBackAfterItsEnd() throws Exception {
    Slab slab = arena.acquire(MIB);
    arena.close();
    slab.release();
    assertEquals(0, arena.registeredBytes());
  }
}
