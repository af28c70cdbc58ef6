// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.attributes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WantedNamesTest {
  private static List<String> parse(String payload) {
    return WantedNames.parse(payload.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldKeepTheOrder() {
    assertEquals(List.of("b", "a", "unet/ö .bin", "b"), parse("b\0a\0unet/ö .bin\0b\0"));
    assertEquals(List.of("...", "a..", ".hidden"), parse("...\0a..\0.hidden\0"));
    assertEquals(List.of("x".repeat(16_000)), parse("x".repeat(16_000) + "\0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0",
        "a",
        "a\0b",
        "a\0\0",
        "\0a\0",
        "/a\0",
        "a/\0",
        "a//b\0",
        "..\0",
        ".\0",
        "a/../b\0",
        "../a\0",
        "a/..\0",
        "./a\0",
        "a/./b\0",
        "good\0/bad\0"
      })
  void shouldRefuseWhatIsNoPathBelowTheDirectory(String payload) {
    assertThrows(IllegalArgumentException.class, () -> parse(payload));
  }

  @Test
  void shouldRefuseWhatIsNotUtf8() {
    for (byte[] bad : new byte[][] {{'a', (byte) 0xff, 0}, {(byte) 0xc3, 0}, {(byte) 0x80, 0}}) {
      assertThrows(IllegalArgumentException.class, () -> WantedNames.parse(bad));
    }
    // A surrogate in UTF-8, and a slash in two bytes.
    assertThrows(
        IllegalArgumentException.class,
        () -> WantedNames.parse(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, 0}));
    assertThrows(
        IllegalArgumentException.class,
        () -> WantedNames.parse(new byte[] {(byte) 0xc0, (byte) 0xaf, 0}));
  }
}
