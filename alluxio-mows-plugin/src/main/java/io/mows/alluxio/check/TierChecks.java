// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import alluxio.conf.PropertyKey;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the tiers below memory are good for. */
public final class TierChecks {
  private static final String SUBJECT = "storage tiers";

  private TierChecks() {}

  /**
   * Nothing where memory is the only tier.
   *
   * @param memoryBytes of the smallest directory of the first tier
   * @param reservedBytes what Alluxio keeps free in each directory of each tier
   * @param below how large the other tiers are, by their names
   */
  public static List<Finding> of(long memoryBytes, long reservedBytes, Map<String, Long> below) {
    if (below.isEmpty()) {
      return List.of();
    }
    String key = PropertyKey.WORKER_MANAGEMENT_TIER_ALIGN_RESERVED_BYTES.getName();
    if (reservedBytes >= memoryBytes) {
      return List.of(
          Finding.problem(
              SUBJECT,
              "nothing can be kept in memory: with more than one tier Alluxio keeps "
                  + getSizeFromBytes(reservedBytes)
                  + " of each directory free ("
                  + key
                  + "), and the first tier has one of "
                  + getSizeFromBytes(memoryBytes),
              "a smaller " + key + ", more memory, or alluxio.worker.tieredstore.levels=1"));
    }
    String tiers =
        below.entrySet().stream()
            .map(tier -> tier.getKey() + " of " + getSizeFromBytes(tier.getValue()))
            .collect(Collectors.joining(", "));
    return List.of(
        Finding.note(
            SUBJECT,
            "models are fetched into the first tier, of which Alluxio keeps "
                + getSizeFromBytes(reservedBytes)
                + " free ("
                + key
                + "); it moves blocks to and from those below, which are slower to read: "
                + tiers,
            "alluxio.worker.tieredstore.levels=1, unless other data needs them"));
  }
}
