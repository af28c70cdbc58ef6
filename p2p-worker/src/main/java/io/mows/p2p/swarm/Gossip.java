// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.BitfieldDelta;
import io.mows.p2p.swarm.message.SwarmMessage.Rumour;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.List;

/** Tells the neighbours what we have and are getting, and passes on what they say. */
final class Gossip {
  private final SwarmState swarm;
  private final GroupFirst groupFirst;
  private long nextRumourNs;
  private boolean started;

  Gossip(SwarmState swarm, GroupFirst groupFirst) {
    this.swarm = swarm;
    this.groupFirst = groupFirst;
  }

  void sendMap(Neighbour neighbour, FileSwarm file, long nowNs) {
    NeighbourPieces map = file.neighbours().of(neighbour.peerId());
    swarm
        .actions()
        .send(
            neighbour.peerId(),
            new Bitfield(
                file.fileId(),
                file.have().copy(),
                file.arriving().copy(),
                file.seen().copy(),
                Math.max(0, swarm.freeDownloadSlots()),
                !map.isKnown()));
    map.nextRefreshNs(nowNs + swarm.settings().refreshNs());
    map.declined(false);
  }

  /** To be called after all else has been done for an input. */
  void flush(long nowNs) {
    for (FileSwarm file : swarm.lists().news()) {
      boolean opened =
          !file.have().isFull() && file.news().hasToldFull() && swarm.freeDownloadSlots() > 0;
      if (file.news().isAny() || opened) {
        tell(file);
      }
      forgetKnown(file);
      file.news().lookedAt();
      swarm.lists().touch(file);
    }
    if (!started || nowNs - nextRumourNs >= 0) {
      passOn(nowNs);
    }
  }

  private void forgetKnown(FileSwarm file) {
    if (file.news().hasSeen() && isSeenByAll(file)) {
      file.news().takeSeen();
    }
  }

  private void passOn(long nowNs) {
    for (FileSwarm file : swarm.lists().rumours()) {
      forgetKnown(file);
      if (file.news().hasRumours()) {
        toAll(file, new Rumour(file.fileId(), file.news().takeSeen(), file.news().takeDemanded()));
        nextRumourNs = nowNs + swarm.settings().rumourNs();
        started = true;
      }
      swarm.lists().touch(file);
    }
  }

  /**
   * Whether whoever gets a piece tells all others himself: in a swarm so small everybody is
   * connected with everybody. Who is not hears of it from those who have got it.
   */
  private boolean isSeenByAll(FileSwarm file) {
    List<SwarmMember> members = file.members().list();
    return !members.isEmpty()
        && swarm.settings().isAllToAll(members.size())
        && file.neighbours().areAllKnown(members, swarm.self());
  }

  /** Sends the news about our own pieces. */
  void tell(FileSwarm file) {
    BitfieldDelta delta =
        new BitfieldDelta(
            file.fileId(),
            file.news().takeHave(),
            file.news().takeArriving(),
            file.news().takeGone(),
            Math.max(0, swarm.freeDownloadSlots()));
    file.news().toldFull(delta.freeSlots() == 0);
    swarm.lists().touch(file);
    toAll(file, delta);
  }

  private void toAll(FileSwarm file, SwarmMessage message) {
    for (int i = 0; i < file.neighbours().connected().size(); i++) {
      NeighbourPieces map = file.neighbours().connected().get(i);
      if (map.isKnown()) {
        swarm.actions().send(map.neighbour().peerId(), message);
      }
    }
  }

  /** Whether there are rumours to pass on. */
  boolean isPending() {
    return swarm.lists().hasRumours();
  }

  /**
   * Messages get lost: now and then, everybody is told everything, as long as one of the two lacks
   * something. So is at once who has pieces that we want now and did not want when they were
   * offered.
   */
  void refresh(long nowNs) {
    for (FileSwarm file : swarm.files().values()) {
      if (file.news().isRefreshDue(nowNs)) {
        refresh(file, nowNs);
      }
    }
  }

  private void refresh(FileSwarm file, long nowNs) {
    file.news().refreshed(nowNs + swarm.settings().refreshNs());
    for (int i = 0; i < file.neighbours().connected().size(); i++) {
      NeighbourPieces map = file.neighbours().connected().get(i);
      boolean oneLacksSome = !file.have().isFull() || !map.have().isFull();
      boolean isDue = oneLacksSome && map.nextRefreshNs() - nowNs <= 0;
      if (isDue || isWantedAfterAll(file, map, nowNs)) {
        sendMap(map.neighbour(), file, nowNs);
      }
      // Of a file that is here nothing is wanted before something is gone.
      if (map.isDeclined() && !file.have().isFull()) {
        file.news().hasDeclined();
      }
      if (oneLacksSome) {
        file.news().refreshNoLaterThan(map.nextRefreshNs());
      }
    }
  }

  private boolean isWantedAfterAll(FileSwarm file, NeighbourPieces map, long nowNs) {
    return map.isDeclined()
        && RarestFirst.needsAny(file, map)
        && groupFirst.mayTake(map, file, nowNs);
  }
}
