// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code sha256sum} has written: lines of 64 hexadecimal digits and a name, or one line of
 * digits alone for a single file. Lines that are neither do not count. Immutable.
 */
public final class Sha256Sums {
  /** What such a file is called where it is for a directory. */
  public static final String NAME = "SHA256SUMS";

  /** What such a file's name ends with where it is for one file. */
  public static final String SUFFIX = ".sha256";

  public static final int MAX_BYTES = 64 << 20;

  private static final Pattern LINE =
      Pattern.compile(
          "(?m)^\\\\?([0-9A-Fa-f]{64})(?:[ \\t]+\\*?(?:\\./)?([^\\r\\n]+?))?[ \\t\\r]*$");

  private final SortedMap<String, String> byName = new TreeMap<>();
  private String only = "";

  private Sha256Sums(byte[] content) {
    Matcher lines = LINE.matcher(new String(content, StandardCharsets.UTF_8));
    while (lines.find()) {
      String sum = lines.group(1).toLowerCase(Locale.ROOT);
      only = byName.isEmpty() && only.isEmpty() ? sum : only;
      if (lines.group(2) != null) {
        byName.put(Spelling.canonical(lines.group(2)), sum);
      }
    }
  }

  public static Sha256Sums parse(byte[] content) {
    return new Sha256Sums(content);
  }

  /** A digest as it stands in such a file. */
  public static String hex(byte[] digest) {
    StringBuilder text = new StringBuilder(2 * digest.length);
    for (byte each : digest) {
      text.append(Character.forDigit((each >> 4) & 15, 16))
          .append(Character.forDigit(each & 15, 16));
    }
    return text.toString();
  }

  /** 64 lower-case digits, for a path relative to the directory of the file. */
  public Optional<String> of(String relativePath) {
    return Optional.ofNullable(byName.get(Spelling.canonical(relativePath)));
  }

  /** The first one, whatever it is for: a file for one file often names it with another path. */
  public Optional<String> first() {
    return only.isEmpty() ? Optional.empty() : Optional.of(only);
  }
}
