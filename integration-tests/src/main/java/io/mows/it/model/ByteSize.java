// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 4096}, {@code 64KiB}, {@code 1GB}, {@code 2g}. */
final class ByteSize {
  private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(?:([KMGT])(?:I?B)?|B)?");
  private static final String UNITS = "KMGT";

  private ByteSize() {}

  /**
   * The number of bytes {@code text} stands for; units are powers of 1024 as in Alluxio.
   *
   * @throws IllegalArgumentException if it is no size or does not fit 63 bits
   */
  static long parse(String text) {
    Matcher matcher = SIZE.matcher(text.trim().toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size; write bytes or a number with K, M, G or T, such as 1GiB");
    }
    try {
      long number = Long.parseLong(matcher.group(1));
      String unit = matcher.group(2);
      return unit == null
          ? number
          : Math.multiplyExact(number, 1L << (10 * (UNITS.indexOf(unit) + 1)));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is too large: at most 2^63-1 bytes", e);
    }
  }
}
