// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  private static final String TWO_TENSORS =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[12,16]},"
          + "\"a\":{\"dtype\":\"BF16\",\"shape\":[2,3],\"data_offsets\":[0,12]}}";

  @TempDir Path dir;

  @Test
  void shouldReadTensorsInTheOrderOfTheirBytes() throws IOException {
    SafetensorsFile file = SafetensorsFile.read(write(TWO_TENSORS, 16));
    assertEquals(8 + TWO_TENSORS.length(), file.dataOffset());
    assertEquals("a BF16[2, 3] [0, 12)", file.tensors().get(0).toString());
    assertEquals("b", file.tensors().get(1).name());
    assertEquals(List.of(), file.tensors().get(1).shape());
    assertEquals(4, file.tensors().get(1).lengthBytes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[12,16] | [12,15] | do not hold",
        "[12,16] | [13,17] | hole",
        "[12,16] | [11,15] | overlap",
        "[2,3] | [2,-3] | bad shape",
        "F32 | F31 | F31",
        "\"b\" | \"a\" | not JSON",
        "\"dtype\":\"F32\", | '' | DType",
      })
  void shouldRefuseAHeaderThatLies(String from, String to, String reason) throws IOException {
    Path path = write(TWO_TENSORS.replace(from, to), 16);
    IOException error =
        assertThrows(SafetensorsFormatException.class, () -> SafetensorsFile.read(path));
    assertTrue(error.getMessage().contains(reason), error.getMessage());
  }

  @Test
  void shouldRefuseATruncatedFile() throws IOException {
    Path path = write(TWO_TENSORS, 15);
    assertThrows(SafetensorsFormatException.class, () -> SafetensorsFile.read(path));
  }

  @Test
  void shouldRefuseAnImpossibleHeaderLengthWithoutAllocatingIt() throws IOException {
    Path path = dir.resolve("bad");
    Files.write(path, new byte[] {0, 0, 0, 0, 0, 0, 0, 0x40, '{', '}'});
    IOException error =
        assertThrows(SafetensorsFormatException.class, () -> SafetensorsFile.read(path));
    assertTrue(error.getMessage().contains("header length"), error.getMessage());
  }

  private Path write(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    return Files.write(dir.resolve("file.safetensors"), file.array());
  }
}
