// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import io.mows.channel.HostPort;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where the locator is, checked. Immutable. */
public final class LocatorConf {
  /** Where a worker hosts the locator when nobody says where it is. */
  public static final int AUTO_PORT = 29990;

  private static final String AUTO = "auto";
  private static final Set<Integer> COUNTS = Set.of(1, 3, 5);

  private final List<String> members;
  private final Path dir;

  private LocatorConf(List<String> members, Path dir) {
    this.members = members;
    this.dir = dir;
  }

  static LocatorConf parse(ValueParser parser) {
    if (parser.value(MowsKey.LOCATOR_DIR).isEmpty()) {
      parser.mistake(MowsKey.LOCATOR_DIR, "name a directory that the worker may write to");
    }
    return new LocatorConf(members(parser), parser.path(MowsKey.LOCATOR_DIR).orElse(null));
  }

  private static List<String> members(ValueParser parser) {
    if (parser.value(MowsKey.LOCATOR_ADDRESSES).equalsIgnoreCase(AUTO)) {
      return List.of();
    }
    List<String> members = parser.list(MowsKey.LOCATOR_ADDRESSES);
    for (String member : members) {
      if (HostPort.parse(member).isEmpty()) {
        parser.mistake(
            MowsKey.LOCATOR_ADDRESSES,
            "'"
                + member
                + "' is not "
                + HostPort.SYNTAX
                + ", as in worker-1:"
                + AUTO_PORT
                + " or [fd79::2]:"
                + AUTO_PORT);
      }
    }
    if (!COUNTS.contains(members.size()) || new HashSet<>(members).size() != members.size()) {
      parser.mistake(
          MowsKey.LOCATOR_ADDRESSES,
          "it must be auto, or host:port of 1, 3 or 5 different workers, separated by commas and in"
              + " the same words on all workers");
    }
    return List.copyOf(members);
  }

  /** Whether the workers agree by themselves on who hosts the locator. */
  public boolean isAuto() {
    return members.isEmpty();
  }

  /** {@code host:port} of the workers that host the locator; none if {@link #isAuto}. */
  public List<String> members() {
    return members;
  }

  /** Where a worker that hosts the locator keeps its log and snapshots. */
  public Path dir() {
    return dir;
  }
}
