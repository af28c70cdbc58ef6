// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.IntList;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.piece.PieceCounts;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.plan.Standstill;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.state.Ownership;
import java.util.ArrayList;
import java.util.List;

/**
 * One file as the swarm sees it: what we have of it and are getting, what each neighbour has told
 * us, how rare each piece is, and what the neighbours have yet to be told.
 */
final class FileSwarm implements Comparable<FileSwarm> {
  final long fileId;
  final int pieceCount;
  final Ownership ownership;
  final PieceBits have;
  final PieceBits arriving;

  /** How many neighbours have or are getting each piece. */
  final PieceCounts copies;

  /** Seen anywhere in the swarm, or being read from the origin by somebody. */
  final PieceBits seen;

  /** It is our share of a load that others have no part in: they will not read it. */
  final PieceBits assigned;

  /** A reader waits for it somewhere and it had not been seen. */
  final PieceBits demandedElsewhere;

  /** Of all that are connected. */
  final FileNeighbours maps;

  /** The neighbours that have told us their map. */
  final List<NeighbourPieces> neighbours = new ArrayList<>();

  final IntList newHave = new IntList();
  final IntList newArriving = new IntList();
  final IntList newGone = new IntList();
  final IntList newSeen = new IntList();
  final IntList newDemanded = new IntList();

  /** Null if we only serve the file. */
  PieceTable plan;

  /** Passes on that {@link #plan} has changed. */
  Runnable planWatcher;

  /** What the locator said last, null before. */
  List<SwarmMember> members;

  /** Other peers may have the file: the origin is not ours alone. */
  boolean shared;

  /** A live peer is known to have all of the file: no need of the origin. */
  boolean completeElsewhere;

  /** Nothing has moved for long: look for anybody who has the file. */
  boolean desperate;

  /** Our last delta said that we take no more pieces now. */
  boolean toldFull;

  /** Before that, nothing is read from the origin. */
  long holdOriginUntilNs;

  /** The locator has not said who has it: what is connected is all that can be asked. */
  boolean isBlind;

  /** Nor before that while a peer that has a part of the file has not told which. */
  long patientUntilNs;

  /** Whether anything brings this file forward. */
  final Standstill standstill = new Standstill();

  /** When a peer said last that it lacks something of the file. */
  long lastNeededNs;

  /** What those note of it who look at files only when these have changed. */
  final FileMarks marks = new FileMarks();

  /** Has run when more of it may be read from the origin than before. */
  Runnable onOpened = () -> {};

  private final Worklists lists;
  private final long number;

  FileSwarm(long fileId, int pieceCount, Ownership ownership, Worklists lists) {
    this.fileId = fileId;
    this.lists = lists;
    this.number = lists.next();
    this.pieceCount = pieceCount;
    this.ownership = ownership;
    this.have = new PieceBits(pieceCount);
    this.arriving = new PieceBits(pieceCount);
    this.seen = new PieceBits(pieceCount);
    this.assigned = new PieceBits(pieceCount);
    this.demandedElsewhere = new PieceBits(pieceCount);
    this.copies = new PieceCounts(pieceCount);
    this.maps = new FileNeighbours(fileId, pieceCount);
  }

  /** Whether there are such pieces; a peer may send any number. */
  boolean hasPieces(int... pieces) {
    for (int piece : pieces) {
      if (piece < 0 || piece >= pieceCount) {
        return false;
      }
    }
    return true;
  }

  /** There is something to be told, or will be as soon as there is a free slot. */
  boolean hasAnythingToTell() {
    return hasNews() || marks.hasSeenMore || (toldFull && !have.isFull());
  }

  /** There is something that others may pass on, but it need not be told at once. */
  boolean hasRumours() {
    return !newSeen.isEmpty() || !newDemanded.isEmpty();
  }

  boolean isLackedByNeighbour() {
    for (int i = 0; i < neighbours.size(); i++) {
      if (!neighbours.get(i).have.isFull()) {
        return true;
      }
    }
    return false;
  }

  /** Who owns its pieces, or has all of them, may be somebody else. */
  void viewUpdated() {
    lists.touch(this);
    onOpened.run();
  }

  /** It is our share of a load: we read it, whoever owns it. */
  void assign(int piece) {
    assigned.set(piece);
    onOpened.run();
  }

  /** Nobody has it or is getting it any more, as far as is known. */
  void unsee(int piece) {
    if (seen.clear(piece)) {
      lists.touch(this);
      onOpened.run();
    }
  }

  private void lessCopies(int piece) {
    if (copies.less(piece)) {
      onOpened.run();
    }
  }

  /** How many neighbours have or are getting {@code piece}. */
  int copies(int piece) {
    return copies.of(piece);
  }

  /** Here from the start: no news. */
  void present(int piece) {
    have.set(piece);
    seen.set(piece);
  }

  void startedArriving(int piece) {
    if (arriving.set(piece)) {
      lists.touch(this);
      newArriving.add(piece);
      saw(piece);
    }
  }

  void arrived(int piece) {
    arriving.clear(piece);
    if (have.set(piece)) {
      lists.touch(this);
      newHave.add(piece);
      saw(piece);
      neighbours.forEach(map -> map.interested = true);
    }
  }

  /** Not on its way any more, or lost. */
  void gone(int piece) {
    if (clear(piece, arriving, have)) {
      lists.touch(this);
      marks.isRefreshOpen = true;
      // Who is told of both would take it for one that is here.
      newHave.remove(piece);
      newArriving.remove(piece);
      newGone.add(piece);
    }
  }

