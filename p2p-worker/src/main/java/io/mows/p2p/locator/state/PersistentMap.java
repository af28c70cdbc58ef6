// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * An immutable hash map: {@link #with} and {@link #without} return a new map that shares all but
 * one path with the old one, so a state of hundreds of thousands of entries changes in a
 * microsecond and old versions stay readable without a lock.
 *
 * <p>A hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001): 5 bits of the hash pick one of
 * 32 slots of a node; a bitmap says which slots are there. A slot holds a deeper {@link Branch}, a
 * {@link Leaf}, or, when the whole hashes of several keys are equal, a chain of leaves.
 */
public final class PersistentMap<K, V> {
  private static final int BITS = 5;
  private static final int HASH_BITS = 32;
  private static final PersistentMap<?, ?> EMPTY =
      new PersistentMap<>(new Branch(0, new Object[0]), 0);

  private final Branch root;
  private final int size;

  private PersistentMap(Branch root, int size) {
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
    Branch branch = root;
    for (int shift = 0; ; shift += BITS) {
      Object slot = branch.slot(hash, shift);
      if (slot instanceof Branch) {
        branch = (Branch) slot;
        continue;
      }
      for (Leaf leaf = (Leaf) slot; leaf != null; leaf = leaf.next) {
        if (leaf.key.equals(key)) {
          return (V) leaf.value;
        }
      }
      return null;
    }
  }

  PersistentMap<K, V> with(K key, V value) {
    Objects.requireNonNull(value);
    Leaf leaf = new Leaf(spread(key), key, value, null);
    Branch changed = put(root, 0, leaf);
    return new PersistentMap<>(changed, containsKey(key) ? size : size + 1);
  }

  PersistentMap<K, V> without(K key) {
    if (!containsKey(key)) {
      return this;
    }
    return size == 1
        ? empty()
        : new PersistentMap<>((Branch) remove(root, 0, spread(key), key, true), size - 1);
  }

  /** Calls {@code action} for each entry, in no particular order. */
  @SuppressWarnings("unchecked")
  public void forEach(BiConsumer<? super K, ? super V> action) {
    visit(root, (key, value) -> action.accept((K) key, (V) value));
  }

  private static void visit(Branch branch, BiConsumer<Object, Object> action) {
    for (Object slot : branch.slots) {
      if (slot instanceof Branch) {
        visit((Branch) slot, action);
      } else {
        for (Leaf leaf = (Leaf) slot; leaf != null; leaf = leaf.next) {
          action.accept(leaf.key, leaf.value);
        }
      }
    }
  }

  private static Branch put(Branch branch, int shift, Leaf leaf) {
    Object slot = branch.slot(leaf.hash, shift);
    if (slot == null) {
      return branch.inserted(leaf.hash, shift, leaf);
    }
    if (slot instanceof Branch) {
      return branch.replaced(leaf.hash, shift, put((Branch) slot, shift + BITS, leaf));
    }
    return branch.replaced(leaf.hash, shift, join((Leaf) slot, shift + BITS, leaf));
  }

  private static Object join(Leaf present, int shift, Leaf leaf) {
    if (present.hash == leaf.hash) {
      return new Leaf(leaf.hash, leaf.key, leaf.value, present.chainWithout(leaf.key));
    }
    return put(new Branch(0, new Object[0]).inserted(present.hash, shift, present), shift, leaf);
  }

  /** Returns what remains of {@code branch}: a branch, or the leaf it would hold alone. */
  private static Object remove(Branch branch, int shift, int hash, Object key, boolean isRoot) {
    Object slot = branch.slot(hash, shift);
    Object rest =
        slot instanceof Branch
            ? remove((Branch) slot, shift + BITS, hash, key, false)
            : ((Leaf) slot).chainWithout(key);
    Branch changed =
        rest == null ? branch.removed(hash, shift) : branch.replaced(hash, shift, rest);
    boolean isLoneLeaf = changed.slots.length == 1 && changed.slots[0] instanceof Leaf;
    return isLoneLeaf && !isRoot ? changed.slots[0] : changed;
  }

  /** Mixes the hash (the finaliser of MurmurHash3): ids count up in steps of powers of two. */
  private static int spread(Object key) {
    int h = key.hashCode();
    h = (h ^ h >>> 16) * 0x85EBCA6B;
    h = (h ^ h >>> 13) * 0xC2B2AE35;
    return h ^ h >>> 16;
  }

  private static final class Branch {
    final int bitmap;
    final Object[] slots;

    Branch(int bitmap, Object[] slots) {
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

    Branch replaced(int hash, int shift, Object slot) {
      Object[] changed = slots.clone();
      changed[index(bit(hash, shift))] = slot;
      return new Branch(bitmap, changed);
    }

    Branch inserted(int hash, int shift, Object slot) {
      int bit = bit(hash, shift);
      int index = index(bit);
      Object[] changed = Arrays.copyOf(slots, slots.length + 1);
      System.arraycopy(slots, index, changed, index + 1, slots.length - index);
      changed[index] = slot;
      return new Branch(bitmap | bit, changed);
    }

    Branch removed(int hash, int shift) {
      int bit = bit(hash, shift);
      int index = index(bit);
      Object[] changed = Arrays.copyOf(slots, slots.length - 1);
      System.arraycopy(slots, index + 1, changed, index, slots.length - index - 1);
      return new Branch(bitmap & ~bit, changed);
    }
  }

  private static final class Leaf {
    final int hash;
    final Object key;
    final Object value;
    final Leaf next;

    Leaf(int hash, Object key, Object value, Leaf next) {
      this.hash = hash;
      this.key = key;
      this.value = value;
      this.next = next;
    }

    /** Returns this chain without {@code unwanted}, or null if nothing is left. */
    Leaf chainWithout(Object unwanted) {
      Leaf rest = next == null ? null : next.chainWithout(unwanted);
      if (key.equals(unwanted)) {
        return rest;
      }
      return rest == next ? this : new Leaf(hash, key, value, rest);
    }
  }
}
