// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, read and validated by the rules of the format's specification
 * (huggingface/safetensors, README "Format"): an 8-byte little-endian header length, a JSON object
 * starting with '{' and padded with spaces, tensors whose offsets match their type and shape and
 * cover the rest of the file without a hole or an overlap. Immutable; the file is not kept open.
 */
public final class SafetensorsFile {
  /** The specification's own cap, which keeps a corrupt length from exhausting memory. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  static final int LENGTH_FIELD_BYTES = Long.BYTES;
  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path path;
  private final long dataOffset;
  private final List<TensorInfo> tensors;

  private SafetensorsFile(Path path, long dataOffset, List<TensorInfo> tensors) {
    this.path = path;
    this.dataOffset = dataOffset;
    this.tensors = List.copyOf(tensors);
  }

  /**
   * Reads and validates the header of {@code path}; reads no tensor bytes.
   *
   * @throws SafetensorsFormatException if it is not a valid safetensors file; says why
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile read(Path path) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      long fileLengthBytes = channel.size();
      check(fileLengthBytes >= LENGTH_FIELD_BYTES, path, "is shorter than the length field");
      long headerBytes = readFully(channel, LENGTH_FIELD_BYTES).getLong();
      check(
          headerBytes > 0
              && headerBytes <= MAX_HEADER_BYTES
              && headerBytes <= fileLengthBytes - LENGTH_FIELD_BYTES,
          path,
          "has an impossible header length of " + headerBytes + " bytes");
      byte[] header = readFully(channel, (int) headerBytes).array();
      check(header[0] == '{', path, "has a header that does not start with '{'");
      List<TensorInfo> tensors = parse(path, header);
      long dataOffset = LENGTH_FIELD_BYTES + headerBytes;
      checkCoverage(path, tensors, fileLengthBytes - dataOffset);
      return new SafetensorsFile(path, dataOffset, tensors);
    }
  }

  public Path path() {
    return path;
  }

  /** Where in the file the first tensor's bytes begin. */
  public long dataOffset() {
    return dataOffset;
  }

  /** The tensors in the order of their bytes. */
  public List<TensorInfo> tensors() {
    return tensors;
  }

  private static ByteBuffer readFully(SeekableByteChannel channel, int lengthBytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  private static List<TensorInfo> parse(Path path, byte[] header)
      throws SafetensorsFormatException {
    JsonNode root;
    try {
      root = JSON.readTree(new String(header, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new SafetensorsFormatException(path, "has a header that is not JSON", e);
    }
    List<TensorInfo> tensors = new ArrayList<>();
    for (Iterator<Map.Entry<String, JsonNode>> it = root.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = it.next();
      if (!entry.getKey().equals(METADATA)) {
        tensors.add(parseTensor(path, entry.getKey(), entry.getValue()));
      }
    }
    tensors.sort(
        Comparator.comparingLong(TensorInfo::beginOffset).thenComparing(TensorInfo::endOffset));
    return tensors;
  }

  private static TensorInfo parseTensor(Path path, String name, JsonNode node)
      throws SafetensorsFormatException {
    try {
      DType dtype = DType.valueOf(node.path("dtype").asText());
      List<Long> shape = new ArrayList<>();
      for (JsonNode dimension : node.required("shape")) {
        check(dimension.isIntegralNumber() && dimension.asLong() >= 0, path, name + ": bad shape");
        shape.add(dimension.asLong());
      }
      JsonNode offsets = node.required("data_offsets");
      check(
          offsets.size() == 2 && offsets.path(0).canConvertToLong(), path, name + ": bad offsets");
      TensorInfo tensor = new TensorInfo(name, dtype, shape, offsets.path(0).asLong());
      check(
          tensor.endOffset() == offsets.path(1).asLong(),
          path,
          name + ": data_offsets " + offsets + " do not hold " + dtype + shape);
      return tensor;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new SafetensorsFormatException(path, name + ": " + e.getMessage(), e);
    }
  }

  private static void checkCoverage(Path path, List<TensorInfo> tensors, long dataBytes)
      throws SafetensorsFormatException {
    long position = 0;
    for (TensorInfo tensor : tensors) {
      check(
          tensor.beginOffset() == position,
          path,
          "has a hole or an overlap before " + tensor + ": expected offset " + position);
      position = tensor.endOffset();
    }
    check(
        position == dataBytes,
        path,
        "holds " + dataBytes + " tensor bytes but its header describes " + position);
  }

  private static void check(boolean valid, Path path, String problem)
      throws SafetensorsFormatException {
    if (!valid) {
      throw new SafetensorsFormatException(path, problem, null);
    }
  }
}
