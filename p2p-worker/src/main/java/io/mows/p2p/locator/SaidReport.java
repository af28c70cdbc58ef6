// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

/** A report, who made it and in which life. Immutable. */
final class SaidReport {
  private final String peerId;
  private final long session;
  private final JobReport report;

  SaidReport(String peerId, long session, JobReport report) {
    this.peerId = peerId;
    this.session = session;
    this.report = report;
  }

  String peerId() {
    return peerId;
  }

  /** When the process of the peer started that made it. */
  long session() {
    return session;
  }

  JobReport report() {
    return report;
  }

  void write(WireWriter out) {
    out.putText(peerId).putLong(session);
    report.write(out);
  }

  static SaidReport read(WireReader in) throws WireException {
    String peerId = in.readText(PeerInfo.MAX_ID_BYTES, "a peer id");
    return new SaidReport(peerId, in.readLong(), JobReport.read(in));
  }
}
