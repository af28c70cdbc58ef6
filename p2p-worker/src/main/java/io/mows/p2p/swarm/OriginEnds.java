// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.channel.Remedy;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.origin.OriginFault;
import io.mows.p2p.swarm.origin.OriginSchedule;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.OriginRow;
import io.mows.p2p.swarm.state.SwarmState;

/** How reads from the origin end: landed, failed, or called off because a peer has the piece. */
final class OriginEnds {
  /**
   * After the first failure of an origin that is else well, the piece is not read so soon again.
   */
  private static final long PIECE_PAUSE_NS = 100_000_000L;

  /** A read that has run for longer is not given up because another peer has the same idea. */
  private static final long FRESH_NS = 200_000_000L;

  /** What has run for so long hangs, or comes sooner from a peer that has it. */
  private static final long HUNG_NS = 2_000_000_000L;

  private final SwarmState swarm;
  private final OriginSchedule schedule;

  OriginEnds(SwarmState swarm, OriginSchedule schedule) {
    this.swarm = swarm;
    this.schedule = schedule;
  }

  /** Returns false if the read is not ours any more. */
  boolean landed(long fileId, int piece) {
    OriginRow read = end(fileId, piece);
    if (read == null) {
      return false;
    }
    swarm.origins().answered(read.ask());
    schedule.landed();
    read.file().plan().landed(piece);
    return true;
  }

  /** Returns true if the piece is not tried again by itself. */
  boolean failed(long fileId, int piece, Remedy remedy, long nowNs) {
    OriginRow read = end(fileId, piece);
    if (read == null) {
      return false;
    }
    if (remedy == Remedy.STOP) {
      // Gone or changed: that is an answer.
      swarm.origins().answered(read.ask());
    } else {
      swarm.origins().dropped(read.ask());
    }
    unsee(read);
    return read.file().plan().failed(piece, remedy, nowNs);
  }

  /** It was not the piece's fault: it counts as no attempt, and may come from a peer at once. */
  void refused(long fileId, int piece, OriginFault fault, String reason, long nowNs) {
    OriginRow read = end(fileId, piece);
    if (read == null) {
      return;
    }
    swarm.origins().failed(read.ask(), fault, reason, nowNs);
    schedule.keepWidth();
    unsee(read);
    if (swarm.origins().outage(fileId, nowNs).isPresent()) {
      read.file().plan().released(piece);
    } else {
      read.file().plan().withdrawn(piece, nowNs + PIECE_PAUSE_NS);
    }
  }

  /** There is no room for the piece. */
  void withdrawn(long fileId, int piece, long untilNs) {
    OriginRow read = end(fileId, piece);
    if (read != null) {
      swarm.origins().dropped(read.ask());
      unsee(read);
      read.file().plan().withdrawn(piece, untilNs);
    }
  }

  /** Takes the read out; null if there is none. */
  private OriginRow end(long fileId, int piece) {
    OriginRow read = swarm.inFlight().findRead(swarm.file(fileId), piece);
    if (read != null) {
      swarm.inFlight().remove(read);
    }
    return read;
  }

  private static void unsee(OriginRow read) {
    FileSwarm file = read.file();
    file.gone(read.piece());
    if (file.copies(read.piece()) == 0) {
      file.unsee(read.piece());
    }
  }

  /** The file is fetched no longer. */
  void callOff(FileSwarm file) {
    for (OriginRow read : swarm.inFlight().originReads()) {
      if (read.file() == file) {
        callOff(read);
      }
    }
  }

  private void callOff(OriginRow read) {
    FileSwarm file = read.file();
    swarm.actions().cancelOrigin(file.fileId(), read.piece());
    swarm.inFlight().remove(read);
    swarm.origins().dropped(read.ask());
    file.plan().released(read.piece());
    file.gone(read.piece());
  }

  /** A peer has told what it has and is getting of {@code file}: one of us is enough. */
  void alsoAt(FileSwarm file, NeighbourPieces peer, long nowNs) {
    for (OriginRow read : swarm.inFlight().originReads()) {
      if (read.file() == file && peer.covers(read.piece())) {
        alsoAt(read, peer, nowNs);
      }
    }
  }

  /** Another peer is getting {@code piece} as well. */
  void alsoAt(FileSwarm file, int piece, NeighbourPieces peer, long nowNs) {
    OriginRow read = swarm.inFlight().findRead(file, piece);
    if (read != null) {
      alsoAt(read, peer, nowNs);
    }
  }

  private void alsoAt(OriginRow read, NeighbourPieces peer, long nowNs) {
    boolean isFresh = read.ageNs(nowNs) <= FRESH_NS;
    if (isFresh && (peer.have().get(read.piece()) || comesFirst(peer, read.piece()))) {
      callOff(read);
    }
  }

  private boolean comesFirst(NeighbourPieces peer, int piece) {
    long theirs = Rendezvous.weight(piece, peer.neighbour().peerId());
    return Long.compareUnsigned(theirs, Rendezvous.weight(piece, swarm.self())) > 0;
  }

  /** Readers wait for what a peer has: it is asked, and not the origin any longer. */
  void yieldToPeers(long nowNs) {
    for (OriginRow read : swarm.inFlight().originReads()) {
      boolean isLong = read.ageNs(nowNs) > HUNG_NS;
      if (isLong && read.file().plan().wants().isAwaited(read.piece()) && isAtAPeer(read)) {
        callOff(read);
      }
    }
  }

  private static boolean isAtAPeer(OriginRow read) {
    return read.file().isShared()
        && read.file().neighbours().told().stream()
            .anyMatch(map -> map.have().get(read.piece()) && !map.neighbour().isQuarantined());
  }
}
