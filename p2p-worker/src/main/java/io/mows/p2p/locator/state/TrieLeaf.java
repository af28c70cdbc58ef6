// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

/**
 * A key and its value in the trie of {@code PersistentMap}, and the next ones whose keys have the
 * same hash. Immutable.
 */
final class TrieLeaf {
  final int hash;
  final Object key;
  final Object value;
  final TrieLeaf next;

  TrieLeaf(int hash, Object key, Object value, TrieLeaf next) {
    this.hash = hash;
    this.key = key;
    this.value = value;
    this.next = next;
  }

  /** Returns this chain without {@code unwanted}, or null if nothing is left. */
  TrieLeaf chainWithout(Object unwanted) {
    TrieLeaf rest = next == null ? null : next.chainWithout(unwanted);
    if (key.equals(unwanted)) {
      return rest;
    }
    return rest == next ? this : new TrieLeaf(hash, key, value, rest);
  }
}
