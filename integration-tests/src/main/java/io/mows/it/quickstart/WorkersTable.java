// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import java.util.List;

/** What each of several workers took, a row per worker, and the origin beside them. */
final class WorkersTable {
  private static final String ROW = "%-9s | %8s %8s | %11s %11s | %13s %15s | %s%n";

  private WorkersTable() {}

  /**
   * @param how the model was there before: for the corner of the table
   * @param results by worker
   * @param originBytes that the origin counted itself while all of them read
   */
  static String of(String how, List<PeerResult> results, long modelBytes, long originBytes) {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            ROW,
            how,
            "seconds",
            "MB/s",
            "from origin",
            "from peers",
            "served memory",
            "served arriving",
            "CRC32"));
    for (int worker = 0; worker < results.size(); worker++) {
      PeerResult result = results.get(worker);
      table.append(
          String.format(
              ROW,
              "worker " + worker,
              String.format("%.1f", result.seconds()),
              String.format("%.0f", modelBytes / 1e6 / result.seconds()),
              StepsTable.bytes(result.fromOrigin()),
              StepsTable.bytes(result.fromPeers()),
              StepsTable.bytes(result.servedFromMemory()),
              StepsTable.bytes(result.servedInFlight()),
              result.problems().isEmpty() ? "all match" : result.problems().size() + " WRONG"));
    }
    return table
        .append(
            String.format(
                "The origin sent %s for a model of %s on %d workers: %.2f times the model.%n",
                StepsTable.bytes(originBytes),
                StepsTable.bytes(modelBytes),
                results.size(),
                (double) originBytes / modelBytes))
        .toString();
  }
}
