// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-499, 0, 500",
    "bytes=500-999, 500, 500",
    "bytes=999-999, 999, 1",
    "bytes=500-, 500, 500",
    "bytes=-300, 700, 300",
    "'bytes=0-4,10-14', 0, 5"
  })
  void shouldTakeARangeInsideTheObject(String header, long offset, long length)
      throws OssException {
    for (boolean standard : new boolean[] {false, true}) {
      ByteRange range = ByteRange.of(header, standard, 1000);
      assertEquals(offset, range.offset());
      assertEquals(length, range.lengthBytes());
      assertEquals(
          "bytes " + offset + "-" + (offset + length - 1) + "/1000", range.contentRange(1000));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "byte=0-499",
        "bytes=0-1000",
        "bytes=1000-2000",
        "bytes=1000-",
        "bytes=-2000",
        "bytes=-",
        "bytes=500-100",
        "bytes=a-b"
      })
  void shouldSendTheWholeObjectWhenOssIgnoresTheRange(String header) throws OssException {
    ByteRange range = ByteRange.of(header, false, 1000);
    assertFalse(range.isPartial());
    assertEquals(0, range.offset());
    assertEquals(1000, range.lengthBytes());
  }

  @ParameterizedTest
  @CsvSource({"bytes=0-1000, 0, 1000", "bytes=990-5000, 990, 10", "bytes=-2000, 0, 1000"})
  void shouldClampWhenAskedForStandardBehaviour(String header, long offset, long length)
      throws OssException {
    ByteRange range = ByteRange.of(header, true, 1000);
    assertEquals(offset, range.offset());
    assertEquals(length, range.lengthBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1000-2000", "bytes=1000-", "bytes=-0"})
  void shouldRefuseARangeBeyondTheEndWhenAskedForStandardBehaviour(String header) {
    OssException error = assertThrows(OssException.class, () -> ByteRange.of(header, true, 1000));
    assertEquals(416, error.status());
  }
}
