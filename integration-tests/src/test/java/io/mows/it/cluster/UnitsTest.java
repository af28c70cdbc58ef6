// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitsTest {
  @ParameterizedTest
  @CsvSource({"4096,4096", "64kb,65536", "512MiB,536870912", "2g,2147483648", "1 TB,1099511627776"})
  void shouldReadSizesInPowersOf1024(String text, long bytes) {
    assertEquals(bytes, Units.parseBytes(text));
  }

  @ParameterizedTest
  @CsvSource({"9600bit,9600", "500Mbit,500000000", "1Gbit/s,1000000000", "10 kbit,10000"})
  void shouldReadRatesInPowersOf1000(String text, long bitsPerSecond) {
    assertEquals(bitsPerSecond, Units.parseBitsPerSecond(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5GiB", "MiB", "12 parsecs"})
  void shouldRefuseWhatIsNoSize(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Units.parseBytes(text));
    assertTrue(e.getMessage().contains("512MiB"), e.getMessage());
  }

  @Test
  void shouldRefuseSizeAsRate() {
    assertThrows(IllegalArgumentException.class, () -> Units.parseBitsPerSecond("500MB"));
  }
}
