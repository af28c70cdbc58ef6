// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.cli.output.TextTable;
import io.mows.p2p.locator.LocatorStatus.PeerStatus;
import io.mows.p2p.locator.PeerLoad;
import java.io.PrintStream;
import java.util.List;

/** The peers. Immutable. */
final class PeersReport implements Report {
  private final LocatorReport locator;

  PeersReport(LocatorReport locator) {
    this.locator = locator;
  }

  @Override
  public void print(PrintStream out) {
    out.println(locator.line());
    TextTable table =
        new TextTable()
            .text("PEER")
            .text("ADDRESS")
            .text("GROUP")
            .text("ROLE")
            .number("FILES")
            .number("HELD")
            .number("TO SEND")
            .number("SENDS")
            .number("LEASE LEFT");
    for (PeerStatus status : locator.peers()) {
      PeerLoad load = status.load();
      table.row(
          status.peer().id(),
          status.peer().dataAddress(),
          status.peer().group(),
          LocatorReport.role(status.peer()),
          status.fileCount(),
          getSizeFromBytes(status.heldBytes()),
          getSizeFromBytes(load.outstandingBytes()),
          getSizeFromBytes(load.sendBytesPerSecond()) + "/s",
          status.leaseLeftMs() / 1_000 + " s");
    }
    table.print(out, locator.failure().isPresent() ? "not known" : "none");
  }

  @Override
  public void write(ObjectNode json) {
    locator.write(json.putObject("locator"));
    locator.writePeers(json.putArray("peers"));
  }

  @Override
  public List<String> failures() {
    return locator.failure().map(List::of).orElse(List.of());
  }
}
