// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;

/** What is said to an operator whose settings are wrong. */
final class Refusals {
  private Refusals() {}

  static MowsConfException refused(Map<String, String> values) {
    return assertThrows(MowsConfException.class, () -> MowsConf.of(values));
  }

  /** The one mistake names the key, the value and what to do. */
  static void assertRefused(String key, String value, String remedy) {
    assertRefused(Map.of(), key, value, remedy);
  }

  /**
   * As above.
   *
   * @param others values that are right
   */
  static void assertRefused(Map<String, String> others, String key, String value, String remedy) {
    Map<String, String> values = new HashMap<>(others);
    values.put(key, value);
    MowsConfException refused = refused(values);
    assertEquals(1, refused.mistakes().size(), refused::getMessage);
    String mistake = refused.mistakes().get(0);
    assertTrue(mistake.startsWith(key + "=" + value.trim() + ": "), mistake);
    assertTrue(mistake.contains(remedy), mistake);
  }
}
