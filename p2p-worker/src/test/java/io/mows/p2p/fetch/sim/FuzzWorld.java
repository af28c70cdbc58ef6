// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.ManifestSource;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.core.FetchCore;
import io.mows.p2p.fetch.core.MemberLookups;
import io.mows.p2p.fetch.state.MemberQuestion;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.swarm.SwarmNode;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Some workers that run the real {@link FetchCore} in simulated time, with all that can go wrong
 * around them: for a while anything happens, then nothing new and no fault, until all is at rest.
 */
final class FuzzWorld extends SimWorld {
  /** What is read from the origin at once, at most. */
  static final int MAX_READS = 8;

  /** What is kept outside the store, at most. */
  static final int UNCACHED_PIECES = 16;

  private static final int PIECE_BYTES = 1_024;
  private static final long HUNG_NS = TimeUnit.SECONDS.toNanos(60);
  private static final long WILD_NS = TimeUnit.SECONDS.toNanos(4);
  private static final long CALM_NS = TimeUnit.MINUTES.toNanos(4);

  private final SimTime time;
  private final SimTrace trace;
  private final Complaints complaints;
  private final SimOrigin origin;
  private final boolean hasManifests;
  private final Set<Extra> extras;

  /** Nothing wrong may be seen, although the origin lies. */
  private final boolean isStrict;

  private final Map<Long, Map<Long, SwarmMember>> members = new HashMap<>();

  /** By both ids: which connection it is, and until when what was said on it is under way. */
  private final Map<String, Long> connections = new HashMap<>();

  private final Map<String, Long> saidNs = new HashMap<>();
  private long lastConnection;
  private long lastLoad;
  private long events;
  private boolean isWild = true;

  /** What does not happen in each world: so worlds that are known stay as they are. */
  enum Extra {
    /** Workers often have the bytes of a block under another file's name. */
    TWINS,

    /** Lanes give up what they load, and end its fetch; the master is slow to hear of blocks. */
    LANES_END
  }

  /**
   * @param maxWorkers how many workers there are at most
   * @param lines told what happens; null if nobody wants to know
   */
  FuzzWorld(long seed, int maxWorkers, Set<Extra> extras, Consumer<String> lines) {
    super(seed);
    this.extras = extras;
    this.time = time();
    this.complaints = complaints();
    this.origin = origin();
    this.trace = lines == null ? null : new SimTrace(time, lines);
    int kind = time.chance(3);
    this.hasManifests = kind > 0;
    this.isStrict = kind == 2;
    VerifyMode mode = isStrict ? VerifyMode.STRICT : VerifyMode.PIECE;
    int files = 1 + time.chance(3);
    for (int f = 1; f <= files; f++) {
      origin.add(f, 1 + time.chance(10), 2 + time.chance(4), PIECE_BYTES);
    }
    int count = 1 + time.chance(maxWorkers);
    for (long id = 1; id <= count; id++) {
      long quota = (4L + time.chance(40)) * PIECE_BYTES;
      SimWorker worker = new SimWorker(this, id, settings(mode), mode, quota);
      add(worker);
      worker.tickLater(time.nowNs() + WILD_NS + CALM_NS);
    }
  }

  private static FetchSettings settings(VerifyMode mode) {
    return new FetchSettings(
            MAX_READS,
            PIECE_BYTES,
            (long) UNCACHED_PIECES * PIECE_BYTES,
            10_000,
            2_000,
            new Backoff(1_000_000, 2_000_000, 3))
        .verifying(mode, ManifestSource.NONE)
        .patient(1_000);
  }

  /** Lets all of it happen; returns what was against the rules, or null. */
  String run() {
    long endNs = time.nowNs() + WILD_NS;
    happenings();
    while (!complaints.isAny() && time.step(endNs)) {
      continue;
    }
    isWild = false;
    origin.setAway(false);
    origin.setLying(false);
    for (SimWorker worker : workers()) {
      worker.simStore().setFull(false);
      worker.simStore().setFailing(false);
      ((FuzzPeer) worker.peer()).setLiar(false);
    }
    while (!complaints.isAny() && time.step(endNs + CALM_NS)) {
      continue;
    }
    if (!complaints.isAny()) {
      workers().forEach(SimWorker::checkRest);
    }
    return complaints.isAny() ? complaints.toString() : null;
  }

