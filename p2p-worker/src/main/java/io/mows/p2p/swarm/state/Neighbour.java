// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.swarm.message.SwarmMember.Role;

/** What we know of one connected peer, over all files. For one thread. */
public final class Neighbour {
  /**
   * Eviction breaks some promises. More in a row, and none kept: the peer is left alone a while.
   */
  private static final int MAX_BROKEN_PROMISES = 8;

  private static final long BROKEN_PROMISES_PAUSE_NS = 1_000_000_000L;
  private static final double NEW_SAMPLE_WEIGHT = 0.3;

  private final long peerId;
  private final Role role;
  private final long sinceNs;
  private int lanes = 1;
  private int uploads;
  private int offers;
  private int downloads;
  private int freeSlots;
  private boolean quarantined;
  private boolean silent;
  private long pingedNs;
  private int brokenPromises;
  private long leftAloneUntilNs;
  private long notBeforeNs;
  private double bytesPerNs;

  Neighbour(long peerId, Role role, long nowNs) {
    this.peerId = peerId;
    this.role = role;
    this.sinceNs = nowNs;
    this.notBeforeNs = nowNs;
    this.leftAloneUntilNs = nowNs;
    this.pingedNs = nowNs;
  }

  public long peerId() {
    return peerId;
  }

  public Role role() {
    return role;
  }

  /** When the connection was made. */
  public long sinceNs() {
    return sinceNs;
  }

  /** How many connections with it there are, for pieces side by side. */
  int lanes() {
    return lanes;
  }

  void lanes(int count) {
    lanes = count;
  }

  /** A piece begins to go to it. */
  public void uploadBegan() {
    uploads++;
  }

  public void uploadEnded() {
    uploads--;
  }

  /** It is offered a piece, and has not answered. */
  public void offered() {
    offers++;
  }

  public void offerEnded() {
    offers--;
  }

  /** It takes nothing any more: what went to it and what it was offered does not count. */
  public void takesNothing() {
    uploads = 0;
    offers = 0;
  }

  /** How many pieces go to it, or may. */
  public int crowd() {
    return uploads + offers;
  }

  /** How many more pieces it would take now, by its last message. */
  public int freeSlots() {
    return freeSlots;
  }

  public void freeSlots(int count) {
    freeSlots = count;
  }

  /** Whether it would take one more than it has been offered. */
  public boolean takesMore() {
    return freeSlots - offers > 0;
  }

  /** Whether it delivers wrong bytes: nothing is taken from it, but it may take from us. */
  public boolean isQuarantined() {
    return quarantined;
  }

  public void quarantined(boolean isQuarantined) {
    quarantined = isQuarantined;
  }

  /** Whether nothing at all comes from it although it is pinged. */
  public boolean isSilent() {
    return silent;
  }

  public void silent(boolean isSilent) {
    silent = isSilent;
  }

  public long pingedNs() {
    return pingedNs;
  }

  public void pinged(long nowNs) {
    pingedNs = nowNs;
  }

  /**
   * It does not have a piece that it said it has. To say so is honest, and no strike: of a file
   * that is larger than the memory, pieces go all the time.
   */
  public void promiseBroken(long nowNs) {
    if (++brokenPromises >= MAX_BROKEN_PROMISES) {
      brokenPromises = 0;
      leftAloneUntilNs = nowNs + BROKEN_PROMISES_PAUSE_NS;
      notBeforeNs = leftAloneUntilNs;
    }
  }

  public void promiseKept() {
    brokenPromises = 0;
  }

  /** Whether its offers are declined: it had not what it said too often. */
  public boolean isLeftAlone(long nowNs) {
    return leftAloneUntilNs - nowNs > 0;
  }

  /** It has just refused: it is not asked again before that. */
  public void notBefore(long untilNs) {
    notBeforeNs = untilNs;
  }

  public boolean mayBeAsked(long nowNs) {
    return notBeforeNs - nowNs <= 0;
  }

  /** How many pieces come from it, or were asked for; {@link InFlight} keeps count. */
  public int downloads() {
    return downloads;
  }

  void downloadsChange(int by) {
    downloads += by;
  }

  /** A piece has come from it. */
  public void measured(long bytes, long durationNs) {
    double sample = (double) bytes / Math.max(1, durationNs);
    bytesPerNs =
        bytesPerNs == 0
            ? sample
            : bytesPerNs * (1 - NEW_SAMPLE_WEIGHT) + sample * NEW_SAMPLE_WEIGHT;
  }

  /** How long one more piece from this peer is likely to take, in no particular unit. */
  public double load(double typicalBytesPerNs) {
    double rate = bytesPerNs == 0 ? typicalBytesPerNs : bytesPerNs;
    return (downloads + 1) / Math.max(rate, Double.MIN_NORMAL);
  }
}
