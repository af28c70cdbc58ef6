// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which tensors a shard of a given length holds, and its header. Immutable. */
final class ShardTensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METADATA = "{\"__metadata__\":{\"format\":\"pt\"}";

  /** Bound on the header entries of the cut tensor and its bias, and on the closing brace. */
  private static final int LAST_ENTRIES_BYTES = 2 * 200;

  private static final int ALIGNMENT = Long.BYTES;

  private final List<TensorInfo> tensors;
  private final int headerBytes;

  private ShardTensors(List<TensorInfo> tensors, int headerBytes) {
    this.tensors = List.copyOf(tensors);
    this.headerBytes = headerBytes;
  }

  /**
   * Takes tensors from {@code source} until the shard is full. The last one is cut to fit and a
   * bias vector takes the odd rest, so the shard has exactly the asked length.
   *
   * @param lengthBytes length of the whole file, a multiple of 8
   * @throws IllegalArgumentException if the shard has no room for a tensor
   */
  static ShardTensors fill(TransformerTensors source, long lengthBytes) {
    List<TensorInfo> tensors = new ArrayList<>();
    int entriesBytes = METADATA.length();
    long position = 0;
    while (true) {
      int headerBytes = align(entriesBytes + LAST_ENTRIES_BYTES);
      long roomBytes = lengthBytes - SafetensorsFile.LENGTH_FIELD_BYTES - headerBytes - position;
      if (roomBytes <= 0) {
        throw new IllegalArgumentException(
            "a shard of " + lengthBytes + " bytes is too small; use fewer shards or more bytes");
      }
      TransformerTensors.Spec spec = source.next();
      TensorInfo tensor = spec.at(position);
      int entryBytes = entry(tensor).length();
      // A whole tensor must leave room for one more and its share of the header.
      if (tensor.lengthBytes() + entryBytes + ALIGNMENT < roomBytes) {
        tensors.add(tensor);
        position = tensor.endOffset();
        entriesBytes += entryBytes;
        continue;
      }
      TensorInfo cut = spec.cutTo(roomBytes, position);
      if (cut.lengthBytes() > 0) {
        tensors.add(cut);
      }
      if (cut.lengthBytes() < roomBytes) {
        tensors.add(spec.biasOf(roomBytes - cut.lengthBytes(), cut.endOffset()));
      }
      return new ShardTensors(tensors, headerBytes);
    }
  }

  List<TensorInfo> tensors() {
    return tensors;
  }

  long dataBytes() {
    return tensors.get(tensors.size() - 1).endOffset();
  }

  /** Length field and header, padded with spaces. */
  ByteBuffer header() {
    StringBuilder text = new StringBuilder(METADATA);
    tensors.forEach(tensor -> text.append(entry(tensor)));
    byte[] json = text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, headerBytes);
    Arrays.fill(padded, json.length, headerBytes, (byte) ' ');
    return ByteBuffer.allocate(SafetensorsFile.LENGTH_FIELD_BYTES + headerBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerBytes)
        .put(padded)
        .flip();
  }

  private static String entry(TensorInfo tensor) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("dtype", tensor.dtype().name());
    tensor.shape().forEach(node.putArray("shape")::add);
    node.putArray("data_offsets").add(tensor.beginOffset()).add(tensor.endOffset());
    try {
      return "," + JSON.writeValueAsString(tensor.name()) + ":" + JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values is always JSON", e);
    }
  }

  private static int align(int bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
