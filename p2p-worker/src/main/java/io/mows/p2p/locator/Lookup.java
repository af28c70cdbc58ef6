// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import java.util.List;

/** What the directory says about the swarm of one file, and how old that is. Immutable. */
public final class Lookup {
  /** The age of an answer that never came. */
  public static final long NEVER = Long.MAX_VALUE;

  private final long fileId;
  private final List<Holder> neighbours;
  private final List<Holder> owners;
  private final int holderCount;
  private final int completeCount;
  private final int peerCount;
  private final long epoch;
  private final long ageMs;

  public Lookup(
      long fileId,
      List<Holder> neighbours,
      List<Holder> owners,
      int holderCount,
      int completeCount,
      int peerCount,
      long epoch,
      long ageMs) {
    this.fileId = fileId;
    this.neighbours = List.copyOf(neighbours);
    this.owners = List.copyOf(owners);
    this.holderCount = holderCount;
    this.completeCount = completeCount;
    this.peerCount = peerCount;
    this.epoch = epoch;
    this.ageMs = ageMs;
  }

  public static Lookup unknown(long fileId) {
    return new Lookup(fileId, List.of(), List.of(), 0, 0, 0, 0, NEVER);
  }

  public Lookup aged(long newAgeMs) {
    return new Lookup(
        fileId,
        neighbours,
        owners,
        holderCount,
        completeCount,
        peerCount,
        epoch,
        Math.max(0, newAgeMs));
  }

  public long fileId() {
    return fileId;
  }

  /**
   * Whom to ask, best first: the own group, then warm-up peers, then the others, in each those with
   * the whole file first. A bounded choice that is another one for each asker, without the asker.
   */
  public List<Holder> neighbours() {
    return neighbours;
  }

  /**
   * Peers that fetch the file together with the asker, for deciding who reads a piece from the
   * origin: a bounded choice that is the same one for all of them, the asker included.
   */
  public List<Holder> owners() {
    return owners;
  }

  /** How many peers have, or are getting, some of the file; the asker is not counted. */
  public int holderCount() {
    return holderCount;
  }

  /** How many of them have all of it. */
  public int completeCount() {
    return completeCount;
  }

  /** How many peers there are in all, whatever they have, the asker included. */
  public int peerCount() {
    return peerCount;
  }

  /** Which life of the directory this comes from; 0 if from none. */
  public long epoch() {
    return epoch;
  }

  /** How long ago this was known to be so, in ms; {@link #NEVER} if the directory never said. */
  public long ageMs() {
    return ageMs;
  }

  public boolean isKnown() {
    return ageMs != NEVER;
  }

  @Override
  public String toString() {
    return "file " + fileId + ": " + neighbours + " of " + holderCount + ", " + ageMs + " ms old";
  }
}
