// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import java.util.Arrays;

/** A node of the trie of {@code PersistentMap}: the slots that are there, in order. Immutable. */
final class TrieBranch {
  private static final int HASH_BITS = 32;

  final int bitmap;
  final Object[] slots;

  TrieBranch(int bitmap, Object[] slots) {
    this.bitmap = bitmap;
    this.slots = slots;
  }

  private static int bit(int hash, int shift) {
    assert shift < HASH_BITS : "equal hashes are chained";
    return 1 << ((hash >>> shift) & 31);
  }

  private int index(int bit) {
    return Integer.bitCount(bitmap & (bit - 1));
  }

  Object slot(int hash, int shift) {
    int bit = bit(hash, shift);
    return (bitmap & bit) == 0 ? null : slots[index(bit)];
  }

  TrieBranch replaced(int hash, int shift, Object slot) {
    Object[] changed = slots.clone();
    changed[index(bit(hash, shift))] = slot;
    return new TrieBranch(bitmap, changed);
  }

  TrieBranch inserted(int hash, int shift, Object slot) {
    int bit = bit(hash, shift);
    int index = index(bit);
    Object[] changed = Arrays.copyOf(slots, slots.length + 1);
    System.arraycopy(slots, index, changed, index + 1, slots.length - index);
    changed[index] = slot;
    return new TrieBranch(bitmap | bit, changed);
  }

  TrieBranch removed(int hash, int shift) {
    int bit = bit(hash, shift);
    int index = index(bit);
    Object[] changed = Arrays.copyOf(slots, slots.length - 1);
    System.arraycopy(slots, index + 1, changed, index, slots.length - index - 1);
    return new TrieBranch(bitmap & ~bit, changed);
  }
}
