// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and rates as people write them on a command line. */
public final class Units {
  private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*([kmgt]?)(i?b)?");
  private static final Pattern RATE = Pattern.compile("(\\d+)\\s*([kmg]?)bit(/s)?");

  private Units() {}

  /**
   * A size such as {@code 512MiB}, {@code 1GB} or {@code 4096}; always powers of 1024, as in
   * Alluxio's properties.
   *
   * @throws IllegalArgumentException if the text is no size
   */
  public static long parseBytes(String text) {
    return parse(SIZE, text, 1024, "a size such as 512MiB or 4GiB");
  }

  /**
   * A rate such as {@code 500Mbit} or {@code 1Gbit}, in bits per second; always powers of 1000, as
   * networks are rated.
   *
   * @throws IllegalArgumentException if the text is no rate
   */
  public static long parseBitsPerSecond(String text) {
    return parse(RATE, text, 1000, "a rate such as 500Mbit or 1Gbit");
  }

  private static long parse(Pattern pattern, String text, int base, String wanted) {
    Matcher matcher = pattern.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not " + wanted);
    }
    long value = Long.parseLong(matcher.group(1));
    String prefix = matcher.group(2);
    int power = prefix.isEmpty() ? 0 : "kmgt".indexOf(prefix) + 1;
    for (int i = 0; i < power; i++) {
      value = Math.multiplyExact(value, (long) base);
    }
    return value;
  }
}
