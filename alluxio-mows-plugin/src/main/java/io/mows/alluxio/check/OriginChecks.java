// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import io.mows.p2p.fetch.FetchProgress;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.swarm.origin.OriginFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says which origins are away or deny now. Stateless. */
public final class OriginChecks {
  private OriginChecks() {}

  /**
   * One finding for each mount point and fault, of the file that has waited longest.
   *
   * @param fetches the files that are being fetched
   */
  public static List<Finding> of(List<FetchProgress> fetches) {
    List<OriginWait> waits =
        fetches.stream()
            .map(FetchProgress::originWait)
            .flatMap(Optional::stream)
            .sorted(Comparator.comparingLong(OriginWait::forMs).reversed())
            .collect(Collectors.toList());
    List<Finding> findings = new ArrayList<>();
    for (OriginFault fault : OriginFault.values()) {
      waits.stream()
          .filter(wait -> wait.fault() == fault)
          .map(wait -> wait.file().origin().mountId())
          .distinct()
          .forEach(mountId -> findings.add(finding(mountId, fault, waits)));
    }
    return findings;
  }

  private static Finding finding(long mountId, OriginFault fault, List<OriginWait> all) {
    List<OriginWait> waits =
        all.stream()
            .filter(wait -> wait.fault() == fault && wait.file().origin().mountId() == mountId)
            .collect(Collectors.toList());
    OriginWait longest = waits.get(0);
    String others = waits.size() > 1 ? " and " + (waits.size() - 1) + " more" : "";
    return Finding.problem(
        "origin of mount point " + mountId,
        longest.file().path() + others + " cannot be read: " + longest.what(),
        longest.remedy());
  }
}
