// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

/** A piece that comes from a neighbour, or was asked for; a row of {@link InFlight}. */
public final class DownloadRow {
  private final Neighbour neighbour;
  private final FileSwarm file;
  private final int piece;
  private final boolean hedge;
  private final long askedNs;
  private long begunNs;
  private boolean begun;
  private boolean counted;

  DownloadRow(Neighbour neighbour, FileSwarm file, int piece, boolean hedge, long askedNs) {
    this.neighbour = neighbour;
    this.file = file;
    this.piece = piece;
    this.hedge = hedge;
    this.askedNs = askedNs;
  }

  public Neighbour neighbour() {
    return neighbour;
  }

  public FileSwarm file() {
    return file;
  }

  public int piece() {
    return piece;
  }

  /** Whether another neighbour was to bring the piece already when this one was asked. */
  public boolean isHedge() {
    return hedge;
  }

  /** How long ago it was asked for. */
  public long waitedNs(long nowNs) {
    return nowNs - askedNs;
  }

  /** Whether its first byte has come. */
  public boolean hasBegun() {
    return begun;
  }

  /** Its first byte comes; returns false if that is no news. */
  public boolean begins(long nowNs) {
    boolean isNew = !begun;
    if (isNew) {
      begun = true;
      begunNs = nowNs;
    }
    return isNew;
  }

  /** How long it has taken since its first byte. */
  public long durationNs(long nowNs) {
    return nowNs - (begun ? begunNs : askedNs);
  }

  /** Whether it takes one of the slots for downloads. */
  boolean isCounted() {
    return counted;
  }

  void count() {
    counted = true;
  }

  boolean is(Neighbour ofNeighbour, FileSwarm ofFile, int ofPiece) {
    return neighbour == ofNeighbour && file == ofFile && piece == ofPiece;
  }
}
