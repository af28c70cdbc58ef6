// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.SwarmMessage.Offer;
import io.mows.p2p.swarm.SwarmMessage.Refused;
import io.mows.p2p.swarm.SwarmMessage.Refused.Reason;
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
final class Uploads {
  private static final int SCAN_LIMIT = 512;

  /**
   * So many files spread at a time, the rarest piece first whichever file it is of. One file after
   * the other, every file would begin with one peer that gives and many that have nothing to give.
   */
  private static final int FILES = 3;

  private final Swarm swarm;
  private final List<Upload> active = new ArrayList<>();
  private final List<Upload> offers = new ArrayList<>();

  /** Urgent requests for which there was no slot: to be offered what they asked for. */
  private final Queue<Upload> wishes = new ArrayDeque<>();

  private long picks;
  private boolean changed;

  Uploads(Swarm swarm) {
    this.swarm = swarm;
  }

  /** Something has happened that may make an offer possible. */
  void changed() {
    changed = true;
  }

  void onRequest(PeerMap map, FileSwarm file, int piece, boolean urgent, long nowNs) {
    long peerId = map.link.peerId;
    boolean offered = removeOffer(map.link, file);
    if (!file.have.get(piece)) {
      swarm.actions.send(peerId, new Refused(file.fileId, piece, Reason.MISSING));
      changed = true;
    } else if (find(active, map.link, file, piece) != null) {
      return;
    } else if (offered || mayStart(map.link)) {
      start(new Upload(map, file, piece, nowNs));
    } else {
      swarm.actions.send(peerId, new Refused(file.fileId, piece, Reason.BUSY));
      if (urgent && wishes.size() < swarm.settings.wishes) {
        wishes.add(new Upload(map, file, piece, nowNs));
      }
    }
  }

  private boolean mayStart(PeerLink link) {
    return slotsTaken() < swarm.uploadSlots() && swarm.hasUploadSlot(link);
  }

  private void start(Upload upload) {
    upload.map.link.uploads++;
    active.add(upload);
    swarm.actions.upload(upload.map.link.peerId, upload.file.fileId, upload.piece);
  }

