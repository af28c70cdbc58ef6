// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.message.SwarmMessage.Offer;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import io.mows.p2p.swarm.message.SwarmMessage.Reject.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * What we give to peers: few pieces at a time, each as fast as the link allows, because a piece can
 * be passed on only when it is complete.
 *
 * <p>A free slot is offered to the neighbour that lacks the rarest piece we have. The neighbour has
 * the last word, so that it never gets a piece twice.
 */
final class UploadOffers {
  private final SwarmState swarm;
  private final List<OutgoingPiece> active = new ArrayList<>();
  private final List<OutgoingPiece> offers = new ArrayList<>();
  private final OfferSearch search;

  /** Urgent requests for which there was no slot: to be offered what they asked for. */
  private final Queue<OutgoingPiece> deferredRequests = new ArrayDeque<>();

  private long picks;
  private boolean changed;

  UploadOffers(SwarmState swarm) {
    this.swarm = swarm;
    this.search = new OfferSearch(swarm, active, offers);
  }

  /** Something has happened that may make an offer possible. */
  void changed() {
    changed = true;
  }

  void onRequest(NeighbourPieces map, FileSwarm file, int piece, boolean urgent, long nowNs) {
    long peerId = map.link.peerId;
    boolean offered = removeOffer(map.link, file);
    if (!file.have.get(piece)) {
      swarm.actions.send(peerId, new Reject(file.fileId, piece, Reason.MISSING));
      changed = true;
    } else if (OutgoingPiece.find(active, map.link, file, piece) != null) {
      return;
    } else if (offered || mayStart(map.link)) {
      start(new OutgoingPiece(map, file, piece, nowNs));
    } else {
      swarm.actions.send(peerId, new Reject(file.fileId, piece, Reason.BUSY));
      if (urgent && deferredRequests.size() < swarm.settings.deferredRequests) {
        deferredRequests.add(new OutgoingPiece(map, file, piece, nowNs));
      }
    }
  }

  private boolean mayStart(Neighbour link) {
    return slotsTaken() < swarm.uploadSlots() && swarm.hasUploadSlot(link);
  }

  private void start(OutgoingPiece upload) {
    upload.map.link.uploads++;
    active.add(upload);
    swarm.actions.upload(upload.map.link.peerId, upload.file.fileId, upload.piece);
  }

  /** The peer does not take what was offered. */
  void offerRefused(NeighbourPieces map, FileSwarm file, int piece, Reason reason) {
    removeOffer(map.link, file);
    switch (reason) {
      case FULL:
        map.link.freeSlots = 0;
        break;
      case HAVE:
        file.correct(map, piece, true);
        break;
      default:
        map.interested = false;
        break;
    }
    changed = true;
  }

  void onCancel(NeighbourPieces map, FileSwarm file, int piece) {
    OutgoingPiece upload = OutgoingPiece.find(active, map.link, file, piece);
    if (upload != null) {
      stop(upload);
    }
  }

  void ended(NeighbourPieces map, FileSwarm file, int piece, boolean sent) {
    OutgoingPiece upload = OutgoingPiece.find(active, map.link, file, piece);
    if (upload != null) {
      remove(upload);
      if (sent) {
        // It will say so itself; until then, do not offer the same piece again.
        file.correct(map, piece, true);
      }
    }
  }

  private void remove(OutgoingPiece upload) {
    active.remove(upload);
    upload.map.link.uploads--;
    changed = true;
  }

  private void stop(OutgoingPiece upload) {
    remove(upload);
    swarm.actions.cancelUpload(upload.map.link.peerId, upload.file.fileId, upload.piece);
  }

  void peerLost(Neighbour link) {
    deferredRequests.removeIf(upload -> upload.map.link == link);
    offers.removeIf(upload -> upload.map.link == link);
    active.removeIf(upload -> upload.map.link == link);
    changed = true;
  }

  /** The peer takes nothing any more: what it was to get holds up nobody else. */
  void forget(Neighbour link) {
    peerLost(link);
    link.uploads = 0;
    link.offers = 0;
  }

  /** The piece is gone, or the whole file if {@code piece} is negative. */
  void lost(FileSwarm file, int piece) {
    for (OutgoingPiece upload : new ArrayList<>(active)) {
      if (upload.file == file && (piece < 0 || upload.piece == piece)) {
        stop(upload);
        swarm.actions.send(
            upload.map.link.peerId, new Reject(file.fileId, upload.piece, Reason.MISSING));
      }
    }
    deferredRequests.removeIf(
        upload -> upload.file == file && (piece < 0 || upload.piece == piece));
    offers.removeIf(
        offer -> {
          boolean gone = offer.file == file && piece < 0;
          offer.map.link.offers -= gone ? 1 : 0;
          return gone;
        });
  }

  /** Offers the free slots. */
  void pump(long nowNs) {
    expireOffers(nowNs);
    while (changed && slotsTaken() < swarm.uploadSlots()) {
      OutgoingPiece offer = pick(nowNs);
      if (offer == null) {
        changed = false;
        return;
      }
      offer.map.link.offers++;
      offers.add(offer);
      swarm.actions.send(offer.map.link.peerId, new Offer(offer.file.fileId, offer.piece));
    }
  }

  private void expireOffers(long nowNs) {
    offers.removeIf(
        offer -> {
          boolean expired = nowNs - offer.sinceNs > swarm.settings.offerTimeoutNs;
          if (expired) {
            offer.map.link.offers--;
            offer.map.link.freeSlots = 0;
            changed = true;
          }
          return expired;
        });
  }

  private OutgoingPiece pick(long nowNs) {
    picks++;
    // Every other time, so that what is rare goes on spreading.
    OutgoingPiece deferred = picks % 2 == 0 ? nextDeferred(nowNs) : null;
    if (deferred != null) {
      return deferred;
    }
    return search.find(Rendezvous.combine(swarm.self, picks), nowNs);
  }

  private OutgoingPiece nextDeferred(long nowNs) {
    while (!deferredRequests.isEmpty()) {
      OutgoingPiece deferred = deferredRequests.remove();
      boolean fresh = nowNs - deferred.sinceNs < swarm.settings.requestTimeoutNs;
      Neighbour link = deferred.map.link;
      if (fresh && !deferred.map.covers(deferred.piece) && swarm.hasUploadSlot(link)) {
        return new OutgoingPiece(deferred.map, deferred.file, deferred.piece, nowNs);
      }
    }
    return null;
  }

  private int slotsTaken() {
    return active.size() + offers.size();
  }

  private boolean removeOffer(Neighbour link, FileSwarm file) {
    for (OutgoingPiece offer : offers) {
      if (offer.map.link == link && offer.file == file) {
        offers.remove(offer);
        link.offers--;
        return true;
      }
    }
    return false;
  }

  boolean isBusyWith(FileSwarm file) {
    return active.stream().anyMatch(upload -> upload.file == file)
        || offers.stream().anyMatch(offer -> offer.file == file);
  }

  boolean isIdle() {
    return active.isEmpty() && offers.isEmpty() && deferredRequests.isEmpty();
  }

  int inFlight() {
    return active.size();
  }

  int deferredRequests() {
    return deferredRequests.size();
  }
}
