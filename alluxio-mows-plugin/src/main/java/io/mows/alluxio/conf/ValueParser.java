// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import alluxio.util.FormatUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Turns property values into what they mean and collects what is wrong with them. */
final class ValueParser {
  private final Function<MowsKey, String> values;
  private final List<String> mistakes;

  ValueParser(Function<MowsKey, String> values, List<String> mistakes) {
    this.values = values;
    this.mistakes = mistakes;
  }

  boolean bool(MowsKey key) {
    String value = value(key);
    if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
      return Boolean.parseBoolean(value);
    }
    mistake(key, "it must be true or false");
    return false;
  }

  int integer(MowsKey key, int min, int max) {
    try {
      int number = Integer.parseInt(value(key));
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is out of range.
    }
    mistake(key, "it must be a whole number from " + min + " to " + max);
    return min;
  }

  int powerOfTwoBytes(MowsKey key, int min, int max) {
    try {
      long bytes = FormatUtils.parseSpaceSize(value(key));
      if (bytes >= min && bytes <= max && Long.bitCount(bytes) == 1) {
        return (int) bytes;
      }
    } catch (IllegalArgumentException e) {
      // Said below, as for a size that is out of range.
    }
    mistake(
        key,
        "it must be a power of two from "
            + (min >> 20)
            + "MB to "
            + (max >> 20)
            + "MB, such as 4MB");
    return min;
  }

  PathPrefixes paths(MowsKey key) {
    List<String> paths = new ArrayList<>();
    List<String> given = MowsConf.list(value(key));
    for (String path : given) {
      if (!path.startsWith("/") || path.contains("//") || (path + "/").contains("/../")) {
        mistake(key, "'" + path + "' is not an absolute Alluxio path such as /models");
      } else {
        paths.add(
            path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
      }
    }
    if (given.isEmpty()) {
      mistake(
          key,
          "it names no path; to switch the acceleration off set "
              + MowsKey.ENABLED.key()
              + "=false");
    }
    return new PathPrefixes(paths);
  }

  private String value(MowsKey key) {
    return values.apply(key).trim();
  }

  private void mistake(MowsKey key, String remedy) {
    mistakes.add(key.key() + "=" + value(key) + ": " + remedy);
  }
}
