// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.channel.Remedy;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.origin.Candidates;
import io.mows.p2p.swarm.origin.OriginFault;
import io.mows.p2p.swarm.origin.OriginGates;
import io.mows.p2p.swarm.origin.OriginSchedule;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What we read from the origin: everything if we are alone, else the pieces that we own, those that
 * other owners leave undone, and, when nothing moves any more, whatever is missing.
 */
final class OriginChoices {
  /** The reads of all owners together are at most that part of what is missing. */
  private static final int PART = 16;

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
  private final Map<PieceTable, FileSwarm> filesByPlan = new LinkedHashMap<>();
  private final List<Read> active = new ArrayList<>();
  private final Settling settling = new Settling();
  private int widened;
  private long nowNs;
  private long pumps;

  OriginChoices(SwarmState swarm) {
    this.swarm = swarm;
    this.schedule = new OriginSchedule(swarm.settings.maxReads, swarm.settings.minSwarmReads);
  }

  void add(FileSwarm file) {
    filesByPlan.put(file.plan, file);
    schedule.add(
        file.plan,
        new Candidates.Gate() {
          @Override
          public int applyAsInt(int from) {
            return nextReadable(file, from);
          }

          @Override
          public boolean isShutForNow() {
            return !swarm.origins.mayAsk(file.fileId, nowNs);
          }
        });
    file.onOpened = () -> wake(file);
  }

  private void wake(FileSwarm file) {
    if (file.plan != null) {
      schedule.candidates().wake(file.plan);
    }
  }

  void remove(FileSwarm file) {
    schedule.remove(file.plan);
    file.onOpened = () -> {};
    filesByPlan.remove(file.plan);
    for (Read read : new ArrayList<>(active)) {
      if (read.file == file) {
        swarm.actions.cancelOrigin(file.fileId, read.piece);
        callOff(read);
      }
    }
  }

  /**
   * @param tick whether to look at all files, also at those to which nothing has happened
   */
  void pump(boolean tick, long now) {
    nowNs = now;
    widened = swarm.actions.originWidth();
    schedule.widen(widened);
    pumps++;
    settling.end(now, this::wake);
    yieldToPeers();
    startDemandedElsewhere();
    int limit = limit();
    while (startNext(limit)) {
      limit = limit();
    }
    if (active.isEmpty()) {
      takeOver(tick);
    }
  }

  /** What readers of other workers wait for goes before what nobody waits for. */
  private void startDemandedElsewhere() {
    for (FileSwarm file : swarm.lists.demandedElsewhere()) {
      PieceBits demanded = file.demandedElsewhere;
      for (int p = demanded.nextSet(0); p >= 0; p = demanded.nextSet(p + 1)) {
        if (file.seen.get(p)) {
          demanded.clear(p);
          swarm.lists.touch(file);
        } else if (file.shared && file.ownership.isMine(p) && mayRead(file, p)) {
          force(file, p, limit());
        }
      }
    }
  }

  /** Reads {@code piece}, whoever owns it, unless somebody has it. */
  private void force(FileSwarm file, int piece, int limit) {
    boolean isShared = !file.completeElsewhere && !isTooEarly(file);
    if (swarm.origins.mayAsk(file.fileId, nowNs) && isShared && file.copies(piece) == 0) {
      schedule.force(file.plan, piece, limit, nowNs).ifPresent(this::begin);
    }
  }

  int[] piecesOf(FileSwarm file) {
    return active.stream().filter(r -> r.file == file).mapToInt(r -> r.piece).toArray();
  }

  private boolean startNext(int limit) {
    Optional<OriginSchedule.Start> next = schedule.next(nowNs, limit);
    next.ifPresent(this::begin);
    return next.isPresent();
  }

  private void begin(OriginSchedule.Start start) {
    FileSwarm file = filesByPlan.get(start.plan());
    active.add(new Read(file, start.piece(), nowNs, swarm.origins.begin(file.fileId, nowNs)));
    swarm.originReads = active.size();
    file.startedArriving(start.piece());
    swarm.actions.readOrigin(file.fileId, start.piece(), start.evenUncached());
  }

