// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.message;

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
  private final boolean fetching;

  /**
   * @param peerId the same number at every worker
   * @param complete whether it has the whole file
   * @param partial whether it has some of it
   * @param fetching whether it is getting what it lacks
   */
  public SwarmMember(long peerId, Role role, boolean complete, boolean partial, boolean fetching) {
    this.peerId = peerId;
    this.role = role;
    this.complete = complete;
    this.partial = partial;
    this.fetching = fetching;
  }

  /** One that is getting what it lacks. */
  public SwarmMember(long peerId, Role role, boolean complete, boolean partial) {
    this(peerId, role, complete, partial, !complete);
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
  public boolean isPartial() {
    return partial;
  }

  /** Whether it has a part of the file, and leaves it at that: it reads nothing from the origin. */
  public boolean isResting() {
    return !complete && !fetching;
  }
}
