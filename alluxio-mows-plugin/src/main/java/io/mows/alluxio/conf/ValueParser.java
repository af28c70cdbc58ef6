// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import alluxio.util.FormatUtils;
import com.google.common.base.Splitter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  /** A size such as 256MB. */
  long bytes(MowsKey key, long min, long max) {
    try {
      long bytes = FormatUtils.parseSpaceSize(value(key));
      if (bytes >= min && bytes <= max) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Said below, as for a size that is out of range.
    }
    mistake(
        key,
        "it must be a size from " + (min >> 20) + "MB to " + (max >> 20) + "MB, such as 256MB");
    return min;
  }

  /** A time such as 2min. */
  long timeMs(MowsKey key, long maxMs) {
    try {
      long ms = FormatUtils.parseTimeSize(value(key));
      if (ms >= 0 && ms <= maxMs) {
        return ms;
      }
    } catch (IllegalArgumentException e) {
      // Said below, as for a time that is out of range.
    }
    mistake(
        key, "it must be a time of at most " + maxMs / 3_600_000 + "h, such as 30s, 2min or 0s");
    return 0;
  }

  PathPrefixes paths(MowsKey key) {
    if (list(key).isEmpty()) {
      mistake(
          key,
          "it names no path; to switch the acceleration off set "
              + MowsKey.ENABLED.key()
              + "=false");
    }
    return new PathPrefixes(absolutePaths(key));
  }

  /**
   * Paths that lie below {@code accelerated}; none if nothing is set.
   *
   * @return all of {@code accelerated} for the root
   */
  List<String> pathsBelow(MowsKey key, PathPrefixes accelerated) {
    List<String> paths = absolutePaths(key);
    if (paths.contains("/")) {
      return accelerated.list();
    }
    for (String path : paths) {
      if (!accelerated.covers(path)) {
        mistake(
            key,
            "'"
                + path
                + "' is not below "
                + MowsKey.PATHS.key()
                + "="
                + accelerated
                + "; add it there, or leave it out");
      }
    }
    return List.copyOf(paths);
  }

  private List<String> absolutePaths(MowsKey key) {
    List<String> paths = new ArrayList<>();
    for (String path : list(key)) {
      if (!path.startsWith("/") || path.contains("//") || (path + "/").contains("/../")) {
        mistake(key, "'" + path + "' is not an absolute Alluxio path such as /models");
      } else {
        paths.add(
            path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
      }
    }
    return paths;
  }

  /** One of {@code choices}, written as the names of the constants in any case. */
  @SafeVarargs
  final <E extends Enum<E>> E choice(MowsKey key, E... choices) {
    String value = value(key);
    List<String> names = new ArrayList<>();
    for (E choice : choices) {
      if (choice.name().equalsIgnoreCase(value)) {
        return choice;
      }
      names.add(choice.name().toLowerCase(Locale.ROOT));
    }
    mistake(key, "it must be " + String.join(" or ", names));
    return choices[0];
  }

  /** A name: something without white space and control characters. */
  String name(MowsKey key, int maxBytes, String example) {
    String value = value(key);
    if (value.isEmpty()
        || value.getBytes(StandardCharsets.UTF_8).length > maxBytes
        || value.chars().anyMatch(c -> c <= ' ' || Character.isISOControl(c))) {
      mistake(
          key, "it must have 1 to " + maxBytes + " bytes and no white space, such as " + example);
    }
    return value;
  }

  /** The name of a file, without a directory. */
  String fileName(MowsKey key, String example) {
    String value = value(key);
    if (value.isEmpty() || value.contains("/") || value.equals(".") || value.equals("..")) {
      mistake(key, "it must be the name of a file, without a directory, such as " + example);
    }
    return value;
  }

  /** An absolute path of this machine; empty if none is set or it is not one. */
  Optional<Path> path(MowsKey key) {
    String value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(value);
      if (path.isAbsolute()) {
        return Optional.of(path);
      }
    } catch (InvalidPathException e) {
      // Said below, as for a path that is relative.
    }
    mistake(key, "it must be an absolute path of this machine");
    return Optional.empty();
  }

  /** What is set, between commas. */
  List<String> list(MowsKey key) {
    return Splitter.on(',').trimResults().omitEmptyStrings().splitToList(value(key));
  }

  /** What is set, without white space around it. */
  String value(MowsKey key) {
    return values.apply(key).trim();
  }

  /** Notes that the value of {@code key} cannot be used. */
  void mistake(MowsKey key, String remedy) {
    mistake(key.key() + "=" + value(key) + ": " + remedy);
  }

  /**
   * @param mistake names key, value and remedy
   */
  void mistake(String mistake) {
    mistakes.add(mistake);
  }
}
