// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

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

  /** On several lines, for people. */
  public static String print(ObjectNode object) throws JsonProcessingException {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(object);
  }
}
