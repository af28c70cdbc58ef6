// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import io.mows.channel.ChannelStats;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Whether this worker and all that it has met can share. */
public final class PeerChecks {
  private PeerChecks() {}

  /**
   * Nothing as long as nothing is wrong. A note, for nobody has proven who he is.
   *
   * @param stats what the data channel did; empty if nothing is shared
   */
  public static List<Finding> of(Optional<ChannelStats> stats) {
    TreeSet<String> older = new TreeSet<>();
    stats.ifPresent(known -> older.addAll(known.olderPeers()));
    return older.isEmpty()
        ? List.of()
        : List.of(
            Finding.note(
                "releases",
                "this worker shares nothing with "
                    + String.join(", ", older)
                    + ": a release of MoWS runs there from before clusters had an identity",
                "put the same release of MoWS on every worker"));
  }
}
