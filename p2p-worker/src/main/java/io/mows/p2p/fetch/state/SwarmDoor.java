// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.swarm.SwarmNode;

/** The way to the node for who has something to tell it: it has to decide anew then. */
public final class SwarmDoor {
  private final SwarmNode node;
  private boolean isTold;

  public SwarmDoor(SwarmNode node) {
    this.node = node;
  }

  /** For whoever tells it something. */
  public SwarmNode tell() {
    isTold = true;
    return node;
  }

  /** For who asks, and for events, after which it decides in any case. */
  public SwarmNode node() {
    return node;
  }

  /** Whether it was told anything since the last call. */
  public boolean takeTold() {
    boolean was = isTold;
    isTold = false;
    return was;
  }
}
