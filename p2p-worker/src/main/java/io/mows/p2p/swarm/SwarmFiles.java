// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.Ownership;
import io.mows.p2p.swarm.state.SwarmSettings;
import io.mows.p2p.swarm.state.SwarmState;
import io.mows.p2p.swarm.upload.UploadOffers;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Files enter and leave the swarm of a {@link SwarmNode}, which documents the methods. */
final class SwarmFiles {
  private final SwarmState swarm;
  private final DownloadEnds downloads;
  private final UploadOffers uploads;
  private final OriginChoices origin;
  private final Gossip gossip;

  SwarmFiles(
      SwarmState swarm,
      DownloadEnds downloads,
      UploadOffers uploads,
      OriginChoices origin,
      Gossip gossip) {
    this.swarm = swarm;
    this.downloads = downloads;
    this.uploads = uploads;
    this.origin = origin;
    this.gossip = gossip;
  }

  void fetch(
      long fileId, long affinity, PieceTable plan, int pieceCount, boolean shared, long nowNs) {
    FileSwarm file = swarm.files().get(fileId);
    if (file == null) {
      file = enter(fileId, affinity, pieceCount, plan::has, nowNs);
    } else if (file.plan() != null) {
      throw new IllegalStateException("File " + fileId + " is being fetched already");
    }
    for (int piece = 0; piece < pieceCount; piece++) {
      if (plan.has(piece)) {
        file.arrived(piece);
      } else {
        file.gone(piece);
      }
    }
    file.members().fetchBegins(nowNs + swarm.settings().requestTimeoutNs(), nowNs);
    file.standstill().moved(nowNs);
    FileSwarm fetched = file;
    file.fetching().begin(plan, shared, () -> swarm.lists().planChanged(fetched));
    swarm.lists().planChanged(file);
    origin.add(file);
    uploads.changed();
    swarm.views().of(file);
  }

  void serve(long fileId, long affinity, int pieceCount, BitSet have, long nowNs) {
    enter(fileId, affinity, pieceCount, have::get, nowNs).needed(nowNs);
  }

  /** A new file; what the neighbours are told first must be true, we may not stay to say more. */
  private FileSwarm enter(
      long fileId, long affinity, int pieceCount, IntPredicate has, long nowNs) {
    SwarmSettings settings = swarm.settings();
    Ownership ownership =
        new Ownership(
            affinity, fileId, swarm.self(), pieceCount, settings.owners(), settings.stripePieces());
    FileSwarm file =
        new FileSwarm(fileId, pieceCount, ownership, swarm.lists().next(), swarm.lists()::touch);
    if (swarm.files().putIfAbsent(fileId, file) != null) {
      throw new IllegalStateException("File " + fileId + " is in the swarm already");
    }
    IntStream.range(0, pieceCount).filter(has).forEach(file::present);
    swarm.lists().touch(file);
    for (Neighbour neighbour : swarm.connections().all()) {
      file.neighbours().add(neighbour);
      gossip.sendMap(neighbour, file, nowNs);
    }
    return file;
  }

  void endFetch(long fileId, BitSet kept) {
    FileSwarm file = swarm.files().get(fileId);
    if (file == null || file.plan() == null) {
      return;
    }
    if (kept.isEmpty()) {
      remove(fileId);
      return;
    }
    downloads.fileRemoved(file);
    endPlan(file);
    for (int piece = 0; piece < file.pieceCount(); piece++) {
      if (!kept.get(piece)) {
        file.gone(piece);
        uploads.lost(file, piece);
      }
    }
    swarm.views().of(file);
  }

  void members(long fileId, List<SwarmMember> members, int workers, long nowNs) {
    FileSwarm file = swarm.files().get(fileId);
    if (file == null) {
      return;
    }
    boolean isFirst = file.members().heard(members);
    boolean onlySelf = members.stream().allMatch(member -> member.peerId() == swarm.self());
    // It names nobody before it has heard of us; of those it knows, it knows what they have.
    boolean isBlind = members.isEmpty() && workers <= swarm.connections().count();
    boolean isAlone = workers == 1 && onlySelf && swarm.connections().count() == 0;
    if (isFirst) {
      long settleNs = isAlone ? 0 : settleNs(isBlind);
      file.members().settle(isBlind, settleNs, swarm.settings().stallNs(), nowNs);
    } else if (!isBlind) {
      file.members().sees(settleNs(false), nowNs);
    }
    swarm.views().of(file);
  }

  private long settleNs(boolean isBlind) {
    return isBlind ? swarm.settings().blindSettleNs() : swarm.settings().settleNs();
  }

  private void endPlan(FileSwarm file) {
    origin.remove(file);
    file.fetching().end();
    swarm.lists().planChanged(file);
  }

  void remove(long fileId) {
    FileSwarm file = swarm.files().get(fileId);
    if (file == null) {
      return;
    }
    downloads.fileRemoved(file);
    uploads.lost(file);
    if (file.plan() != null) {
      endPlan(file);
    }
    for (int piece = 0; piece < file.pieceCount(); piece++) {
      file.gone(piece);
    }
    gossip.tell(file);
    drop(fileId);
  }

  void forgetIdle(long idleNs, long nowNs) {
    List<Long> idle = new ArrayList<>();
    for (FileSwarm file : swarm.files().values()) {
      if (file.plan() == null
          && nowNs - file.lastNeededNs() > idleNs
          && !uploads.isBusyWith(file)) {
        idle.add(file.fileId());
      }
    }
    idle.forEach(this::drop);
  }

  private void drop(long fileId) {
    FileSwarm file = swarm.files().remove(fileId);
    file.leave();
    swarm.lists().planChanged(file);
    swarm.views().forget(file);
  }
}
