// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.BitfieldDelta;
import io.mows.p2p.swarm.message.SwarmMessage.Rumour;
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

  void sendMap(Neighbour link, FileSwarm file, long nowNs) {
    NeighbourPieces map = link.map(file.fileId);
    swarm.actions.send(
        link.peerId,
        new Bitfield(
            file.fileId,
            file.have.copy(),
            file.arriving.copy(),
            file.seen.copy(),
            Math.max(0, swarm.freeDownloadSlots()),
            !map.known));
    map.nextRefreshNs = nowNs + swarm.settings.refreshNs;
    map.declined = false;
  }

  /** To be called after all else has been done for an input. */
  void flush(long nowNs) {
    for (FileSwarm file : swarm.lists.news()) {
      boolean opened = !file.have.isFull() && file.toldFull && swarm.freeDownloadSlots() > 0;
      if (file.hasNews() || opened) {
        tell(file);
      }
      forgetKnown(file);
      file.marks.hasSeenMore = false;
      swarm.lists.touch(file);
    }
    if (!started || nowNs - nextRumourNs >= 0) {
      passOn(nowNs);
    }
  }

  private void forgetKnown(FileSwarm file) {
    if (!file.newSeen.isEmpty() && isSeenByAll(file)) {
      file.newSeen.drain();
    }
  }

  private void passOn(long nowNs) {
    for (FileSwarm file : swarm.lists.rumours()) {
      forgetKnown(file);
      if (file.hasRumours()) {
        toAll(file, new Rumour(file.fileId, file.newSeen.drain(), file.newDemanded.drain()));
        nextRumourNs = nowNs + swarm.settings.rumourNs;
        started = true;
      }
      swarm.lists.touch(file);
    }
  }

  /**
   * Whether whoever gets a piece tells all others himself: in a swarm so small everybody is
   * connected with everybody. Who is not hears of it from those who have got it.
   */
  private boolean isSeenByAll(FileSwarm file) {
    List<SwarmMember> members = file.memberList();
    return !members.isEmpty()
        && swarm.settings.isAllToAll(members.size())
        && file.maps.areAllKnown(members, swarm.self);
  }

  /** Sends the news about our own pieces. */
  void tell(FileSwarm file) {
    BitfieldDelta delta =
        new BitfieldDelta(
            file.fileId,
            file.newHave.drain(),
            file.newArriving.drain(),
            file.newGone.drain(),
            Math.max(0, swarm.freeDownloadSlots()));
    file.toldFull = delta.freeSlots() == 0;
    swarm.lists.touch(file);
    toAll(file, delta);
  }

  private void toAll(FileSwarm file, SwarmMessage message) {
    for (int i = 0; i < file.maps.size(); i++) {
      NeighbourPieces map = file.maps.get(i);
      if (map.known) {
        swarm.actions.send(map.link.peerId, message);
      }
    }
  }

  /** Whether there are rumours to pass on. */
  boolean isPending() {
    return swarm.lists.hasRumours();
  }

  /**
   * Messages get lost: now and then, everybody is told everything, as long as one of the two lacks
   * something. So is at once who has pieces that we want now and did not want when they were
   * offered.
   */
  void refresh(long nowNs) {
    for (FileSwarm file : swarm.files.values()) {
      if (file.marks.isRefreshOpen || file.marks.hasDeclined || file.marks.refreshNs - nowNs <= 0) {
        refresh(file, nowNs);
      }
    }
  }

  private void refresh(FileSwarm file, long nowNs) {
    file.marks.isRefreshOpen = false;
    file.marks.hasDeclined = false;
    file.marks.refreshNs = nowNs + swarm.settings.refreshNs;
    for (int i = 0; i < file.maps.size(); i++) {
      NeighbourPieces map = file.maps.get(i);
      boolean oneLacksSome = !file.have.isFull() || !map.have.isFull();
      boolean isDue = oneLacksSome && map.nextRefreshNs - nowNs <= 0;
      if (isDue || isWantedAfterAll(file, map, nowNs)) {
        sendMap(map.link, file, nowNs);
      }
      // Of a file that is here nothing is wanted before something is gone.
      file.marks.hasDeclined |= map.declined && !file.have.isFull();
      if (oneLacksSome && map.nextRefreshNs - file.marks.refreshNs < 0) {
        file.marks.refreshNs = map.nextRefreshNs;
      }
    }
  }

  private boolean isWantedAfterAll(FileSwarm file, NeighbourPieces map, long nowNs) {
    return map.declined && RarestFirst.needsAny(file, map) && groupFirst.mayTake(map, file, nowNs);
  }
}