  private static boolean clear(int piece, PieceBits one, PieceBits other) {
    boolean was = one.clear(piece);
    return other.clear(piece) || was;
  }

  boolean hasNews() {
    return !newHave.isEmpty() || !newArriving.isEmpty() || !newGone.isEmpty();
  }

  /** Returns true if that is news. */
  boolean saw(int piece) {
    if (seen.set(piece)) {
      lists.touch(this);
      newSeen.add(piece);
      marks.hasSeenMore = true;
      return true;
    }
    return false;
  }

  void addNeighbour(NeighbourPieces map) {
    neighbours.add(map);
    lists.touch(this);
  }

  /**
   * Counts what the neighbour has no more.
   *
   * @param onlyOne whether what it had and no other neighbour has is probably nowhere else
   */
  void removeNeighbour(NeighbourPieces map, boolean onlyOne) {
    if (!neighbours.remove(map)) {
      return;
    }
    lists.touch(this);
    for (int piece = 0; piece < pieceCount; piece++) {
      if (map.covers(piece)) {
        lessCopies(piece);
        boolean unsure = onlyOne || map.arriving.get(piece);
        if (unsure && copies.of(piece) == 0 && !have.get(piece)) {
          unsee(piece);
        }
      }
    }
    // If it comes back, after a quarantine, all that it has counts anew.
    map.have.clearAll();
    map.arriving.clearAll();
    marks.isRefreshOpen = true;
  }

  void replaceMap(NeighbourPieces map, SwarmMessage.Bitfield message, long nowNs) {
    PieceBits theirHave = message.have();
    PieceBits theirArriving = message.arriving();
    // Later, what we have reason to believe lost must not come back by hearsay.
    boolean first = !map.known;
    for (int piece = 0; piece < pieceCount; piece++) {
      boolean covers = theirHave.get(piece) || theirArriving.get(piece);
      if (covers != map.covers(piece)) {
        if (covers) {
          copies.more(piece);
        } else {
          lessCopies(piece);
        }
      }
      if (theirHave.get(piece) && !map.have.get(piece)) {
        noteHave(piece, nowNs);
      } else if (covers || (first && message.seen().get(piece))) {
        saw(piece);
      }
    }
    map.have = theirHave.copy();
    map.arriving = theirArriving.copy();
    map.interested = true;
    maps.known(map, true);
    marks.isRefreshOpen = true;
    lists.touch(this);
  }

  void update(NeighbourPieces map, SwarmMessage.BitfieldDelta delta, long nowNs) {
    map.interested = true;
    lists.touch(this);
    for (int piece : delta.gone()) {
      if (clear(piece, map.have, map.arriving)) {
        lessCopies(piece);
        marks.isRefreshOpen = true;
      }
    }
    for (int piece : delta.arriving()) {
      if (!map.covers(piece)) {
        map.arriving.set(piece);
        copies.more(piece);
        saw(piece);
      }
    }
    for (int piece : delta.have()) {
      if (!map.covers(piece)) {
        copies.more(piece);
      }
      map.arriving.clear(piece);
      map.have.set(piece);
      noteHave(piece, nowNs);
    }
  }

  private void noteHave(int piece, long nowNs) {
    saw(piece);
    if (!have.get(piece)) {
      standstill.moved(nowNs);
    }
  }

  /** Our own list of it was wrong: the neighbour does have {@code piece}, or does not. */
  void correct(NeighbourPieces map, int piece, boolean has) {
    if (!neighbours.contains(map)) {
      return;
    }
    lists.touch(this);
    if (has) {
      if (!map.covers(piece)) {
        copies.more(piece);
        map.have.set(piece);
      }
    } else if (clear(piece, map.have, map.arriving)) {
      lessCopies(piece);
      marks.isRefreshOpen = true;
    }
  }

  List<SwarmMember> memberList() {
    return members == null ? List.of() : members;
  }

  void hear(SwarmMessage.Rumour rumour, long nowNs) {
    for (int piece : rumour.seen()) {
      if (saw(piece)) {
        standstill.moved(nowNs);
      }
    }
    for (int piece : rumour.demanded()) {
      demandedSomewhere(piece);
    }
  }

  private void demandedSomewhere(int piece) {
    if (!seen.get(piece) && demandedElsewhere.set(piece)) {
      lists.touch(this);
      newDemanded.add(piece);
    }
  }

  /** The plan has changed: tells the swarm for which unseen pieces readers wait here. */
  void noteDemands(long nowNs) {
    if (plan == null) {
      lists.pulling(this, false);
      return;
    }
    int piece = standstill.planChanged(plan, nowNs);
    if (piece >= 0) {
      demandedSomewhere(piece);
    }
    boolean isInWindow = shared && plan.isOnDemand() && plan.nextInWindow(0) >= 0;
    lists.pulling(this, standstill.isDemanded() || isInWindow);
  }

  /** Whether {@code piece} is worth taking from a peer now. */
  boolean needs(int piece) {
    return plan != null && shared && plan.needs(piece);
  }

  /** Whether {@code piece} is here, comes, or has been asked for. */
  boolean gets(int piece) {
    return have.get(piece) || (plan != null && plan.isUnderWay(piece));
  }

  @Override
  public int compareTo(FileSwarm other) {
    return Long.compare(number, other.number);
  }
}
