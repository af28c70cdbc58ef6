// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.jobs;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/** A report, who made it and in which life. Immutable. */
public final class SaidReport {
  private final String peerId;
  private final long session;
  private final JobReport report;

  public SaidReport(String peerId, long session, JobReport report) {
    this.peerId = peerId;
    this.session = session;
    this.report = report;
  }

  public String peerId() {
    return peerId;
  }

  /** When the process of the peer started that made it. */
  public long session() {
    return session;
  }

  public JobReport report() {
    return report;
  }

  public void write(WireWriter out) {
    out.putText(peerId).putLong(session);
    report.write(out);
  }

  public static SaidReport read(WireReader in) throws WireException {
    String peerId = in.readText(PeerInfo.MAX_ID_BYTES, "a peer id");
    return new SaidReport(peerId, in.readLong(), JobReport.read(in));
  }
}
