// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.upload;

import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Neighbour;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Predicate;

/**
 * What goes to neighbours, what they have been offered, and what they asked for while there was no
 * slot: the one record of it, with the counts of each neighbour. For one thread.
 */
final class Outgoing {
  private final List<OutgoingPiece> active = new ArrayList<>();
  private final List<OutgoingPiece> offers = new ArrayList<>();
  private final Queue<OutgoingPiece> deferred = new ArrayDeque<>();

  void begin(OutgoingPiece upload) {
    active.add(upload);
    upload.map.neighbour().uploadBegan();
  }

  void end(OutgoingPiece upload) {
    active.remove(upload);
    upload.map.neighbour().uploadEnded();
  }

  void offer(OutgoingPiece offer) {
    offers.add(offer);
    offer.map.neighbour().offered();
  }

  /** The neighbour has answered; returns whether anything of the file had been offered. */
  boolean takeOffer(Neighbour neighbour, FileSwarm file) {
    for (OutgoingPiece offer : offers) {
      if (offer.map.neighbour() == neighbour && offer.file == file) {
        offers.remove(offer);
        neighbour.offerEnded();
        return true;
      }
    }
    return false;
  }

  /** Withdraws the offers of which this is true; returns them. */
  List<OutgoingPiece> endOffers(Predicate<OutgoingPiece> which) {
    if (offers.isEmpty()) {
      return List.of();
    }
    List<OutgoingPiece> ended = new ArrayList<>();
    for (OutgoingPiece offer : offers) {
      if (which.test(offer)) {
        ended.add(offer);
        offer.map.neighbour().offerEnded();
      }
    }
    offers.removeAll(ended);
    return ended;
  }

  /** The neighbour asks for a piece for which there is no slot now. */
  void defer(OutgoingPiece request) {
    deferred.add(request);
  }

  /** The request of which this is true that has been deferred for longest, or null. */
  OutgoingPiece takeDeferred(Predicate<OutgoingPiece> which) {
    for (OutgoingPiece request : deferred) {
      if (which.test(request)) {
        deferred.remove(request);
        return request;
      }
    }
    return null;
  }

  void dropDeferred(Predicate<OutgoingPiece> which) {
    deferred.removeIf(which);
  }

  /** The neighbour takes nothing any more. */
  void forget(Neighbour neighbour) {
    deferred.removeIf(upload -> upload.map.neighbour() == neighbour);
    offers.removeIf(upload -> upload.map.neighbour() == neighbour);
    active.removeIf(upload -> upload.map.neighbour() == neighbour);
    neighbour.takesNothing();
  }

  /** What goes to neighbours; not to be changed. */
  List<OutgoingPiece> active() {
    return active;
  }

  /** What they have been offered; not to be changed. */
  List<OutgoingPiece> offers() {
    return offers;
  }

  /** The upload of {@code piece} to this neighbour, or null. */
  OutgoingPiece find(Neighbour neighbour, FileSwarm file, int piece) {
    return OutgoingPiece.find(active, neighbour, file, piece);
  }

  /** Whether {@code piece} goes to this neighbour or has been offered to it. */
  boolean isPromised(Neighbour neighbour, FileSwarm file, int piece) {
    return find(neighbour, file, piece) != null
        || OutgoingPiece.find(offers, neighbour, file, piece) != null;
  }

  /** Copies that are on their way from here, of which their receivers have not told us yet. */
  int copiesUnderWay(FileSwarm file, int piece) {
    int count = 0;
    for (int i = 0; i < active.size(); i++) {
      count += active.get(i).isNewsOf(file, piece) ? 1 : 0;
    }
    for (int i = 0; i < offers.size(); i++) {
      count += offers.get(i).isNewsOf(file, piece) ? 1 : 0;
    }
    return count;
  }

  boolean isAnyOf(FileSwarm file) {
    return active.stream().anyMatch(upload -> upload.file == file)
        || offers.stream().anyMatch(offer -> offer.file == file);
  }

  boolean isEmpty() {
    return active.isEmpty() && offers.isEmpty() && deferred.isEmpty();
  }

  int slotsTaken() {
    return active.size() + offers.size();
  }

  int activeCount() {
    return active.size();
  }

  int deferredCount() {
    return deferred.size();
  }
}
