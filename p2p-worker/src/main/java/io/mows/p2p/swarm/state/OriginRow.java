// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.swarm.origin.OriginGates;

/** A piece that is being read from the origin; a row of {@link InFlight}. Immutable. */
public final class OriginRow {
  private final FileSwarm file;
  private final int piece;
  private final long sinceNs;
  private final OriginGates.Ask ask;

  OriginRow(FileSwarm file, int piece, OriginGates.Ask ask, long sinceNs) {
    this.file = file;
    this.piece = piece;
    this.sinceNs = sinceNs;
    this.ask = ask;
  }

  public FileSwarm file() {
    return file;
  }

  public int piece() {
    return piece;
  }

  /** How long it has run. */
  public long ageNs(long nowNs) {
    return nowNs - sinceNs;
  }

  /** The question to the origin, to be ended with the read. */
  public OriginGates.Ask ask() {
    return ask;
  }
}
