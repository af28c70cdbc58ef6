// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

/** A peer that takes part in a file's swarm, as the locator or the peer itself says. Immutable. */
public final class SwarmMember {
  /** What a peer is to this worker. */
  public enum Role {
    /** It belongs to the same service. */
    GROUP,
    /** It belongs to the warm-up group: asked only for what the own group does not have. */
    WARMUP
  }

  private final long peerId;
  private final Role role;
  private final boolean complete;
  private final boolean partial;

  /**
   * @param peerId the same number at every worker
   * @param complete whether it has the whole file
   * @param partial whether it has some of it
   */
  public SwarmMember(long peerId, Role role, boolean complete, boolean partial) {
    this.peerId = peerId;
    this.role = role;
    this.complete = complete;
    this.partial = partial;
  }

  public long peerId() {
    return peerId;
  }

  public Role role() {
    return role;
  }

  public boolean isComplete() {
    return complete;
  }

  /** Whether it has a part of the file: which one, only its map tells. */
  boolean isPartial() {
    return partial;
  }
}
