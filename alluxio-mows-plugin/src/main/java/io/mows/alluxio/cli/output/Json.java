// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and prints JSON. Every {@code alluxio fs} creates all commands, ours too: what holds
 * Jackson's mapper is a class of its own, so that only those load it that need it (0.15 s).
 */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Those that JSON may hold as they are, and a terminal should not. */
  private static final Pattern CONTROL = Pattern.compile("[\\x7f-\\x9f]");

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

  /** On several lines, for people; there are no other control characters in it. */
  public static String print(ObjectNode object) throws JsonProcessingException {
    String json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(object);
    return CONTROL.matcher(json).replaceAll(Json::escaped);
  }

  private static String escaped(MatchResult control) {
    int code = control.group().charAt(0);
    return Matcher.quoteReplacement(String.format("\\u%04x", code));
  }
}