  private int limit() {
    int limit = Math.max(swarm.settings.maxReads, widened);
    for (FileSwarm file : swarm.lists.open()) {
      if (file.shared) {
        return Math.min(limit, sharedLimit(file));
      }
    }
    return limit;
  }

  private int sharedLimit(FileSwarm file) {
    int owners = Math.max(1, file.ownership.owners().length);
    swarm.owners = owners;
    if (owners == 1) {
      return Math.max(swarm.settings.maxReads, widened);
    }
    int backlog = swarm.lists.backlog();
    int few = (swarm.settings.minSwarmReads + owners - 1) / owners;
    return Math.max(Math.max(few, widened), backlog / PART / owners);
  }

  private boolean mayRead(FileSwarm file, int piece) {
    return nextReadable(file, piece) == piece;
  }

  /** The first piece from {@code from} on that we may read now, or -1. */
  private int nextReadable(FileSwarm file, int from) {
    if (!swarm.origins.mayAsk(file.fileId, nowNs)) {
      return -1;
    }
    if (!file.shared) {
      return from;
    }
    if (file.completeElsewhere || isTooEarly(file)) {
      return -1;
    }
    return Unseen.nextOfOurs(file, from);
  }

  /** Whether peers may have {@code file} of which we have not heard yet. */
  private boolean isTooEarly(FileSwarm file) {
    if (file.marks.settledInPump != pumps) {
      file.marks.settledInPump = pumps;
      file.marks.isTooEarly = swarm.isSettling(file, nowNs);
      if (file.marks.isTooEarly) {
        boolean isHeld = nowNs - file.holdOriginUntilNs < 0;
        settling.add(file, isHeld ? file.holdOriginUntilNs : file.patientUntilNs);
      }
    }
    return file.marks.isTooEarly;
  }

  /**
   * We have nothing to read: take over something from others. An owner takes the last piece that
   * nobody has begun and that is its own next in hash order, so that no two take the same; any peer
   * takes the first one of all when nothing has moved for long.
   */
  private void takeOver(boolean tick) {
    Iterator<FileSwarm> files = (tick ? swarm.lists.open() : swarm.lists.maybeLeft()).iterator();
    while (files.hasNext()) {
      FileSwarm file = files.next();
      int piece = file.shared ? left(file) : -1;
      if (piece >= 0) {
        force(file, piece, 1);
        return;
      }
      if (!tick) {
        files.remove();
      }
    }
  }

  /** A piece of {@code file} that others leave undone, or -1. */
  private int left(FileSwarm file) {
    int after = Math.max(0, file.ownership.rank() - file.ownership.owners().length + 1);
    long patienceNs = swarm.settings.stallNs * (1 + after);
    boolean stalled = file.standstill.quietNs(nowNs) > patienceNs;
    file.desperate = stalled && file.completeElsewhere && isHeldUp(file, patienceNs);
    if (file.completeElsewhere) {
      return -1;
    }
    int piece = file.standstill.overdue(patienceNs, nowNs);
    if (piece >= 0 && (file.seen.get(piece) || !file.plan.needs(piece))) {
      piece = -1;
    }
    if (piece >= 0) {
      return piece;
    }
    if (stalled) {
      return Unseen.firstAnywhere(file);
    }
    return file.ownership.isOwner() ? Unseen.lastOfDeputy(file) : -1;
  }

  /** Not only behind other files: nothing comes at all, or a reader waits for this one. */
  private boolean isHeldUp(FileSwarm file, long patienceNs) {
    return nowNs - swarm.lastDownloadNs > patienceNs
        || file.standstill.overdue(patienceNs, nowNs) >= 0;
  }

