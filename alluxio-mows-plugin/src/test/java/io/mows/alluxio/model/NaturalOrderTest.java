// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NaturalOrderTest {
  @Test
  void shouldCompareNumbersByTheirValue() {
    List<String> sorted =
        List.of(
            "model-0.bin",
            "model-01-of-2.bin",
            "model-1-of-2.bin",
            "model-2.bin",
            "model-10.bin",
            "model-0011.bin",
            "model-12345678901234567890.bin",
            "model.bin",
            "modem");
    List<String> names = new ArrayList<>(sorted);
    Collections.reverse(names);
    names.sort(NaturalOrder.INSTANCE);
    assertEquals(sorted, names);
  }

  @Test
  void shouldTellNamesApartThatDifferInZerosOnly() {
    assertTrue(NaturalOrder.INSTANCE.compare("a001", "a01") != 0);
    assertTrue(NaturalOrder.INSTANCE.compare("a00", "a0") != 0);
    assertEquals(0, NaturalOrder.INSTANCE.compare("a0", "a0"));
  }
}
