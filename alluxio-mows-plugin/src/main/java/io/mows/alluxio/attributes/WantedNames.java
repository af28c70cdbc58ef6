// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.attributes;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a reader hands over to say which files it will read: their paths relative to a directory,
 * each in UTF-8 and ended by a zero. Pure.
 */
public final class WantedNames {
  private WantedNames() {}

  /**
   * The names, in order.
   *
   * @throws IllegalArgumentException if one of them is no path below the directory, or the last one
   *     does not end
   */
  public static List<String> parse(byte[] payload) {
    List<String> names = new ArrayList<>();
    int start = 0;
    for (int end = 0; end < payload.length; end++) {
      if (payload[end] == 0) {
        names.add(name(ByteBuffer.wrap(payload, start, end - start)));
        start = end + 1;
      }
    }
    if (names.isEmpty() || start < payload.length) {
      throw new IllegalArgumentException("The last name does not end with a zero");
    }
    return names;
  }

  private static String name(ByteBuffer utf8) {
    String name;
    try {
      name = StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("A name is not UTF-8", e);
    }
    for (String part : Arrays.asList(name.split("/", -1))) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException("Not a path below the directory: " + name);
      }
    }
    return name;
  }
}
