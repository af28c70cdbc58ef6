// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

/** What a file waits for. Immutable. */
public final class Outage {
  private final OriginFault fault;
  private final String reason;
  private final long forNs;
  private final boolean isOverdue;

  Outage(OriginFault fault, String reason, long forNs, boolean isOverdue) {
    this.fault = fault;
    this.reason = reason;
    this.forNs = forNs;
    this.isOverdue = isOverdue;
  }

  public OriginFault fault() {
    return fault;
  }

  /** What the origin said last, for the operator. */
  public String reason() {
    return reason;
  }

  /** For how long it has been so. */
  public long forNs() {
    return forNs;
  }

  /** Whether patience is at its end: those who wait are told. */
  public boolean isOverdue() {
    return isOverdue;
  }
}
