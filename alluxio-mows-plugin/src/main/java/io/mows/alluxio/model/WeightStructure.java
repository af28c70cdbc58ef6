// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a file of weights, or a JSON file beside them, can be what its name says, by how it
 * begins and how long it is. It finds downloads that were broken off or that got a page of text
 * instead. Stateless.
 */
public final class WeightStructure {
  /**
   * How much of a file's beginning is looked at: the headers of large models have some MB. Of a
   * longer one less can be said.
   */
  private static final int HEAD_BYTES = 16 << 20;

  private static final int TEXT_BYTES = 200;
  private static final String LFS_POINTER = "version https://git-lfs.github.com/spec";

  private WeightStructure() {}

  /** How many bytes of the beginning of a file have to be looked at. */
  public static int headBytes(String name, long lengthBytes) {
    if (WeightFormat.of(name).isPresent()) {
      return (int) Math.min(lengthBytes, HEAD_BYTES);
    }
    return isJson(name) ? (int) Math.min(lengthBytes, TEXT_BYTES) : 0;
  }

  /** Such as {@code config.json}, {@code tokenizer.json} and the indexes of shards. */
  private static boolean isJson(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".json");
  }

  /**
   * What is wrong with a file; empty if nothing is, as far as can be seen, or if it holds neither
   * weights nor JSON.
   *
   * @param name its name, whose end says what it should be
   * @param lengthBytes of all of it
   * @param head its first {@link #headBytes}
   */
  public static Optional<String> fault(String name, long lengthBytes, byte[] head) {
    Optional<WeightFormat> format = WeightFormat.of(name);
    if (format.isEmpty()) {
      return isJson(name) ? text(head) : Optional.empty();
    }
    if (lengthBytes == 0) {
      return Optional.of("it is empty");
    }
    Optional<String> text = text(head);
    if (text.isPresent()) {
      return text;
    }
    switch (format.get()) {
      case SAFETENSORS:
        return SafetensorsStructure.fault(lengthBytes, ByteBuffer.wrap(head));
      case GGUF:
        return GgufStructure.fault(lengthBytes, ByteBuffer.wrap(head));
      default:
        return Optional.empty();
    }
  }

  private static Optional<String> text(byte[] head) {
    String start =
        new String(head, 0, Math.min(TEXT_BYTES, head.length), StandardCharsets.ISO_8859_1)
            .stripLeading();
    String lower = start.toLowerCase(Locale.ROOT);
    if (start.startsWith(LFS_POINTER)) {
      return Optional.of("it is a pointer of Git LFS, not the file: 'git lfs pull' gets that");
    }
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return Optional.of("it is a web page, which a server sent in place of the file");
    }
    if (lower.startsWith("<?xml") || lower.startsWith("<error>")) {
      return Optional.of("it is an XML document, such as a server's error, not the file");
    }
    return Optional.empty();
  }
}
