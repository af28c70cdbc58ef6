// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

/** A peer that has, or is getting, a file. Immutable. */
public final class Holder {
  private final PeerInfo peer;
  private final Coverage coverage;
  private final PeerLoad load;

  public Holder(PeerInfo peer, Coverage coverage, PeerLoad load) {
    this.peer = peer;
    this.coverage = coverage;
    this.load = load;
  }

  public PeerInfo peer() {
    return peer;
  }

  public Coverage coverage() {
    return coverage;
  }

  public PeerLoad load() {
    return load;
  }

  @Override
  public String toString() {
    return peer.id() + " " + coverage;
  }
}
