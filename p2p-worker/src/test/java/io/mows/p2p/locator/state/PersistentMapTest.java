// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PersistentMapTest {
  @Test
  void shouldDoWhatAHashMapDoes() {
    checkAgainstHashMap(11, 5_000, 2_000, -1);
  }

  @Test
  void shouldKeepKeysApartWhoseHashesAreEqual() {
    checkAgainstHashMap(12, 2_000, 60, 3);
  }

  private static void checkAgainstHashMap(long seed, int steps, int keys, int hashMask) {
    Random random = new Random(seed);
    Map<Key, Integer> expected = new HashMap<>();
    PersistentMap<Key, Integer> map = PersistentMap.empty();
    List<PersistentMap<Key, Integer>> versions = new ArrayList<>();
    List<Map<Key, Integer>> copies = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      Key key = new Key(random.nextInt(keys), hashMask);
      if (random.nextInt(3) == 0) {
        expected.remove(key);
        map = map.without(key);
      } else {
        expected.put(key, step);
        map = map.with(key, step);
      }
      assertEquals(expected.get(key), map.get(key), "seed " + seed + ", step " + step);
      assertEquals(expected.size(), map.size(), "seed " + seed + ", step " + step);
      if (step % 500 == 0) {
        versions.add(map);
        copies.add(Map.copyOf(expected));
      }
    }
    versions.add(map);
    copies.add(expected);
    for (int i = 0; i < versions.size(); i++) {
      Map<Key, Integer> content = new HashMap<>();
      versions.get(i).forEach(content::put);
      assertEquals(copies.get(i), content, "version " + i + " of seed " + seed);
    }
  }

  @Test
  void shouldBeEmptyAgainWhenTheLastKeyGoes() {
    PersistentMap<String, String> map = PersistentMap.<String, String>empty().with("a", "b");
    assertSame(map, map.without("other"));
    assertSame(PersistentMap.empty(), map.without("a"));
    assertNull(PersistentMap.empty().get("a"));
  }

  /** A key with as bad a hash as the test wants. */
  private static final class Key {
    private final int value;
    private final int hashMask;

    Key(int value, int hashMask) {
      this.value = value;
      this.hashMask = hashMask;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key && ((Key) other).value == value;
    }

    @Override
    public int hashCode() {
      return Objects.hash(value) & hashMask;
    }
  }
}
