// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import java.util.concurrent.TimeUnit;

/**
 * The limits and patience of one {@link io.mows.p2p.swarm.SwarmNode}. Immutable; see {@link
 * Builder}.
 */
public final class SwarmSettings {
  private static final int BLIND_FACTOR = 10;

  private final int maxReads;
  private final int minSwarmReads;
  private final int owners;
  private final int stripePieces;
  private final int uploadSlots;
  private final int uploadsPerPeer;
  private final int deferredRequests;
  private final int downloadSlots;
  private final int allToAll;
  private final int degree;
  private final int strikes;
  private final long quarantineNs;
  private final long settleNs;
  private final long offerTimeoutNs;
  private final long requestTimeoutNs;
  private final long stallNs;
  private final long suspectNs;
  private final long silentNs;
  private final long rumourNs;
  private final long refreshNs;
  private final long tickNs;

  private SwarmSettings(Builder builder) {
    this.maxReads = builder.maxReads;
    this.minSwarmReads = builder.minSwarmReads;
    this.owners = builder.owners;
    this.stripePieces = builder.stripePieces;
    this.uploadSlots = builder.uploadSlots;
    this.uploadsPerPeer = builder.uploadsPerPeer;
    this.deferredRequests = builder.deferredRequests;
    this.downloadSlots = builder.downloadSlots;
    this.allToAll = builder.allToAll;
    this.degree = builder.degree;
    this.strikes = builder.strikes;
    this.quarantineNs = ms(builder.quarantineMs);
    this.settleNs = ms(builder.settleMs);
    this.offerTimeoutNs = ms(builder.offerTimeoutMs);
    this.requestTimeoutNs = ms(builder.requestTimeoutMs);
    this.stallNs = ms(builder.stallMs);
    this.suspectNs = ms(builder.suspectMs);
    this.silentNs = ms(builder.silentMs);
    this.rumourNs = ms(builder.rumourMs);
    this.refreshNs = ms(builder.refreshMs);
    this.tickNs = ms(builder.tickMs);
  }

  private static long ms(long ms) {
    return TimeUnit.MILLISECONDS.toNanos(ms);
  }

  public int maxReads() {
    return maxReads;
  }

  public int minSwarmReads() {
    return minSwarmReads;
  }

  public int owners() {
    return owners;
  }

  public int stripePieces() {
    return stripePieces;
  }

  public int strikes() {
    return strikes;
  }

  public long quarantineNs() {
    return quarantineNs;
  }

  public long settleNs() {
    return settleNs;
  }

  public long offerTimeoutNs() {
    return offerTimeoutNs;
  }

  public long requestTimeoutNs() {
    return requestTimeoutNs;
  }

  public long stallNs() {
    return stallNs;
  }

  public long suspectNs() {
    return suspectNs;
  }

  public long silentNs() {
    return silentNs;
  }

  public long rumourNs() {
    return rumourNs;
  }

  public long refreshNs() {
    return refreshNs;
  }

  public long tickNs() {
    return tickNs;
  }

  /** At most that many uploads are under way or offered at any time. */
  public int uploadSlots() {
    return uploadSlots;
  }

  /** At most that many uploads to one peer. */
  public int uploadsPerPeer() {
    return uploadsPerPeer;
  }

  /** At most that many urgent requests are remembered when there is no slot. */
  public int deferredRequests() {
    return deferredRequests;
  }

  /** At most that many pieces are taken from peers at a time; hedges come on top. */
  public int downloadSlots() {
    return downloadSlots;
  }

  /**
   * How long a worker listens to its neighbours if the locator does not tell whether one of them
   * has the file: a busy machine takes its time to answer.
   */
  public long blindSettleNs() {
    return Math.min(BLIND_FACTOR * settleNs, requestTimeoutNs);
  }

  public boolean isAllToAll(int peers) {
    return peers <= allToAll;
  }

  /** How many connections a peer looks for in a swarm of {@code peers}. */
  public int degree(int peers) {
    if (isAllToAll(peers)) {
      return allToAll;
    }
    return degree + 2 * (31 - Integer.numberOfLeadingZeros(peers / allToAll));
  }

  /** A peer accepts twice the connections it looks for, and a few important ones beyond. */
  public int maxConnections(int peers) {
    return 2 * degree(peers) + 4 * owners;
  }

  /** Collects settings; what is not set has a default that suits most networks. */
  public static final class Builder {
    private int maxReads = 16;
    private int minSwarmReads = 4;
    private int owners = 4;
    private int stripePieces = 1;
    private int uploadSlots = 3;
    private int uploadsPerPeer = 2;
    private int deferredRequests = 16;
    private int downloadSlots = 3;
    private int allToAll = 16;
    private int degree = 8;
    private int strikes = 2;
    private long quarantineMs = 60_000;
    private long settleMs = 50;
    private long offerTimeoutMs = 300;
    private long requestTimeoutMs = 1_000;
    private long stallMs = 2_000;
    private long suspectMs = 10_000;
    private long silentMs = 1_500;
    private long rumourMs = 100;
    private long refreshMs = 5_000;
    private long tickMs = 50;

    /** Origin reads in flight at most, unless {@link SwarmActions#originWidth} says more. */
    public Builder maxReads(int value) {
      maxReads = value;
      return this;
    }

    /**
     * Origin reads in flight over all owners of a small file, and those that a worker begins with:
     * fewer, and one slow read holds up all; more, and the first piece comes later.
     */
    public Builder minSwarmReads(int value) {
      minSwarmReads = value;
      return this;
    }

    /** How many peers share the reading of one file from the origin. */
    public Builder owners(int value) {
      owners = value;
      return this;
    }

    /** That many neighbouring pieces have the same owner, so that it may read them in one go. */
    public Builder stripePieces(int value) {
      stripePieces = value;
      return this;
    }

    public Builder uploadSlots(int value) {
      uploadSlots = value;
      return this;
    }

    public Builder uploadsPerPeer(int value) {
      uploadsPerPeer = value;
      return this;
    }

    public Builder downloadSlots(int value) {
      downloadSlots = value;
      return this;
    }

    /**
     * SwarmConnections that a peer looks for in a large swarm, before what grows with its
     * logarithm.
     */
    public Builder degree(int value) {
      degree = value;
      return this;
    }

    /** Swarms up to this size are fully connected. */
    public Builder allToAll(int value) {
      allToAll = value;
      return this;
    }

    /** Corrupt pieces after which a peer is not asked any more for {@code quarantineMs}. */
    public Builder strikes(int value, long quarantineMs) {
      this.strikes = value;
      this.quarantineMs = quarantineMs;
      return this;
    }

    /** How long a newcomer listens to the others before it reads from the origin. */
    public Builder settleMs(long value) {
      settleMs = value;
      return this;
    }

    /** How long nothing at all must have happened before somebody else than the owner reads. */
    public Builder stallMs(long value) {
      stallMs = value;
      return this;
    }

    /** From whom nothing at all has come for so long is not waited for. */
    public Builder silentMs(long value) {
      silentMs = value;
      return this;
    }

    public SwarmSettings build() {
      return new SwarmSettings(this);
    }
  }
}
