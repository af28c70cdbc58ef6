// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.origin.OriginSchedule;
import io.mows.p2p.swarm.origin.OriginStart;
import io.mows.p2p.swarm.origin.ReadGate;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What we read from the origin: everything if we are alone, else the pieces that we own, those that
 * other owners leave undone, and, when nothing moves any more, whatever is missing.
 */
final class OriginChoices {
  /** The reads of all owners together are at most that part of what is missing. */
  private static final int PART = 16;

  private final SwarmState swarm;
  private final OriginSchedule schedule;
  private final OriginEnds ends;
  private final OriginReadiness readiness;
  private final LeftUndone leftUndone;
  private final Map<PieceTable, FileSwarm> filesByPlan = new LinkedHashMap<>();
  private final Consumer<FileSwarm> waking = this::wake;
  private int widened;
  private long nowNs;

  OriginChoices(SwarmState swarm, OriginSchedule schedule, OriginEnds ends) {
    this.swarm = swarm;
    this.schedule = schedule;
    this.ends = ends;
    this.readiness = new OriginReadiness(swarm);
    this.leftUndone = new LeftUndone(swarm);
  }

  void add(FileSwarm file) {
    filesByPlan.put(file.plan(), file);
    schedule.add(
        file.plan(),
        new ReadGate() {
          @Override
          public int applyAsInt(int from) {
            return readiness.next(file, from);
          }

          @Override
          public boolean isShutForNow() {
            return !readiness.mayAsk(file);
          }
        });
    file.fetching().onOpened(() -> wake(file));
  }

  private void wake(FileSwarm file) {
    if (file.plan() != null) {
      schedule.candidates().wake(file.plan());
    }
  }

  void remove(FileSwarm file) {
    schedule.remove(file.plan());
    file.fetching().onOpened(() -> {});
    filesByPlan.remove(file.plan());
    ends.callOff(file);
  }

  /**
   * @param tick whether to look at all files, also at those to which nothing has happened
   */
  void pump(boolean tick, long now) {
    nowNs = now;
    widened = swarm.actions().originWidth();
    schedule.widen(widened);
    readiness.look(now, waking);
    ends.yieldToPeers(now);
    startDemandedElsewhere();
    if (tick) {
      startPromised();
    }
    int limit = limit();
    while (startNext(limit)) {
      limit = limit();
    }
    if (swarm.inFlight().originReadCount() == 0) {
      takeOver(tick);
    }
  }

  /** What readers of other workers wait for goes before what nobody waits for. */
  private void startDemandedElsewhere() {
    for (FileSwarm file : swarm.lists().demandedElsewhere()) {
      PieceBits demanded = file.demandedElsewhere();
      for (int p = demanded.nextSet(0); p >= 0; p = demanded.nextSet(p + 1)) {
        if (file.seen().get(p)) {
          demanded.clear(p);
          file.touch();
        } else if (file.isShared() && file.ownership().isMine(p) && readiness.next(file, p) == p) {
          force(file, p, limit());
        }
      }
    }
  }

  /** What a peer has said for too long that it is getting. */
  private void startPromised() {
    for (FileSwarm file : swarm.lists().open()) {
      int piece = file.isShared() ? leftUndone.promised(file, nowNs) : -1;
      if (piece >= 0 && mayForce(file)) {
        schedule.force(file.plan(), piece, limit(), nowNs).ifPresent(this::begin);
        return;
      }
    }
  }

  /** Reads {@code piece}, whoever owns it, unless somebody has it. */
  private void force(FileSwarm file, int piece, int limit) {
    if (mayForce(file) && file.copies(piece) == 0) {
      schedule.force(file.plan(), piece, limit, nowNs).ifPresent(this::begin);
    }
  }

  private boolean mayForce(FileSwarm file) {
    return readiness.mayAsk(file) && readiness.isOpen(file);
  }

  private boolean startNext(int limit) {
    Optional<OriginStart> next = schedule.next(nowNs, limit);
    if (next.isPresent()) {
      begin(next.get());
    }
    return next.isPresent();
  }

  private void begin(OriginStart start) {
    FileSwarm file = filesByPlan.get(start.plan());
    long fileId = file.fileId();
    swarm.inFlight().read(file, start.piece(), swarm.origins().begin(fileId, nowNs), nowNs);
    file.startedArriving(start.piece());
    swarm.actions().readOrigin(fileId, start.piece(), start.evenUncached());
  }

  private int limit() {
    int limit = Math.max(swarm.settings().maxReads(), widened);
    for (FileSwarm file : swarm.lists().open()) {
      if (file.isShared()) {
        return Math.min(limit, sharedLimit(file));
      }
    }
    return limit;
  }

  private int sharedLimit(FileSwarm file) {
    int owners = Math.max(1, file.ownership().owners().length);
    swarm.owners(owners);
    if (owners == 1) {
      return Math.max(swarm.settings().maxReads(), widened);
    }
    int backlog = swarm.lists().backlog();
    int few = (swarm.settings().minSwarmReads() + owners - 1) / owners;
    return Math.max(Math.max(few, widened), backlog / PART / owners);
  }

  /** We have nothing to read: take over something from others. */
  private void takeOver(boolean tick) {
    Iterator<FileSwarm> files =
        (tick ? swarm.lists().open() : swarm.lists().maybeLeft()).iterator();
    while (files.hasNext()) {
      FileSwarm file = files.next();
      int piece = file.isShared() ? leftUndone.of(file, nowNs) : -1;
      if (piece >= 0) {
        force(file, piece, 1);
        return;
      }
      if (!tick) {
        files.remove();
      }
    }
  }

  OptionalLong nextPauseEndNs() {
    return schedule.nextPauseEndNs();
  }

  /** How many files were looked at to find something to read. */
  long filesLookedAt() {
    return schedule.candidates().lookedAt();
  }
}
