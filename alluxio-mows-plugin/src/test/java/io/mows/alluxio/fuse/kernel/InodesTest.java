// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.fuse.kernel.Inodes.Inode;
import org.junit.jupiter.api.Test;

final class InodesTest {
  private final Inodes inodes = new Inodes();

  @Test
  void shouldKnowTheRootForEver() {
    Inode root = inodes.get(Inodes.ROOT);
    assertEquals("/", root.path());
    assertEquals("/models", root.child("models"));
    assertTrue(root.isStill(4711));
    inodes.forget(Inodes.ROOT, 1);
    assertEquals("/", inodes.get(Inodes.ROOT).path());
  }

  @Test
  void shouldGiveOneNumberToOneVersionOfOnePath() {
    Inode first = inodes.lookedUp("/a", 1);
    assertEquals(first.node(), inodes.lookedUp("/a", 1).node());
    assertNotEquals(first.node(), inodes.lookedUp("/b", 1).node());
    Inode replaced = inodes.lookedUp("/a", 2);
    assertNotEquals(first.node(), replaced.node());
    assertTrue(replaced.isStill(2));
    assertFalse(replaced.isStill(1));
    assertEquals("/a/b", replaced.child("b"));
  }

  @Test
  void shouldForgetWhatTheKernelHasForgottenAsOftenAsItWasToldOfIt() {
    long node = inodes.lookedUp("/a", 1).node();
    inodes.lookedUp("/a", 1);
    inodes.lookedUp("/a", 1);
    inodes.forget(node, 2);
    assertEquals("/a", inodes.get(node).path());
    inodes.forget(node, 1);
    assertNull(inodes.get(node));
    assertEquals(1, inodes.size());
  }

  @Test
  void shouldNeverGiveANumberTwice() {
    long node = inodes.lookedUp("/a", 1).node();
    inodes.forget(node, 1);
    assertNotEquals(node, inodes.lookedUp("/a", 1).node());
  }
}
