// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * An immutable hash map: {@link #with} and {@link #without} return a new map that shares all but
 * one path with the old one, so a state of hundreds of thousands of entries changes in a
 * microsecond and old versions stay readable without a lock.
 *
 * <p>A hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001): 5 bits of the hash pick one of
 * 32 slots of a node; a bitmap says which slots are there. A slot holds a deeper {@link
 * TrieBranch}, a {@link TrieLeaf}, or, when the whole hashes of several keys are equal, a chain of
 * leaves.
 */
public final class PersistentMap<K, V> {
  private static final int BITS = 5;
  private static final PersistentMap<?, ?> EMPTY =
      new PersistentMap<>(new TrieBranch(0, new Object[0]), 0);

  private final TrieBranch root;
  private final int size;

  private PersistentMap(TrieBranch root, int size) {
    this.root = root;
    this.size = size;
  }

  @SuppressWarnings("unchecked")
  static <K, V> PersistentMap<K, V> empty() {
    return (PersistentMap<K, V>) EMPTY;
  }

  public int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  public boolean containsKey(K key) {
    return get(key) != null;
  }

  /** Returns the value of {@code key}, or null. */
  @SuppressWarnings("unchecked")
  public V get(K key) {
    int hash = spread(key);
    TrieBranch branch = root;
    for (int shift = 0; ; shift += BITS) {
      Object slot = branch.slot(hash, shift);
      if (slot instanceof TrieBranch) {
        branch = (TrieBranch) slot;
        continue;
      }
      for (TrieLeaf leaf = (TrieLeaf) slot; leaf != null; leaf = leaf.next) {
        if (leaf.key.equals(key)) {
          return (V) leaf.value;
        }
      }
      return null;
    }
  }

  PersistentMap<K, V> with(K key, V value) {
    Objects.requireNonNull(value);
    TrieLeaf leaf = new TrieLeaf(spread(key), key, value, null);
    TrieBranch changed = put(root, 0, leaf);
    return new PersistentMap<>(changed, containsKey(key) ? size : size + 1);
  }

  PersistentMap<K, V> without(K key) {
    if (!containsKey(key)) {
      return this;
    }
    return size == 1
        ? empty()
        : new PersistentMap<>((TrieBranch) remove(root, 0, spread(key), key, true), size - 1);
  }

  /** Calls {@code action} for each entry, in no particular order. */
  @SuppressWarnings("unchecked")
  public void forEach(BiConsumer<? super K, ? super V> action) {
    visit(root, (key, value) -> action.accept((K) key, (V) value));
  }

  private static void visit(TrieBranch branch, BiConsumer<Object, Object> action) {
    for (Object slot : branch.slots) {
      if (slot instanceof TrieBranch) {
        visit((TrieBranch) slot, action);
      } else {
        for (TrieLeaf leaf = (TrieLeaf) slot; leaf != null; leaf = leaf.next) {
          action.accept(leaf.key, leaf.value);
        }
      }
    }
  }

  private static TrieBranch put(TrieBranch branch, int shift, TrieLeaf leaf) {
    Object slot = branch.slot(leaf.hash, shift);
    if (slot == null) {
      return branch.inserted(leaf.hash, shift, leaf);
    }
    if (slot instanceof TrieBranch) {
      return branch.replaced(leaf.hash, shift, put((TrieBranch) slot, shift + BITS, leaf));
    }
    return branch.replaced(leaf.hash, shift, join((TrieLeaf) slot, shift + BITS, leaf));
  }

  private static Object join(TrieLeaf present, int shift, TrieLeaf leaf) {
    if (present.hash == leaf.hash) {
      return new TrieLeaf(leaf.hash, leaf.key, leaf.value, present.chainWithout(leaf.key));
    }
    return put(
        new TrieBranch(0, new Object[0]).inserted(present.hash, shift, present), shift, leaf);
  }

  /** Returns what remains of {@code branch}: a branch, or the leaf it would hold alone. */
  private static Object remove(TrieBranch branch, int shift, int hash, Object key, boolean isRoot) {
    Object slot = branch.slot(hash, shift);
    Object rest =
        slot instanceof TrieBranch
            ? remove((TrieBranch) slot, shift + BITS, hash, key, false)
            : ((TrieLeaf) slot).chainWithout(key);
    TrieBranch changed =
        rest == null ? branch.removed(hash, shift) : branch.replaced(hash, shift, rest);
    boolean isLoneLeaf = changed.slots.length == 1 && changed.slots[0] instanceof TrieLeaf;
    return isLoneLeaf && !isRoot ? changed.slots[0] : changed;
  }

  /** Mixes the hash (the finaliser of MurmurHash3): ids count up in steps of powers of two. */
  private static int spread(Object key) {
    int h = key.hashCode();
    h = (h ^ h >>> 16) * 0x85EBCA6B;
    h = (h ^ h >>> 13) * 0xC2B2AE35;
    return h ^ h >>> 16;
  }
}
