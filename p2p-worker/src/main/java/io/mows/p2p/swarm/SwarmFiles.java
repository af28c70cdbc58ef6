// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.state.Ownership;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Files enter and leave the swarm of a {@link SwarmNode}, which documents the methods. */
final class SwarmFiles {
  private final SwarmState swarm;
  private final DownloadChoices downloads;
  private final UploadOffers uploads;
  private final OriginChoices originReads;
  private final Gossip gossip;

  SwarmFiles(
      SwarmState swarm,
      DownloadChoices downloads,
      UploadOffers uploads,
      OriginChoices originReads,
      Gossip gossip) {
    this.swarm = swarm;
    this.downloads = downloads;
    this.uploads = uploads;
    this.originReads = originReads;
    this.gossip = gossip;
  }

  void fetch(
      long fileId, long affinity, PieceTable plan, int pieceCount, boolean shared, long nowNs) {
    FileSwarm file = swarm.files.get(fileId);
    if (file == null) {
      file = enter(fileId, affinity, pieceCount, plan::has, nowNs);
    } else if (file.plan != null) {
      throw new IllegalStateException("File " + fileId + " is being fetched already");
    }
    for (int piece = 0; piece < pieceCount; piece++) {
      if (plan.has(piece)) {
        file.arrived(piece);
      } else {
        file.gone(piece);
      }
    }
    file.plan = plan;
    file.shared = shared;
    file.members = null;
    file.holdOriginUntilNs = nowNs + swarm.settings.requestTimeoutNs;
    file.patientUntilNs = nowNs;
    file.standstill.moved(nowNs);
    FileSwarm fetched = file;
    file.planWatcher = () -> swarm.lists.planChanged(fetched);
    plan.onChange(file.planWatcher);
    swarm.lists.planChanged(file);
    originReads.add(file);
    uploads.changed();
    swarm.viewsChanged.add(file);
  }

  void serve(long fileId, long affinity, int pieceCount, BitSet have, long nowNs) {
    enter(fileId, affinity, pieceCount, have::get, nowNs).lastNeededNs = nowNs;
  }

  /** A new file; what the neighbours are told first must be true, we may not stay to say more. */
  private FileSwarm enter(
      long fileId, long affinity, int pieceCount, IntPredicate has, long nowNs) {
    SwarmSettings settings = swarm.settings;
    Ownership ownership =
        new Ownership(
            affinity, fileId, swarm.self, pieceCount, settings.owners, settings.stripePieces);
    FileSwarm file = new FileSwarm(fileId, pieceCount, ownership, swarm.lists);
    if (swarm.files.putIfAbsent(fileId, file) != null) {
      throw new IllegalStateException("File " + fileId + " is in the swarm already");
    }
    IntStream.range(0, pieceCount).filter(has).forEach(file::present);
    swarm.lists.touch(file);
    for (Neighbour link : swarm.links.values()) {
      file.maps.add(link);
      gossip.sendMap(link, file, nowNs);
    }
    return file;
  }

  void endFetch(long fileId, BitSet kept) {
    FileSwarm file = swarm.files.get(fileId);
    if (file == null || file.plan == null) {
      return;
    }
    if (kept.isEmpty()) {
      remove(fileId);
      return;
    }
    downloads.fileRemoved(file);
    endPlan(file);
    file.shared = false;
    for (int piece = 0; piece < file.pieceCount; piece++) {
      if (!kept.get(piece)) {
        file.gone(piece);
        uploads.lost(file, piece);
      }
    }
    swarm.viewsChanged.add(file);
  }

  void members(long fileId, List<SwarmMember> members, int workers, long nowNs) {
    FileSwarm file = swarm.files.get(fileId);
    if (file == null) {
      return;
    }
    boolean isFirst = file.members == null;
    file.members = members;
    boolean onlySelf = members.stream().allMatch(member -> member.peerId() == swarm.self);
    // It names nobody before it has heard of us; of those it knows, it knows what they have.
    boolean isBlind = members.isEmpty() && workers <= swarm.links.size();
    boolean isAlone = workers == 1 && onlySelf && swarm.links.isEmpty();
    if (isFirst) {
      file.holdOriginUntilNs = nowNs + (isAlone ? 0 : settleNs(isBlind));
      file.patientUntilNs = nowNs + swarm.settings.stallNs;
      file.isBlind = isBlind;
    } else if (file.isBlind && !isBlind) {
      boolean isLonger = file.holdOriginUntilNs - nowNs > settleNs(false);
      file.holdOriginUntilNs = isLonger ? nowNs + settleNs(false) : file.holdOriginUntilNs;
      file.isBlind = false;
    }
    swarm.viewsChanged.add(file);
  }

  private long settleNs(boolean isBlind) {
    return isBlind ? swarm.settings.blindSettleNs() : swarm.settings.settleNs;
  }

  private void endPlan(FileSwarm file) {
    originReads.remove(file);
    file.plan.offChange(file.planWatcher);
    file.plan = null;
    swarm.lists.planChanged(file);
  }

  void remove(long fileId) {
    FileSwarm file = swarm.files.get(fileId);
    if (file == null) {
      return;
    }
    downloads.fileRemoved(file);
    uploads.lost(file, -1);
    if (file.plan != null) {
      endPlan(file);
    }
    for (int piece = 0; piece < file.pieceCount; piece++) {
      file.gone(piece);
    }
    gossip.tell(file);
    drop(fileId);
  }

  void forgetIdle(long idleNs, long nowNs) {
    List<Long> idle = new ArrayList<>();
    for (FileSwarm file : swarm.files.values()) {
      if (file.plan == null && nowNs - file.lastNeededNs > idleNs && !uploads.isBusyWith(file)) {
        idle.add(file.fileId);
      }
    }
    idle.forEach(this::drop);
  }

  private void drop(long fileId) {
    FileSwarm file = swarm.files.remove(fileId);
    file.marks.isGone = true;
    swarm.lists.planChanged(file);
    swarm.viewsChanged.remove(file);
    swarm.links.values().forEach(link -> link.forget(fileId));
  }
}
