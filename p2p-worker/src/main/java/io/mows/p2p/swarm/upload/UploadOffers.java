// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.upload;

import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.message.SwarmMessage.Offer;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import io.mows.p2p.swarm.message.SwarmMessage.Reject.Reason;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Hearsay;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.ArrayList;
import java.util.function.Predicate;

/**
 * What we give to peers: few pieces at a time, each as fast as the link allows, because a piece can
 * be passed on only when it is complete.
 *
 * <p>A free slot is offered to the neighbour that lacks the rarest piece we have. The neighbour has
 * the last word, so that it never gets a piece twice.
 */
public final class UploadOffers {
  /** What readers wait for gets every other slot, so that what is rare goes on spreading. */
  private static final int DEFERRED_EVERY = 2;

  /**
   * While we have what nobody else has, so seldom goes what others have as well: who asks may be
   * unable to reach them.
   */
  private static final int AGAIN_EVERY = 8;

  private final SwarmState swarm;
  private final Outgoing outgoing = new Outgoing();
  private final OfferSearch search;
  private long picks;
  private boolean changed;

  public UploadOffers(SwarmState swarm) {
    this.swarm = swarm;
    this.search = new OfferSearch(swarm, outgoing);
  }

  /** Something has happened that may make an offer possible. */
  public void changed() {
    changed = true;
  }

  public void onRequest(
      NeighbourPieces map, FileSwarm file, int piece, boolean urgent, long nowNs) {
    Neighbour neighbour = map.neighbour();
    boolean offered = outgoing.takeOffer(neighbour, file);
    if (!file.have().get(piece)) {
      reject(neighbour, file, piece, Reason.MISSING);
      changed = true;
    } else if (outgoing.find(neighbour, file, piece) != null) {
      return;
    } else if (offered || mayStart(neighbour)) {
      outgoing.begin(new OutgoingPiece(map, file, piece, nowNs));
      swarm.actions().upload(neighbour.peerId(), file.fileId(), piece);
    } else {
      reject(neighbour, file, piece, Reason.BUSY);
      if (urgent && outgoing.deferredCount() < swarm.settings().deferredRequests()) {
        outgoing.defer(new OutgoingPiece(map, file, piece, nowNs));
      }
    }
  }

  private void reject(Neighbour neighbour, FileSwarm file, int piece, Reason reason) {
    swarm.actions().send(neighbour.peerId(), new Reject(file.fileId(), piece, reason));
  }

  private boolean mayStart(Neighbour neighbour) {
    return outgoing.slotsTaken() < swarm.uploadSlots() && swarm.hasUploadSlot(neighbour);
  }

  /** The peer does not take what was offered. */
  public void offerRefused(NeighbourPieces map, FileSwarm file, int piece, Reason reason) {
    outgoing.takeOffer(map.neighbour(), file);
    switch (reason) {
      case FULL:
        map.neighbour().freeSlots(0);
        break;
      case HAVE:
        Hearsay.correct(file, map, piece, true);
        break;
      default:
        map.interested(false);
        break;
    }
    changed = true;
  }

  public void onCancel(NeighbourPieces map, FileSwarm file, int piece) {
    OutgoingPiece upload = outgoing.find(map.neighbour(), file, piece);
    if (upload != null) {
      stop(upload);
    }
  }

  /** All bytes have been handed to the network, or it broke off. */
  public void ended(long peerId, long fileId, int piece, boolean sent) {
    FileSwarm file = swarm.file(fileId);
    NeighbourPieces map = swarm.pieces(peerId, fileId);
    OutgoingPiece upload = map == null ? null : outgoing.find(map.neighbour(), file, piece);
    if (upload != null) {
      outgoing.end(upload);
      changed = true;
      if (sent) {
        // It will say so itself; until then, do not offer the same piece again.
        Hearsay.correct(file, map, piece, true);
      }
    }
  }

  private void stop(OutgoingPiece upload) {
    outgoing.end(upload);
    changed = true;
    long peerId = upload.map.neighbour().peerId();
    swarm.actions().cancelUpload(peerId, upload.file.fileId(), upload.piece);
  }

