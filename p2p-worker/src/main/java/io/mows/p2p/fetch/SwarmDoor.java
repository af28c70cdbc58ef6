// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.swarm.SwarmNode;

/** The way to the node for who has something to tell it: it has to decide anew then. */
final class SwarmDoor {
  private final SwarmNode node;
  private boolean isTold;

  SwarmDoor(SwarmNode node) {
    this.node = node;
  }

  /** For whoever tells it something. */
  SwarmNode tell() {
    isTold = true;
    return node;
  }

  /** For who asks, and for events, after which it decides in any case. */
  SwarmNode node() {
    return node;
  }

  /** Whether it was told anything since the last call. */
  boolean takeTold() {
    boolean was = isTold;
    isTold = false;
    return was;
  }
}
