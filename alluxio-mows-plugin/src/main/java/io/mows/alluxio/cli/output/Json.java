// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Reads and prints JSON. Every {@code alluxio fs} creates all commands, ours too: what holds
 * Jackson's mapper is a class of its own, so that only those load it that need it (0.15 s).
 */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  public static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  /**
   * @throws JsonProcessingException if it is no JSON
   */
  public static JsonNode parse(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  /**
   * @throws IOException if it is no JSON in UTF-8
   */
  public static JsonNode parse(byte[] text) throws IOException {
    return MAPPER.readTree(text);
  }

  /** A number, text, truth or nothing, as JSON. */
  public static JsonNode valueOf(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** On one line, in UTF-8. */
  public static byte[] bytes(JsonNode json) throws JsonProcessingException {
    return MAPPER.writeValueAsBytes(json);
  }

  /** On several lines, for people. */
  public static String print(ObjectNode object) throws JsonProcessingException {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(object);
  }
}
