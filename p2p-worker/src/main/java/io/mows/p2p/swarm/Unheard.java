// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.SwarmState;

/** Which peers have yet to say what they have of a file. */
final class Unheard {
  private final SwarmState swarm;

  Unheard(SwarmState swarm) {
    this.swarm = swarm;
  }

  /** Whether peers may have {@code file} of which we have not heard yet. */
  boolean mayHave(FileSwarm file, long nowNs) {
    boolean isHeld =
        file.members().isHeld(nowNs) && !(file.members().isBlind() && isHeardByAll(file));
    return isHeld || (file.members().isPatient(nowNs) && isAnyAwaited(file));
  }

  /** All that are connected have told what they have of {@code file}. */
  private boolean isHeardByAll(FileSwarm file) {
    for (Neighbour neighbour : swarm.connections().all()) {
      if (!neighbour.isSilent() && !file.neighbours().of(neighbour.peerId()).isKnown()) {
        return false;
      }
    }
    return true;
  }

  /** A member has a part of the file, and has not told yet which. */
  private boolean isAnyAwaited(FileSwarm file) {
    for (SwarmMember member : file.members().list()) {
      if (member.isPartial() && is(file, member)) {
        return true;
      }
    }
    return false;
  }

  /** It has something of the file, is connected or about to be, and has not told yet what. */
  boolean is(FileSwarm file, SwarmMember member) {
    boolean hasSome = member.isPartial() || member.isComplete();
    if (!hasSome
        || member.peerId() == swarm.self()
        || swarm.connections().isSilent(member.peerId())) {
      return false;
    }
    NeighbourPieces map = file.neighbours().of(member.peerId());
    return map == null ? swarm.connections().isConnecting(member.peerId()) : !map.isKnown();
  }
}
