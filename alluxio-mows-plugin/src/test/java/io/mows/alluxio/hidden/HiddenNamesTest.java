// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HiddenNamesTest {
  @Test
  void shouldNameWhatAlluxioLeavesOutAndWhy() {
    List<HiddenFile> hidden =
        HiddenNames.of(
            List.of("a", "a/b", "ok/fine.bin", "ok/why?", "ok\\not", "x//y", "\uFFFD", "/first"));
    assertEquals(6, hidden.size(), hidden::toString);
    assertTrue(hidden.stream().allMatch(HiddenFile::isMissing));
    assertEquals("/first", hidden.get(0).path());
    assertTrue(hidden.get(1).toString().startsWith("a: an object and a directory"));
    assertTrue(
        hidden.get(2).toString().startsWith("ok/why?: Alluxio does not show names with '?'"));
    assertTrue(hidden.get(3).reason().contains("'\\'"));
    assertTrue(hidden.get(4).reason().contains("empty name"));
    assertTrue(hidden.get(5).reason().contains("not UTF-8"));
    assertEquals("/m/x//y: ", hidden.get(4).below("/m").toString().substring(0, 9));
  }

  @Test
  void shouldSayNothingOfNamesThatAreShown() {
    assertEquals(
        List.of(),
        HiddenNames.of(List.of("a b", "über.bin", "a", "b/a", "ab", "a%3F", "c#d", "e&f")));
  }
}