  /** The peer takes nothing any more, or is gone: what it was to get holds up nobody else. */
  public void forget(Neighbour neighbour) {
    outgoing.forget(neighbour);
    changed = true;
  }

  /** The piece is gone. */
  public void lost(FileSwarm file, int piece) {
    for (OutgoingPiece upload : new ArrayList<>(outgoing.active())) {
      if (upload.file == file && upload.piece == piece) {
        stop(upload);
        reject(upload.map.neighbour(), file, upload.piece, Reason.MISSING);
      }
    }
    outgoing.dropDeferred(upload -> upload.file == file && upload.piece == piece);
  }

  /** The whole file is gone. */
  public void lost(FileSwarm file) {
    for (OutgoingPiece upload : new ArrayList<>(outgoing.active())) {
      if (upload.file == file) {
        stop(upload);
        reject(upload.map.neighbour(), file, upload.piece, Reason.MISSING);
      }
    }
    outgoing.dropDeferred(upload -> upload.file == file);
    outgoing.endOffers(offer -> offer.file == file);
  }

  /** Offers the free slots. */
  public void pump(long nowNs) {
    expireOffers(nowNs);
    while (changed && outgoing.slotsTaken() < swarm.uploadSlots()) {
      OutgoingPiece offer = pick(nowNs);
      if (offer == null) {
        changed = false;
        return;
      }
      outgoing.offer(offer);
      long peerId = offer.map.neighbour().peerId();
      swarm.actions().send(peerId, new Offer(offer.file.fileId(), offer.piece));
    }
  }

  private void expireOffers(long nowNs) {
    long timeoutNs = swarm.settings().offerTimeoutNs();
    // In the order in which they were made.
    if (outgoing.offers().isEmpty() || nowNs - outgoing.offers().get(0).sinceNs <= timeoutNs) {
      return;
    }
    for (OutgoingPiece offer : outgoing.endOffers(o -> nowNs - o.sinceNs > timeoutNs)) {
      offer.map.neighbour().freeSlots(0);
      changed = true;
    }
  }

  private OutgoingPiece pick(long nowNs) {
    picks++;
    OutgoingPiece rarest = search.find(Rendezvous.combine(swarm.self(), picks), nowNs);
    OutgoingPiece deferred =
        picks % DEFERRED_EVERY == 0 ? nextDeferred(mayHaveTheSlot(rarest), nowNs) : null;
    return deferred != null ? deferred : rarest;
  }

  /**
   * Which requests may have the slot instead of {@code rarest}: all, but where nobody else has that
   * or is getting it, only those of which the same is true. The others can be had elsewhere, and
   * all wait for what we alone can give.
   */
  private Predicate<OutgoingPiece> mayHaveTheSlot(OutgoingPiece rarest) {
    boolean isSoleGiver = rarest != null && isOnlyHere(rarest) && picks % AGAIN_EVERY != 0;
    return request -> !isSoleGiver || isOnlyHere(request);
  }

  private boolean isOnlyHere(OutgoingPiece upload) {
    return search.copies(upload.file, upload.piece) == 0;
  }

  private OutgoingPiece nextDeferred(Predicate<OutgoingPiece> which, long nowNs) {
    // Who is passed over for long would keep others out.
    outgoing.dropDeferred(request -> isOver(request, nowNs));
    OutgoingPiece next = outgoing.takeDeferred(which);
    while (next != null) {
      if (swarm.hasUploadSlot(next.map.neighbour())) {
        return new OutgoingPiece(next.map, next.file, next.piece, nowNs);
      }
      next = outgoing.takeDeferred(which);
    }
    return null;
  }

  private boolean isOver(OutgoingPiece request, long nowNs) {
    long waitedNs = nowNs - request.sinceNs;
    return waitedNs >= swarm.settings().requestTimeoutNs() || request.map.covers(request.piece);
  }

  public boolean isBusyWith(FileSwarm file) {
    return outgoing.isAnyOf(file);
  }

  public boolean isIdle() {
    return outgoing.isEmpty();
  }

  public int inFlight() {
    return outgoing.activeCount();
  }

  public int deferredRequests() {
    return outgoing.deferredCount();
  }
}