  /** How often a core has decided. */
  long events() {
    return events;
  }

  void checked(SimWorker worker) {
    events++;
  }

  private void happenings() {
    if (!isWild) {
      return;
    }
    happen(worker(1L + time.chance(workers().size())));
    time.later(time.someNs(60), this::happenings);
  }

  private void happen(SimWorker worker) {
    FileSpec file = origin.any();
    int pieces = file.layout().pieceCount();
    switch (time.chance(18)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        worker.simReaders().begin(file, time.chance(pieces), 1 + time.chance(pieces));
        break;
      case 5:
      case 6:
        load(worker, file);
        break;
      case 7:
        worker.post(in -> in.readAhead(List.of(file), Long.MAX_VALUE));
        break;
      case 8:
        worker.post(in -> in.endReadAhead(List.of(file)));
        break;
      case 9:
        evict(worker);
        break;
      case 10:
        worker.simStore().setFull(time.oneIn(2));
        break;
      case 11:
        worker.simStore().setFailing(time.oneIn(2));
        break;
      case 12:
        origin.setAway(time.oneIn(3));
        break;
      case 13:
        origin.setLying(isStrict && time.oneIn(2));
        break;
      case 14:
        changeRarely(file);
        break;
      case 15:
        ((FuzzPeer) worker.peer()).setLiar(time.oneIn(2));
        break;
      case 16:
        leave(worker);
        break;
      default:
        worker.post(in -> in.streamRest(file, time.chance(file.layout().blockCount())));
        break;
    }
  }

  private void changeRarely(FileSpec file) {
    if (time.oneIn(20)) {
      origin.change(file);
    }
  }

  private void load(SimWorker worker, FileSpec file) {
    long load = ++lastLoad;
    int block = time.chance(file.layout().blockCount());
    worker.loads(load);
    if (time.oneIn(3)) {
      worker.post(in -> in.laneLoad("lane", load, file, block, time.oneIn(2)));
      if (extras.contains(Extra.LANES_END) && time.oneIn(2)) {
        time.later(time.someNs(200), () -> worker.post(in -> in.laneEnded("lane")));
      }
    } else {
      worker.post(in -> in.load(load, file, List.of(block)));
    }
  }

  private void evict(SimWorker worker) {
    Long block = worker.simStore().anyCommitted();
    if (block != null) {
      worker.simStore().evict(block);
      worker.evictedSoon(block, 20);
    }
  }

  private void leave(SimWorker worker) {
    for (long other : ids()) {
      if (connection(worker.id(), other) >= 0) {
        cut(worker.id(), other);
        worker.post(in -> in.peerDisconnected(other, Cause.LOST));
        worker(other).post(in -> in.peerDisconnected(worker.id(), Cause.LOST));
      }
    }
  }

  private List<Long> ids() {
    List<Long> ids = new ArrayList<>();
    workers().forEach(worker -> ids.add(worker.id()));
    return ids;
  }

  @Override
  <T> T traced(long worker, String direction, Class<T> type, T real) {
    return trace == null ? real : trace.of(worker, direction, type, real);
  }

  @Override
  boolean isFuzzed() {
    return true;
  }

  @Override
  boolean hasManifests() {
    return hasManifests;
  }

  @Override
  boolean isFaulty() {
    return isWild;
  }

  @Override
  boolean hasTwin() {
    return extras.contains(Extra.TWINS) && time.oneIn(2);
  }

  @Override
  int commitMs() {
    return extras.contains(Extra.LANES_END) ? 300 : super.commitMs();
  }

  @Override
  void handled(SimWorker worker) {
    // The engine's loop decides once for several events if they come together.
    if (!time.oneIn(4)) {
      worker.decide();
    } else {
      time.later(time.someNs(1), worker::decide);
    }
  }

  @Override
  void decided(SimWorker worker) {
    events++;
    worker.check();
  }

  @Override
  void published(SimWorker worker, FileSpec file, int piece) {
    // Nobody counts.
  }

  // The origin.

