// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a file has the length that its safetensors header says.
 *
 * <p>Source: the format's description in the README of huggingface/safetensors: eight bytes with
 * the length of the header, the header as JSON, the tensors without gaps.
 */
final class SafetensorsStructure {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int PREFIX_BYTES = Long.BYTES;

  /** The library itself reads no longer ones. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private SafetensorsStructure() {}

  static Optional<String> fault(long lengthBytes, ByteBuffer head) {
    if (head.remaining() < PREFIX_BYTES) {
      return Optional.of("its " + lengthBytes + " bytes are too few for a safetensors file");
    }
    long headerBytes = head.order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerBytes <= 0 || headerBytes > MAX_HEADER_BYTES) {
      return Optional.of("it does not begin as a safetensors file does");
    }
    if (PREFIX_BYTES + headerBytes > lengthBytes) {
      return Optional.of(
          "it is cut off: its header alone has "
              + headerBytes
              + " bytes, all of it has "
              + lengthBytes);
    }
    if (headerBytes > head.remaining()) {
      return Optional.empty();
    }
    byte[] json = new byte[(int) headerBytes];
    head.get(json);
    long dataBytes;
    try {
      dataBytes = dataBytes(MAPPER.readTree(json));
    } catch (IOException e) {
      return Optional.of("its safetensors header is no JSON that says where tensors are");
    }
    long expectedBytes = PREFIX_BYTES + headerBytes + dataBytes;
    if (expectedBytes == lengthBytes) {
      return Optional.empty();
    }
    return Optional.of(
        (lengthBytes < expectedBytes ? "it is cut off: " : "something follows its tensors: ")
            + lengthBytes
            + " bytes, and by its header it has "
            + expectedBytes);
  }

  /** Where the last tensor ends. */
  private static long dataBytes(JsonNode header) throws IOException {
    if (header == null || !header.isObject()) {
      throw new IOException("no object");
    }
    long end = 0;
    for (Iterator<Map.Entry<String, JsonNode>> fields = header.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (field.getKey().equals("__metadata__")) {
        continue;
      }
      JsonNode offsets = field.getValue().path("data_offsets");
      if (!offsets.isArray()
          || offsets.size() != 2
          || !offsets.get(0).canConvertToLong()
          || !offsets.get(1).canConvertToLong()
          || offsets.get(0).asLong() < 0
          || offsets.get(0).asLong() > offsets.get(1).asLong()) {
        throw new IOException("no offsets of " + field.getKey());
      }
      end = Math.max(end, offsets.get(1).asLong());
    }
    return end;
  }
}
