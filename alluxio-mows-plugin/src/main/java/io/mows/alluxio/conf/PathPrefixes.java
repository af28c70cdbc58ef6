// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import java.util.List;

/** A set of directories; a path is covered if it is one of them or lies below one. Immutable. */
public final class PathPrefixes {
  private final List<String> prefixes;

  /**
   * @param prefixes absolute paths, without a slash at the end unless it is the root
   */
  public PathPrefixes(List<String> prefixes) {
    this.prefixes = List.copyOf(prefixes);
  }

  public boolean covers(String path) {
    for (String prefix : prefixes) {
      if (prefix.equals("/") || path.equals(prefix) || path.startsWith(prefix + "/")) {
        return true;
      }
    }
    return false;
  }

  /** All of them. */
  public List<String> list() {
    return prefixes;
  }

  @Override
  public String toString() {
    return String.join(",", prefixes);
  }
}
