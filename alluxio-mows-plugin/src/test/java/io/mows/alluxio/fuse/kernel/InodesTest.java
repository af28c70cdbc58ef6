// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.fuse.kernel.Inodes.Inode;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class InodesTest {
  private final Inodes inodes = new Inodes(id -> 0);
  private final Inode root = inodes.get(Inodes.ROOT);

  @Test
  void shouldKnowTheRootForEver() {
    assertEquals("/", root.path());
    assertEquals("/models", root.child("models"));
    assertTrue(root.isStill(4711));
    inodes.forget(Inodes.ROOT, 1);
    assertEquals("/", inodes.get(Inodes.ROOT).path());
  }

  @Test
  void shouldGiveOneNumberToOneVersionOfOnePath() {
    Inode first = inodes.lookedUp(root, "a", 1);
    assertEquals(first.node(), inodes.lookedUp(root, "a", 1).node());
    assertNotEquals(first.node(), inodes.lookedUp(root, "b", 1).node());
    Inode replaced = inodes.lookedUp(root, "a", 2);
    assertNotEquals(first.node(), replaced.node());
    assertTrue(replaced.isStill(2));
    assertFalse(replaced.isStill(1));
    assertEquals("/a/b", replaced.child("b"));
  }

  @Test
  void shouldForgetWhatTheKernelHasForgottenAsOftenAsItWasToldOfIt() {
    long node = inodes.lookedUp(root, "a", 1).node();
    inodes.lookedUp(root, "a", 1);
    inodes.lookedUp(root, "a", 1);
    assertFalse(inodes.forget(node, 2));
    assertEquals("/a", inodes.get(node).path());
    assertTrue(inodes.forget(node, 1));
    assertFalse(inodes.forget(node, 1));
    assertNull(inodes.get(node));
    assertEquals(1, inodes.size());
  }

  @Test
  void shouldKnowInWhichDirectoriesTheKernelWasToldOfAName() {
    Inode models = inodes.lookedUp(root, "models", 1);
    Inode file = inodes.lookedUp(models, "w", 3);
    assertEquals("w", file.name());
    assertEquals(Set.of(models.node()), inodes.parents(file));
    Inode replaced = inodes.lookedUp(root, "models", 2);
    assertEquals(file.node(), inodes.lookedUp(replaced, "w", 3).node());
    assertEquals(Set.of(models.node(), replaced.node()), inodes.parents(file));
  }

  @Test
  void shouldGiveAnotherNumberToBytesOfAnotherRound() {
    AtomicInteger round = new AtomicInteger();
    Inodes rounds = new Inodes(id -> id == 7 ? round.get() : 0);
    Inode parent = rounds.get(Inodes.ROOT);
    Inode before = rounds.lookedUp(parent, "a", 7);
    Inode other = rounds.lookedUp(parent, "b", 8);
    assertTrue(rounds.isOfThisRound(before));
    assertEquals(Set.of(), rounds.dropped(7));
    round.incrementAndGet();
    assertFalse(rounds.isOfThisRound(before));
    assertTrue(rounds.isOfThisRound(other) && rounds.isOfThisRound(parent));
    Inode after = rounds.lookedUp(parent, "a", 7);
    assertNotEquals(before.node(), after.node());
    assertEquals(Set.of(before.node()), rounds.dropped(7));
    assertTrue(before.isStill(7), "the file is the same");
  }

  @Test
  void shouldNeverGiveANumberTwice() {
    long node = inodes.lookedUp(root, "a", 1).node();
    inodes.forget(node, 1);
    assertNotEquals(node, inodes.lookedUp(root, "a", 1).node());
  }
}