  /** Another peer has or is getting {@code piece} as well: one of us is enough. */
  void alsoAt(FileSwarm file, int piece, NeighbourPieces peer, long now) {
    Read read = find(file, piece);
    if (read == null || now - read.sinceNs > FRESH_NS) {
      return;
    }
    boolean yields =
        peer.have.get(piece)
            || Long.compareUnsigned(
                    Rendezvous.weight(piece, peer.link.peerId),
                    Rendezvous.weight(piece, swarm.self))
                > 0;
    if (yields) {
      swarm.actions.cancelOrigin(file.fileId, piece);
      callOff(read);
    }
  }

  /** Readers wait for what a peer has: it is asked, and not the origin any longer. */
  private void yieldToPeers() {
    for (int i = 0; i < active.size(); i++) {
      Read read = active.get(i);
      boolean isLong = nowNs - read.sinceNs > HUNG_NS;
      if (isLong && read.file.plan.isAwaited(read.piece) && isAtAPeer(read)) {
        swarm.actions.cancelOrigin(read.file.fileId, read.piece);
        callOff(read);
        i--;
      }
    }
  }

  private static boolean isAtAPeer(Read read) {
    return read.file.shared
        && read.file.neighbours.stream()
            .anyMatch(map -> map.have.get(read.piece) && !map.link.quarantined);
  }

  private void callOff(Read read) {
    ended(read);
    swarm.origins.dropped(read.ask);
    schedule.released(read.file.plan, read.piece);
    read.file.gone(read.piece);
  }

  /** Returns false if the read is not ours any more. */
  boolean landed(FileSwarm file, int piece) {
    Read read = find(file, piece);
    if (read == null) {
      return false;
    }
    ended(read);
    swarm.origins.answered(read.ask);
    schedule.landed(file.plan, piece);
    return true;
  }

  boolean failed(FileSwarm file, int piece, Remedy remedy, long now) {
    Read read = find(file, piece);
    if (read == null) {
      return false;
    }
    ended(read);
    if (remedy == Remedy.STOP) {
      // Gone or changed: that is an answer.
      swarm.origins.answered(read.ask);
    } else {
      swarm.origins.dropped(read.ask);
    }
    unsee(file, piece);
    return schedule.failed(file.plan, piece, remedy, now);
  }

  /** It was not the piece's fault: it counts as no attempt, and may come from a peer at once. */
  void refused(FileSwarm file, int piece, OriginFault fault, String reason, long now) {
    Read read = find(file, piece);
    if (read == null) {
      return;
    }
    ended(read);
    swarm.origins.failed(read.ask, fault, reason, now);
    schedule.keepWidth();
    unsee(file, piece);
    if (swarm.origins.outage(file.fileId, now).isPresent()) {
      schedule.released(file.plan, piece);
    } else {
      schedule.withdrawn(file.plan, piece, now + PIECE_PAUSE_NS);
    }
  }

  private void ended(Read read) {
    active.remove(read);
    swarm.originReads = active.size();
  }

  void withdrawn(FileSwarm file, int piece, long untilNs) {
    Read read = find(file, piece);
    if (read != null) {
      ended(read);
      swarm.origins.dropped(read.ask);
      unsee(file, piece);
      schedule.withdrawn(file.plan, piece, untilNs);
    }
  }

  private static void unsee(FileSwarm file, int piece) {
    file.gone(piece);
    if (file.copies(piece) == 0) {
      file.unsee(piece);
    }
  }

  private Read find(FileSwarm file, int piece) {
    for (Read read : active) {
      if (read.file == file && read.piece == piece) {
        return read;
      }
    }
    return null;
  }

  OptionalLong nextPauseEndNs() {
    return schedule.nextPauseEndNs();
  }

  /** How many files were looked at to find something to read. */
  long filesLookedAt() {
    return schedule.candidates().lookedAt();
  }

  int inFlight() {
    return active.size();
  }

  private static final class Read {
    private final FileSwarm file;
    private final int piece;
    private final long sinceNs;
    private final OriginGates.Ask ask;

    Read(FileSwarm file, int piece, long sinceNs, OriginGates.Ask ask) {
      this.file = file;
      this.piece = piece;
      this.sinceNs = sinceNs;
      this.ask = ask;
    }
  }
}
