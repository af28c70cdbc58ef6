// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.web;

import io.mows.alluxio.status.Readiness.Wish;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What {@code /mows/ready} is asked. Immutable. */
public final class ReadyQuestion {
  private static final int ALL_PERCENT = 100;

  private final String path;
  private final int percent;
  private final boolean proof;
  private final boolean wantedOnly;

  private ReadyQuestion(String path, int percent, boolean proof, boolean wantedOnly) {
    this.path = path;
    this.percent = percent;
    this.proof = proof;
    this.wantedOnly = wantedOnly;
  }

  /**
   * @param parameters the value of each, or null
   * @throws IllegalArgumentException naming what is wrong with which
   */
  static ReadyQuestion parse(UnaryOperator<String> parameters) {
    String path = parameters.apply("path");
    if (path == null || !path.startsWith("/")) {
      throw new IllegalArgumentException(
          "path=" + path + " is not an absolute Alluxio path: write path=/models/x");
    }
    int percent;
    String text = value(parameters, "percent", String.valueOf(ALL_PERCENT));
    try {
      percent = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      percent = -1;
    }
    if (percent < 0 || percent > ALL_PERCENT) {
      throw new IllegalArgumentException(
          "percent=" + text + " is not a whole number from 0 to 100");
    }
    boolean proof = choice(parameters, "proof", "all", "off");
    boolean allFiles = choice(parameters, "files", "all", "wanted");
    String plain = path.length() > 1 && path.endsWith("/") ? path.replaceAll("/+$", "") : path;
    return new ReadyQuestion(plain.isEmpty() ? "/" : plain, percent, proof, !allFiles);
  }

  private static boolean choice(
      UnaryOperator<String> parameters, String name, String first, String second) {
    String value = value(parameters, name, first);
    if (!Set.of(first, second).contains(value)) {
      throw new IllegalArgumentException(
          name + "=" + value + " is neither " + first + " nor " + second);
    }
    return value.equals(first);
  }

  private static String value(UnaryOperator<String> parameters, String name, String other) {
    String value = parameters.apply(name);
    return value == null ? other : value;
  }

  /** Without a slash at the end. */
  public String path() {
    return path;
  }

  /** Whether only what an engine would load counts, or all files below the path. */
  public boolean wantedOnly() {
    return wantedOnly;
  }

  public Wish wish() {
    return new Wish(path, percent, proof);
  }

  /** The same for questions about the same files. */
  public String filesKey() {
    return (wantedOnly ? "wanted " : "all ") + path;
  }
}
