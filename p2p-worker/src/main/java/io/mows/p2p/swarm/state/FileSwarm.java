// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.plan.Standstill;
import java.util.function.Consumer;

/**
 * One file as the swarm sees it: what we have of it and are getting, and what has been seen of it
 * anywhere. For one thread.
 */
public final class FileSwarm implements Comparable<FileSwarm> {
  private final long fileId;
  private final int pieceCount;
  private final long number;
  private final Consumer<FileSwarm> onTouch;
  private final Ownership ownership;
  private final PieceBits have;
  private final PieceBits arriving;

  /** Seen anywhere in the swarm, or being read from the origin by somebody. */
  private final PieceBits seen;

  /** Our share of a load that others have no part in: they will not read it. */
  private final PieceBits assigned;

  /** A reader waits for it somewhere and it had not been seen. */
  private final PieceBits demandedElsewhere;

  private final FileNeighbours neighbours;
  private final FileMembers members = new FileMembers();
  private final FileNews news = new FileNews();
  private final FileFetching fetching = new FileFetching();

  /** Of {@link Worklists}. */
  final FileMarks marks = new FileMarks();

  private long lastNeededNs;

  /**
   * @param number files are looked at in this order
   * @param onTouch has run when something of the file is different
   */
  public FileSwarm(
      long fileId, int pieceCount, Ownership ownership, long number, Consumer<FileSwarm> onTouch) {
    this.fileId = fileId;
    this.pieceCount = pieceCount;
    this.number = number;
    this.onTouch = onTouch;
    this.ownership = ownership;
    this.have = new PieceBits(pieceCount);
    this.arriving = new PieceBits(pieceCount);
    this.seen = new PieceBits(pieceCount);
    this.assigned = new PieceBits(pieceCount);
    this.demandedElsewhere = new PieceBits(pieceCount);
    this.neighbours = new FileNeighbours(pieceCount, fetching::opened);
  }

  public long fileId() {
    return fileId;
  }

  public int pieceCount() {
    return pieceCount;
  }

  public Ownership ownership() {
    return ownership;
  }

  public PieceBits have() {
    return have;
  }

  public PieceBits arriving() {
    return arriving;
  }

  public PieceBits seen() {
    return seen;
  }

  public PieceBits assigned() {
    return assigned;
  }

  public PieceBits demandedElsewhere() {
    return demandedElsewhere;
  }

  public FileNeighbours neighbours() {
    return neighbours;
  }

  public FileMembers members() {
    return members;
  }

  public FileNews news() {
    return news;
  }

  /** How the file is fetched, if it is. */
  public FileFetching fetching() {
    return fetching;
  }

  /** Null if we only serve the file. */
  public PieceTable plan() {
    return fetching.plan();
  }

  /** Whether other peers may have the file: the origin is not ours alone. */
  public boolean isShared() {
    return fetching.isShared();
  }

  public Standstill standstill() {
    return fetching.standstill();
  }

  /** When a peer said last that it lacks something of the file. */
  public long lastNeededNs() {
    return lastNeededNs;
  }

  public void needed(long nowNs) {
    lastNeededNs = nowNs;
  }

  /** It has left the swarm. */
  public boolean isGone() {
    return marks.isGone;
  }

  public void leave() {
    marks.isGone = true;
  }

  /** Whether there are such pieces; a peer may send any number. */
  public boolean hasPieces(int... pieces) {
    for (int piece : pieces) {
      if (piece < 0 || piece >= pieceCount) {
        return false;
      }
    }
    return true;
  }

  /** There is something to be told, or will be as soon as there is a free slot. */
  boolean hasAnythingToTell() {
    return news.isAny() || news.hasSeenMore() || (news.hasToldFull() && !have.isFull());
  }

  /** Something of it is different. */
  public void touch() {
    onTouch.accept(this);
  }

  /** Who owns its pieces, or has all of them, may be somebody else. */
  public void viewUpdated() {
    touch();
    fetching.opened();
  }

  /** It is our share of a load: we read it, whoever owns it. */
  public void assign(int piece) {
    assigned.set(piece);
    fetching.opened();
  }

  /** How many neighbours have or are getting {@code piece}. */
  public int copies(int piece) {
    return neighbours.copies().of(piece);
  }

  /** Here from the start: no news. */
  public void present(int piece) {
    have.set(piece);
    seen.set(piece);
  }

  public void startedArriving(int piece) {
    if (arriving.set(piece)) {
      touch();
      news.isGetting(piece);
      saw(piece);
    }
  }

  public void arrived(int piece) {
    arriving.clear(piece);
    if (have.set(piece)) {
      touch();
      news.has(piece);
      saw(piece);
      neighbours.told().forEach(map -> map.interested(true));
    }
  }

  /** Not on its way any more, or lost. */
  public void gone(int piece) {
    boolean was = arriving.clear(piece);
    if (have.clear(piece) || was) {
      touch();
      news.lacks(piece);
    }
  }

  /** Returns true if that is news. */
  public boolean saw(int piece) {
    if (seen.set(piece)) {
      touch();
      news.saw(piece);
      return true;
    }
    return false;
  }

  /** Nobody has it or is getting it any more, as far as is known. */
  public void unsee(int piece) {
    if (seen.clear(piece)) {
      touch();
      fetching.opened();
    }
  }

  /** The neighbour tells its map for the first time, or after it was away. */
  public void addNeighbour(NeighbourPieces map) {
    neighbours.meet(map);
    touch();
  }

  /** A reader waits for it somewhere. */
  void demandedSomewhere(int piece) {
    if (!seen.get(piece) && demandedElsewhere.set(piece)) {
      touch();
      news.demands(piece);
    }
  }

  /** The plan has changed: tells the swarm for which unseen pieces readers wait here. */
  public void noteDemands(long nowNs) {
    int piece = fetching.planChanged(nowNs);
    if (piece >= 0) {
      demandedSomewhere(piece);
    }
  }

  /** Whether {@code piece} is worth taking from a peer now. */
  public boolean needs(int piece) {
    return fetching.needs(piece);
  }

  /** Whether {@code piece} is here, comes, or has been asked for. */
  public boolean gets(int piece) {
    return have.get(piece) || (plan() != null && plan().isUnderWay(piece));
  }

  @Override
  public int compareTo(FileSwarm other) {
    return Long.compare(number, other.number);
  }
}
