// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.attributes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.mows.p2p.fetch.FileStatus.Proof;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The extended attributes of a mount's files and directories: text in UTF-8. Pure.
 *
 * <p>{@code user.mows.status} says all at once as one line of JSON, of {@value #MAX_STATUS_BYTES}
 * bytes at most; the others say one thing each, for people.
 */
public final class Attributes {
  static final String PREFIX = "user.mows.";
  static final int MAX_STATUS_BYTES = 4096;
  private static final int VERSION = 1;

  /** In JSON a character takes six bytes at most, so that the status stays short enough. */
  private static final int MAX_WAITS_FOR_CHARS = 500;

  private static final JsonFactory JSON = new JsonFactory();
  private static final Map<String, Function<ModelStatus, String>> ALL = new LinkedHashMap<>();

  static {
    ALL.put(PREFIX + "status", Attributes::json);
    ALL.put(PREFIX + "held_bytes", status -> Long.toString(status.heldBytes()));
    ALL.put(PREFIX + "whole", status -> status.isWhole() ? "1" : "0");
    ALL.put(PREFIX + "proof", status -> status.proof().name().toLowerCase(Locale.ROOT));
    ALL.put(PREFIX + "rate", status -> Long.toString(status.bytesPerSecond()));
    ALL.put(PREFIX + "end_seconds", status -> text(status.endSeconds()));
    ALL.put(PREFIX + "waits_for", status -> status.waitsFor().map(Attributes::line).orElse(""));
  }

  private Attributes() {}

  /** The names of all of them. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** Whether there is an attribute of this name. */
  public static boolean has(String name) {
    return ALL.containsKey(name);
  }

  /** The value of the attribute {@code name}; empty if there is none. */
  public static Optional<byte[]> value(String name, ModelStatus status) {
    return Optional.ofNullable(ALL.get(name))
        .map(attribute -> attribute.apply(status).getBytes(StandardCharsets.UTF_8));
  }

  /** Names as listxattr(2) gives them: each ends with a zero. */
  public static byte[] joined(List<String> names) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String name : names) {
      all.writeBytes(name.getBytes(StandardCharsets.UTF_8));
      all.write(0);
    }
    return all.toByteArray();
  }

  private static String text(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "";
  }

  /** Short, and without control characters. */
  private static String line(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    if (line.length() <= MAX_WAITS_FOR_CHARS) {
      return line;
    }
    boolean splitsPair = Character.isHighSurrogate(line.charAt(MAX_WAITS_FOR_CHARS - 1));
    return line.substring(0, MAX_WAITS_FOR_CHARS - (splitsPair ? 1 : 0));
  }

  private static String json(ModelStatus status) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeNumberField("files", status.files());
      json.writeNumberField("bytes", status.bytes());
      json.writeNumberField("heldBytes", status.heldBytes());
      json.writeNumberField("wholeFiles", status.wholeFiles());
      json.writeNumberField("provenFiles", status.files(Proof.PROVEN));
      json.writeNumberField("wrongFiles", status.files(Proof.WRONG));
      json.writeNumberField("unprovenFiles", status.files(Proof.UNPROVEN));
      json.writeNumberField("originBytes", status.originBytes());
      json.writeNumberField("peerBytes", status.peerBytes());
      json.writeNumberField("bytesPerSecond", status.bytesPerSecond());
      json.writeFieldName("endSeconds");
      if (status.endSeconds().isPresent()) {
        json.writeNumber(status.endSeconds().getAsLong());
      } else {
        json.writeNull();
      }
      json.writeStringField("waitsFor", status.waitsFor().map(Attributes::line).orElse(null));
      json.writeBooleanField("passthrough", status.passesThrough());
      if (status.isPartial()) {
        json.writeBooleanField("partial", true);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Into memory", e);
    }
    return text.toString();
  }
}