  @Override
  void read(SimWorker worker, SimTransfers.Row row) {
    boolean isSilent = isWild && time.oneIn(60);
    if (isSilent) {
      row.silent();
    }
    time.later(
        isSilent ? HUNG_NS : time.someNs(20),
        () -> {
          Throwable fault = origin.fault();
          boolean breaks = isWild && time.oneIn(25);
          if (fault == null && breaks) {
            fault = new TransferException(Remedy.RETRY, "the connection broke");
          }
          if (fault != null) {
            worker.simTransfers().fail(row, fault, -1);
          } else {
            worker.simTransfers().write(row, origin.read(row.file, row.piece), row.wantsCrc32());
          }
        });
  }

  @Override
  int originWidth(SimWorker worker) {
    return 0;
  }

  @Override
  void calledOff(SimWorker worker, SimTransfers.Row row) {
    // It goes on for a while.
  }

  // The locator.

  @Override
  void announce(SimWorker worker, FileSpec file, int present, boolean fetching) {
    int all = file.layout().pieceCount();
    boolean isComplete = present == all;
    members
        .computeIfAbsent(file.fileId(), id -> new LinkedHashMap<>())
        .put(
            worker.id(),
            new SwarmMember(
                worker.id(),
                Role.GROUP,
                isComplete,
                present > 0 && !isComplete,
                fetching && !isComplete));
  }

  @Override
  void withdraw(SimWorker worker, long fileId) {
    members.getOrDefault(fileId, new HashMap<>()).remove(worker.id());
  }

  @Override
  void askMembers(SimWorker worker, List<MemberQuestion> questions) {
    for (MemberQuestion question : questions) {
      time.later(time.someNs(20), () -> answer(worker, question));
    }
  }

  private void answer(SimWorker worker, MemberQuestion question) {
    int answer = isWild ? time.chance(12) : 2;
    List<SwarmMember> known = new ArrayList<>();
    int count = workers().size();
    if (answer == 0) {
      count = SwarmNode.NO_ANSWER;
    } else if (answer == 1) {
      count = MemberLookups.UNKNOWN;
    } else {
      known.addAll(members.getOrDefault(question.fileId(), Map.of()).values());
    }
    int workersKnown = count;
    worker.answer("members", in -> in.members(question.number(), known, workersKnown, true));
  }

  // Connections.

  @Override
  SimPeer newPeer(SimWorker worker) {
    return new FuzzPeer(worker, this);
  }

  private static String pair(long one, long other) {
    return Math.min(one, other) + "-" + Math.max(one, other);
  }

  /** Which connection these two have; negative if they have none. */
  long connection(long one, long other) {
    return connections.getOrDefault(pair(one, other), -1L);
  }

  private void cut(long one, long other) {
    connections.remove(pair(one, other));
  }

  @Override
  void connect(SimWorker worker, long peerId, boolean important) {
    SimWorker other = worker(peerId);
    time.later(
        time.someNs(10),
        () -> {
          if (other == null || (isWild && time.oneIn(10))) {
            worker.post(in -> in.peerDisconnected(peerId, Cause.LOST));
          } else if (connection(worker.id(), peerId) < 0) {
            connections.put(pair(worker.id(), peerId), ++lastConnection);
            long now = connection(worker.id(), peerId);
            worker.post(in -> in.peerConnected(peerId, Role.GROUP, false, important));
            if (connection(worker.id(), peerId) == now) {
              other.post(in -> in.peerConnected(worker.id(), Role.GROUP, true, important));
            }
          }
        });
  }

  @Override
  void disconnect(SimWorker worker, long peerId) {
    if (connection(worker.id(), peerId) >= 0) {
      cut(worker.id(), peerId);
      time.later(
          time.someNs(3),
          () -> {
            if (connection(worker.id(), peerId) < 0) {
              worker(peerId).post(in -> in.peerDisconnected(worker.id(), Cause.REFUSED));
            }
          });
    }
  }

  @Override
  void send(SimWorker worker, long peerId, SwarmMessage message) {
    long connection = connection(worker.id(), peerId);
    if (connection < 0) {
      return;
    }
    String way = worker.id() + ">" + peerId;
    long atNs = Math.max(saidNs.getOrDefault(way, 0L) + 1, time.nowNs() + time.someNs(5));
    saidNs.put(way, atNs);
    SimWorker other = worker(peerId);
    time.later(
        atNs - time.nowNs(),
        () -> {
          if (connection(worker.id(), peerId) == connection && isOfUse(other, message)) {
            other.post(in -> in.peerSaid(worker.id(), message));
          }
        });
  }
}
