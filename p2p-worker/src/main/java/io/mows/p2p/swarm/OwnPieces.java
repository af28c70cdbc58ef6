// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.channel.Remedy;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.SwarmState;
import io.mows.p2p.swarm.upload.UploadOffers;
import java.util.BitSet;

/** Pieces become ours, or are no longer; {@link SwarmNode} documents the methods. */
final class OwnPieces {
  private final SwarmState swarm;
  private final UploadOffers uploads;

  OwnPieces(SwarmState swarm, UploadOffers uploads) {
    this.swarm = swarm;
    this.uploads = uploads;
  }

  void confirmed(long fileId, BitSet pieces) {
    FileSwarm file = swarm.file(fileId);
    if (file != null && file.plan() != null) {
      PieceTable plan = file.plan();
      plan.validated(pieces);
      for (int piece = pieces.nextSetBit(0); piece >= 0; piece = pieces.nextSetBit(piece + 1)) {
        if (plan.has(piece)) {
          file.arrived(piece);
        }
      }
      uploads.changed();
    }
  }

  boolean unconfirmed(long fileId, int piece, Remedy remedy, long nowNs) {
    FileSwarm file = swarm.file(fileId);
    if (file == null || file.plan() == null) {
      return false;
    }
    file.gone(piece);
    return file.plan().failed(piece, remedy, nowNs);
  }

  void found(long fileId, int piece) {
    FileSwarm file = swarm.file(fileId);
    if (file != null) {
      file.arrived(piece);
      uploads.changed();
    }
  }

  void assign(long fileId, int piece) {
    FileSwarm file = swarm.file(fileId);
    if (file != null) {
      file.assign(piece);
    }
  }

  void lost(long fileId, int piece) {
    FileSwarm file = swarm.file(fileId);
    if (file != null) {
      file.gone(piece);
      uploads.lost(file, piece);
    }
  }
}
