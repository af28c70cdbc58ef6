// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.piece.PieceBits;

/**
 * What one neighbour has and is getting of one file, as far as it has told us: its map. {@link
 * FileNeighbours} changes it. For one thread.
 */
public final class NeighbourPieces {
  private final Neighbour neighbour;

  /** Replaced, never changed by others: comes from a message. */
  private PieceBits have;

  private PieceBits arriving;
  private boolean interested = true;
  private boolean declined;
  private boolean known;
  private long nextRefreshNs;

  NeighbourPieces(Neighbour neighbour, int pieceCount) {
    this.neighbour = neighbour;
    this.have = new PieceBits(pieceCount);
    this.arriving = new PieceBits(pieceCount);
  }

  public Neighbour neighbour() {
    return neighbour;
  }

  public PieceBits have() {
    return have;
  }

  public PieceBits arriving() {
    return arriving;
  }

  /** Whether it has or is getting {@code piece}. */
  public boolean covers(int piece) {
    return have.get(piece) || arriving.get(piece);
  }

  void replace(PieceBits newHave, PieceBits newArriving) {
    have = newHave.copy();
    arriving = newArriving.copy();
  }

  void clear() {
    have.clearAll();
    arriving.clearAll();
  }

  /** Returns whether it had {@code piece} or was getting it. */
  boolean clear(int piece) {
    boolean had = have.clear(piece);
    return arriving.clear(piece) || had;
  }

  /** It may take what we offer: it has not said otherwise since it or we have had news. */
  public boolean isInterested() {
    return interested;
  }

  public void interested(boolean isInterested) {
    interested = isInterested;
  }

  /** We have told it that we want nothing that it has. */
  public boolean isDeclined() {
    return declined;
  }

  public void declined(boolean isDeclined) {
    declined = isDeclined;
  }

  /** It takes part in the file's swarm: it has sent its map. */
  public boolean isKnown() {
    return known;
  }

  void known(boolean isKnown) {
    known = isKnown;
  }

  /** When it is to be told all that we have. */
  public long nextRefreshNs() {
    return nextRefreshNs;
  }

  public void nextRefreshNs(long atNs) {
    nextRefreshNs = atNs;
  }
}
