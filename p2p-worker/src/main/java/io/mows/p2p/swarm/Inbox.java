// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Hearsay;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.SwarmState;
import io.mows.p2p.swarm.upload.UploadOffers;

/** What the messages of peers mean to a {@link SwarmNode}. Peers may be wrong, late or lying. */
final class Inbox implements SwarmMessage.Handler {
  private final SwarmState swarm;
  private final DownloadChoices downloads;
  private final DownloadEnds downloadEnds;
  private final UploadOffers uploads;
  private final OriginEnds originReads;
  private final Gossip gossip;

  Inbox(
      SwarmState swarm,
      DownloadChoices downloads,
      DownloadEnds downloadEnds,
      UploadOffers uploads,
      OriginEnds originReads,
      Gossip gossip) {
    this.swarm = swarm;
    this.downloads = downloads;
    this.downloadEnds = downloadEnds;
    this.uploads = uploads;
    this.originReads = originReads;
    this.gossip = gossip;
  }

  @Override
  public void onBitfield(long peerId, SwarmMessage.Bitfield message, long nowNs) {
    NeighbourPieces map = swarm.pieces(peerId, message.fileId());
    FileSwarm file = swarm.file(message.fileId());
    if (map == null
        || message.have().size() != file.pieceCount()
        || message.arriving().size() != file.pieceCount()
        || message.seen().size() != file.pieceCount()) {
      return;
    }
    map.neighbour().quarantined(swarm.strikes().isQuarantined(peerId, nowNs));
    if (!map.neighbour().isQuarantined()) {
      meet(map, file);
      Hearsay.replaceMap(file, map, message, nowNs);
    }
    if (!map.isKnown()) {
      file.neighbours().known(map, true);
      swarm.views().of(file);
    }
    if (!message.have().isFull()) {
      file.needed(nowNs);
    }
    map.neighbour().freeSlots(message.freeSlots());
    uploads.changed();
    // Whatever we have told it before, it may not have known the file then.
    if (message.isAsking()) {
      gossip.sendMap(map.neighbour(), file, nowNs);
    }
    originReads.alsoAt(file, map, nowNs);
  }

  @Override
  public void onBitfieldDelta(long peerId, SwarmMessage.BitfieldDelta message, long nowNs) {
    NeighbourPieces map = swarm.pieces(peerId, message.fileId());
    FileSwarm file = swarm.file(message.fileId());
    if (map == null
        || !file.neighbours().told().contains(map)
        || !file.hasPieces(message.have())
        || !file.hasPieces(message.arriving())
        || !file.hasPieces(message.gone())) {
      return;
    }
    Hearsay.update(file, map, message, nowNs);
    map.neighbour().freeSlots(message.freeSlots());
    uploads.changed();
    for (int piece : message.arriving()) {
      originReads.alsoAt(file, piece, map, nowNs);
    }
  }

  private void meet(NeighbourPieces map, FileSwarm file) {
    if (!file.neighbours().told().contains(map)) {
      file.addNeighbour(map);
      swarm.views().of(file);
    }
  }

  @Override
  public void onRumour(long peerId, SwarmMessage.Rumour message, long nowNs) {
    NeighbourPieces map = swarm.pieces(peerId, message.fileId());
    FileSwarm file = swarm.file(message.fileId());
    if (map != null
        && !map.neighbour().isQuarantined()
        && file.hasPieces(message.seen())
        && file.hasPieces(message.demanded())) {
      Hearsay.hear(file, message, nowNs);
    }
  }

  @Override
  public void onOffer(long peerId, SwarmMessage.Offer message, long nowNs) {
    NeighbourPieces map = swarm.pieces(peerId, message.fileId());
    if (map == null) {
      // Without an answer, it would keep an upload slot for us for a while.
      swarm
          .actions()
          .send(peerId, new Reject(message.fileId(), message.piece(), Reject.Reason.UNWANTED));
    } else if (map.neighbour().isLeftAlone(nowNs)) {
      swarm
          .actions()
          .send(peerId, new Reject(message.fileId(), message.piece(), Reject.Reason.FULL));
    } else if (swarm.file(message.fileId()).hasPieces(message.piece())) {
      downloads.onOffer(map, swarm.file(message.fileId()), message.piece(), nowNs);
    }
  }

  @Override
  public void onRequest(long peerId, SwarmMessage.Request message, long nowNs) {
    NeighbourPieces map = swarm.pieces(peerId, message.fileId());
    if (map == null || !swarm.file(message.fileId()).hasPieces(message.piece())) {
      swarm
          .actions()
          .send(peerId, new Reject(message.fileId(), message.piece(), Reject.Reason.MISSING));
      return;
    }
    FileSwarm file = swarm.file(message.fileId());
    file.needed(nowNs);
    uploads.onRequest(map, file, message.piece(), message.isUrgent(), nowNs);
  }

  @Override
  public void onReject(long peerId, SwarmMessage.Reject message, long nowNs) {
    NeighbourPieces map = swarm.pieces(peerId, message.fileId());
    if (map == null || !swarm.file(message.fileId()).hasPieces(message.piece())) {
      return;
    }
    FileSwarm file = swarm.file(message.fileId());
    switch (message.reason()) {
      case MISSING:
        if (map.have().get(message.piece())) {
          map.neighbour().promiseBroken(nowNs);
        }
        downloadEnds.refused(map, file, message.piece(), message.reason(), nowNs);
        break;
      case BUSY:
        downloadEnds.refused(map, file, message.piece(), message.reason(), nowNs);
        break;
      case FULL:
      case HAVE:
      case UNWANTED:
        uploads.offerRefused(map, file, message.piece(), message.reason());
        break;
    }
  }

  @Override
  public void onCancel(long peerId, SwarmMessage.Cancel message, long nowNs) {
    NeighbourPieces map = swarm.pieces(peerId, message.fileId());
    if (map != null && swarm.file(message.fileId()).hasPieces(message.piece())) {
      uploads.onCancel(map, swarm.file(message.fileId()), message.piece());
    }
  }
}