  /** The peer does not take what was offered. */
  void offerRefused(PeerMap map, FileSwarm file, int piece, Reason reason) {
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

  void onCancel(PeerMap map, FileSwarm file, int piece) {
    Upload upload = find(active, map.link, file, piece);
    if (upload != null) {
      stop(upload);
    }
  }

  void ended(PeerMap map, FileSwarm file, int piece, boolean sent) {
    Upload upload = find(active, map.link, file, piece);
    if (upload != null) {
      remove(upload);
      if (sent) {
        // It will say so itself; until then, do not offer the same piece again.
        file.correct(map, piece, true);
      }
    }
  }

  private void remove(Upload upload) {
    active.remove(upload);
    upload.map.link.uploads--;
    changed = true;
  }

  private void stop(Upload upload) {
    remove(upload);
    swarm.actions.cancelUpload(upload.map.link.peerId, upload.file.fileId, upload.piece);
  }

  void peerLost(PeerLink link) {
    wishes.removeIf(upload -> upload.map.link == link);
    offers.removeIf(upload -> upload.map.link == link);
    active.removeIf(upload -> upload.map.link == link);
    changed = true;
  }

  /** The peer takes nothing any more: what it was to get holds up nobody else. */
  void forget(PeerLink link) {
    peerLost(link);
    link.uploads = 0;
    link.offers = 0;
  }

  /** The piece is gone, or the whole file if {@code piece} is negative. */
  void lost(FileSwarm file, int piece) {
    for (Upload upload : new ArrayList<>(active)) {
      if (upload.file == file && (piece < 0 || upload.piece == piece)) {
        stop(upload);
        swarm.actions.send(
            upload.map.link.peerId, new Refused(file.fileId, upload.piece, Reason.MISSING));
      }
    }
    wishes.removeIf(upload -> upload.file == file && (piece < 0 || upload.piece == piece));
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
      Upload offer = pick(nowNs);
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

  private Upload pick(long nowNs) {
    picks++;
    // Every other time, so that what is rare goes on spreading.
    Upload wish = picks % 2 == 0 ? nextWish(nowNs) : null;
    if (wish != null) {
      return wish;
    }
    Choice choice = new Choice(Rendezvous.combine(swarm.self, picks));
    int wantedFiles = 0;
    for (FileSwarm file : swarm.lists.giving()) {
      if (scan(file, wantedFiles, choice) && ++wantedFiles == FILES) {
        break;
      }
    }
    return choice.map == null ? null : new Upload(choice.map, choice.file, choice.piece, nowNs);
  }

  /** Returns whether there is a piece of {@code file} to offer. */
  private boolean scan(FileSwarm file, int filesBefore, Choice choice) {
    boolean wanted = false;
    for (PeerMap map : file.neighbours) {
      PeerLink link = map.link;
      boolean open = link.freeSlots - link.offers > 0 && swarm.hasUploadSlot(link);
      if (open && map.interested && !map.have.isFull()) {
        wanted |= scan(file, map, filesBefore, choice);
      }
    }
    return wanted;
  }

  private Upload nextWish(long nowNs) {
    while (!wishes.isEmpty()) {
      Upload wish = wishes.remove();
      boolean fresh = nowNs - wish.sinceNs < swarm.settings.requestTimeoutNs;
      PeerLink link = wish.map.link;
      if (fresh && !wish.map.covers(wish.piece) && swarm.hasUploadSlot(link)) {
        return new Upload(wish.map, wish.file, wish.piece, nowNs);
      }
    }
    return null;
  }

  private boolean scan(FileSwarm file, PeerMap map, int filesBefore, Choice choice) {
    int scanned = 0;
    int crowd = map.link.uploads + map.link.offers;
    for (int i = 0; i < file.have.wordCount() && scanned < SCAN_LIMIT; i++) {
      for (long word = map.lacking(file.have, i); word != 0; word &= word - 1) {
        int piece = (i << 6) + Long.numberOfTrailingZeros(word);
        // A second offer of it would take one slot more, for nothing.
        if (crowd == 0 || !isPromisedTo(map.link, file, piece)) {
          int copies = file.copies(piece) + promised(file, piece);
          choice.consider(file, map, piece, FILES * copies + filesBefore, crowd);
          scanned++;
        }
      }
    }
    return scanned > 0;
  }

  /** Copies that are on their way from here, of which their receivers have not told us yet. */
  private int promised(FileSwarm file, int piece) {
    int count = 0;
    for (Upload upload : active) {
      count += upload.isNewsOf(file, piece) ? 1 : 0;
    }
    for (Upload offer : offers) {
      count += offer.isNewsOf(file, piece) ? 1 : 0;
    }
    return count;
  }

  private boolean isPromisedTo(PeerLink link, FileSwarm file, int piece) {
    return find(active, link, file, piece) != null || find(offers, link, file, piece) != null;
  }

  private int slotsTaken() {
    return active.size() + offers.size();
  }

  private boolean removeOffer(PeerLink link, FileSwarm file) {
    for (Upload offer : offers) {
      if (offer.map.link == link && offer.file == file) {
        offers.remove(offer);
        link.offers--;
        return true;
      }
    }
    return false;
  }

  private static Upload find(List<Upload> list, PeerLink link, FileSwarm file, int piece) {
    for (Upload upload : list) {
      if (upload.map.link == link && upload.file == file && upload.piece == piece) {
        return upload;
      }
    }
    return null;
  }

  boolean isBusyWith(FileSwarm file) {
    return active.stream().anyMatch(upload -> upload.file == file)
        || offers.stream().anyMatch(offer -> offer.file == file);
  }

  boolean isIdle() {
    return active.isEmpty() && offers.isEmpty() && wishes.isEmpty();
  }

  int inFlight() {
    return active.size();
  }

  int wishes() {
    return wishes.size();
  }

  /** The best (neighbour, piece) so far. */
  private static final class Choice {
    private final long salt;
    private FileSwarm file;
    private PeerMap map;
    private int piece;
    private long rank = Long.MAX_VALUE;
    private long tie;

    Choice(long salt) {
      this.salt = salt;
    }

    /** Rarest first, then who gets nothing from us yet, then who has most room, then chance. */
    void consider(
        FileSwarm candidateFile, PeerMap candidate, int candidatePiece, int rarity, int crowd) {
      long candidateRank =
          ((long) rarity << 32)
              + ((long) crowd << 16)
              + 255
              - Math.min(255, candidate.link.freeSlots);
      if (candidateRank > rank) {
        return;
      }
      long candidateTie = Rendezvous.mix(salt ^ (candidate.link.peerId << 20) ^ candidatePiece);
      if (candidateRank < rank || candidateTie < tie) {
        file = candidateFile;
        map = candidate;
        piece = candidatePiece;
        rank = candidateRank;
        tie = candidateTie;
      }
    }
  }

  private static final class Upload {
    private final PeerMap map;
    private final FileSwarm file;
    private final int piece;
    private final long sinceNs;

    boolean isNewsOf(FileSwarm other, int otherPiece) {
      return piece == otherPiece && file == other && !map.covers(piece);
    }

    Upload(PeerMap map, FileSwarm file, int piece, long sinceNs) {
      this.map = map;
      this.file = file;
      this.piece = piece;
      this.sinceNs = sinceNs;
    }
  }
}
