// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "4096,4096",
    "7B,7",
    "64KiB,65536",
    "1 GB,1073741824",
    "2m,2097152",
    "1T,1099511627776"
  })
  void shouldReadSizes(String text, long bytes) {
    assertEquals(bytes, ByteSize.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GB", "-1", "1.5GB", "1XB", "99999999999999999999", "9999999999G"})
  void shouldRefuseWhatIsNoSize(String text) {
    assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(text));
  }
}
