// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import io.mows.channel.Remedy;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.sim.SimNetwork.Flow;
import io.mows.p2p.sim.SimNetwork.Link;
import io.mows.p2p.swarm.SwarmNode;
import io.mows.p2p.swarm.SwarmNode.Outcome;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.state.SwarmActions;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;

/** One worker: the real decisions, with everything around them simulated. */
final class SimNode implements SwarmActions {
  static final FileInfo FILE = new FileInfo(4711, "/models/qwen/model.safetensors", 1);
  private static final long FILE_ID = FILE.id();
  private static final long AFFINITY = Rendezvous.affinity(FILE.path());

  /** A worker handles what came in together in one go. */
  private static final long BATCH_NS = Scenario.ms(0.1);

  /** After that, it counts whether a piece is coming. */
  private static final long QUIET_NS = Scenario.ms(200);

  private static final long FIRST_REFRESH_NS = Scenario.ms(50);
  private static final long MAX_REFRESH_NS = Scenario.ms(1_000);

  final PeerInfo info;
  final long id;
  final Role role;
  final boolean corrupt;
  final SwarmNode core;
  final Link up;
  final Link down;
  final Set<Long> connections = new HashSet<>();
  final BitSet have = new BitSet();
  boolean alive;
  boolean holder;
  boolean hasHung;
  long joinedNs;
  long doneNs = -1;
  private final SimWorld world;
  private final Map<String, Flow> flows = new HashMap<>();
  private final OriginConnections<Integer> origin;
  private final BitSet landed = new BitSet();
  private PieceTable plan;
  private boolean pollPending;
  private long wakeNs = Long.MAX_VALUE;
  private long refreshNs = FIRST_REFRESH_NS;
  private int reading = -1;
  private boolean confirming;
  private int widest;

  /** What has happened since this node hangs; null if it does not. */
  private Queue<Runnable> missed;

  private final Map<Long, Long> heardNs = new HashMap<>();

  SimNode(SimWorld world, PeerInfo info, Role role, boolean corrupt, double linkBytesPerSecond) {
    this.world = world;
    this.info = info;
    this.id = info.idHash();
    this.role = role;
    this.corrupt = corrupt;
    this.up = new Link(linkBytesPerSecond);
    this.down = new Link(world.scenario.linkBytesPerSecond);
    this.origin =
        new OriginConnections<>(
            world.events,
            world.network,
            world.scenario,
            world.originUp,
            down,
            this::originEnded,
            bytes -> world.originBytes += bytes);
    this.core = new SwarmNode(id, world.scenario.settings, this);
  }

  void join(boolean complete) {
    alive = true;
    joinedNs = world.nowNs();
    holder = complete;
    if (complete) {
      have.set(0, world.scenario.pieces);
      core.serveFile(FILE_ID, AFFINITY, world.scenario.pieces, have, world.nowNs());
    } else {
      Scenario s = world.scenario;
      plan =
          new PieceTable(
              new FileLayout(s.fileBytes(), s.fileBytes(), s.pieceBytes), Backoff.DEFAULT);
      plan.wants().readAhead(Long.MAX_VALUE);
      core.fetchFile(FILE_ID, AFFINITY, plan, s.pieces, true, world.nowNs());
      if (s.readers) {
        readNext();
      }
    }
    lookUp();
    changed();
  }

  void hang() {
    if (alive && doneNs < 0) {
      hasHung = true;
      missed = new ArrayDeque<>();
      freeze(true);
    }
  }

  void resume() {
    if (missed != null) {
      Queue<Runnable> all = missed;
      missed = null;
      freeze(false);
      all.forEach(Runnable::run);
      changed();
    }
  }

  private void freeze(boolean frozen) {
    world.network.freeze(up, frozen);
    world.network.freeze(down, frozen);
  }

  boolean isHung() {
    return missed != null;
  }

  /** Runs {@code task} now, or when this node does not hang any more. */
  void whenAwake(Runnable task) {
    if (missed == null) {
      task.run();
    } else {
      missed.add(task);
    }
  }

  @Override
  public long silentNs(long peerId) {
    long quietNs = world.nowNs() - heardNs.getOrDefault(peerId, joinedNs);
    return quietNs > QUIET_NS && world.node(peerId).isSendingTo(id) ? 0 : quietNs;
  }

  private boolean isSendingTo(long peerId) {
    String prefix = peerId + "/";
    return alive
        && flows.entrySet().stream()
            .anyMatch(flow -> flow.getKey().startsWith(prefix) && !flow.getValue().isFrozen());
  }

  @Override
  public void ping(long peerId) {
    SimNode peer = world.node(peerId);
    long latency = world.scenario.latencyNs;
    if (connections.contains(peerId)) {
      world.events.after(
          latency,
          () ->
              peer.whenAwake(
                  () -> {
                    if (peer.alive) {
                      world.events.after(latency, () -> whenAwake(() -> hear(peerId)));
                    }
                  }));
    }
  }

  private void hear(long peerId) {
    heardNs.put(peerId, world.nowNs());
  }

  private void lookUp() {
    whenAwake(this::lookUpNow);
  }

  private void lookUpNow() {
    if (!alive) {
      return;
    }
    Coverage coverage = Coverage.of(have.cardinality(), world.scenario.pieces, !isComplete());
    world.locator.announce(
        info,
        coverage,
        members ->
            whenAwake(
                () -> {
                  if (alive) {
                    core.members(FILE_ID, members, 2, world.nowNs());
                    changed();
                  }
                }));
    if (!isComplete()) {
      world.events.after(refreshNs, this::lookUp);
      refreshNs = Math.min(2 * refreshNs, MAX_REFRESH_NS);
    }
  }

  boolean isComplete() {
    return have.cardinality() == world.scenario.pieces;
  }

  void crash(boolean silent) {
    alive = false;
    flows.values().forEach(Flow::cancel);
    origin.stop();
    world.locator.silent(info);
    world.crashed(this, silent);
  }

  private void readNext() {
    if (reading >= 0) {
      plan.wants().undemand(reading);
    }
    reading = have.nextClearBit(reading + 1);
    if (reading < world.scenario.pieces) {
      plan.wants().demand(reading);
    } else {
      reading = -1;
    }
  }

  /** Something has happened: decide soon what to do. */
  void changed() {
    if (!pollPending) {
      pollPending = true;
      world.events.after(BATCH_NS, this::poll);
    }
  }

  private void poll() {
    pollPending = false;
    if (!alive || isHung()) {
      return;
    }
    OptionalLong wake = core.poll(world.nowNs());
    world.invariants.check(this);
    if (wake.isPresent() && (wakeNs <= world.nowNs() || wake.getAsLong() < wakeNs)) {
      wakeNs = wake.getAsLong();
      world.events.at(
          wakeNs,
          () -> {
            if (wakeNs <= world.nowNs()) {
              changed();
            }
          });
    }
  }

  void receive(long from, SwarmMessage message) {
    whenAwake(() -> receiveNow(from, message));
  }

  private void receiveNow(long from, SwarmMessage message) {
    hear(from);
    if (alive && connections.contains(from)) {
      core.received(from, message, world.nowNs());
      changed();
    }
  }

  private void got(int piece, boolean good) {
    world.invariants.accepted(this, piece, good);
    have.set(piece);
    world.trace(id, piece);
    if (reading == piece) {
      readNext();
    }
    if (isComplete() && doneNs < 0) {
      doneNs = world.nowNs();
      world.finished();
      lookUp();
    }
  }

  @Override
  public void connect(long peerId, boolean important) {
    world.connect(this, peerId, important);
  }

  @Override
  public void disconnect(long peerId) {
    world.disconnect(this, peerId);
  }

  @Override
  public void send(long peerId, SwarmMessage message) {
    world.send(this, peerId, message);
  }

  @Override
  public void download(long peerId, long fileId, int piece, boolean urgent, boolean hedge) {
    world.send(this, peerId, new SwarmMessage.Request(fileId, piece, urgent));
  }

  @Override
  public void cancelDownload(long peerId, long fileId, int piece) {
    world.send(this, peerId, new SwarmMessage.Cancel(fileId, piece));
  }

  @Override
  public void upload(long peerId, long fileId, int piece) {
    SimNode peer = world.node(peerId);
    long latency = world.scenario.latencyNs;
    world.invariants.served(this, piece);
    world.events.after(latency, () -> peer.begun(id, piece));
    boolean good = !corrupt || world.chance(0.5);
    Flow flow =
        world.network.start(
            up,
            peer.down,
            world.scenario.pieceBytes,
            () -> {
              flows.remove(peerId + "/" + piece);
              core.uploadEnded(peerId, fileId, piece, true);
              changed();
              world.events.after(latency, () -> peer.downloaded(id, piece, good));
            });
    flows.put(peerId + "/" + piece, flow);
  }

  private void begun(long from, int piece) {
    whenAwake(() -> begunNow(from, piece));
  }

  private void begunNow(long from, int piece) {
    hear(from);
    if (alive) {
      core.downloadBegun(from, FILE_ID, piece, world.nowNs());
    }
  }

  private void downloaded(long from, int piece, boolean good) {
    whenAwake(() -> downloadedNow(from, piece, good));
  }

  private void downloadedNow(long from, int piece, boolean good) {
    hear(from);
    if (!alive || !connections.contains(from)) {
      return;
    }
    world.peerBytes += world.scenario.pieceBytes;
    Outcome outcome = good ? Outcome.OK : Outcome.CORRUPT;
    if (core.downloadEnded(
        from, FILE_ID, piece, outcome, world.scenario.pieceBytes, world.nowNs())) {
      got(piece, good);
    }
    changed();
  }

  @Override
  public void cancelUpload(long peerId, long fileId, int piece) {
    Flow flow = flows.remove(peerId + "/" + piece);
    if (flow != null) {
      flow.cancel();
    }
  }

  /** All transfers to a peer that is not there any more. */
  void dropFlowsTo(long peerId) {
    flows
        .entrySet()
        .removeIf(
            entry -> {
              boolean to = entry.getKey().startsWith(peerId + "/");
              if (to) {
                entry.getValue().cancel();
              }
              return to;
            });
  }

  @Override
  public void readOrigin(long fileId, int piece, boolean evenUncached) {
    origin.read(piece);
  }

  @Override
  public int originWidth() {
    widest = Math.max(widest, origin.width());
    return origin.width();
  }

  /** How many pieces at once its connections with the origin were ever found to need. */
  int widest() {
    return widest;
  }

  private void originEnded(int piece) {
    whenAwake(() -> originEndedNow(piece));
  }

  private void originEndedNow(int piece) {
    if (!alive) {
      return;
    }
    if (world.chance(world.scenario.originFailureRate)) {
      core.originFailed(FILE_ID, piece, Remedy.RETRY, world.nowNs());
    } else if (core.originLanded(FILE_ID, piece)) {
      landed.set(piece);
      world.originDoneNs = world.nowNs();
      confirm();
    }
    changed();
  }

  private void confirm() {
    if (confirming || landed.isEmpty()) {
      return;
    }
    confirming = true;
    BitSet asked = (BitSet) landed.clone();
    landed.clear();
    world.events.after(world.scenario.originLatencyNs, () -> whenAwake(() -> confirmedNow(asked)));
  }

  private void confirmedNow(BitSet asked) {
    confirming = false;
    if (alive) {
      core.confirmed(FILE_ID, asked);
      asked.stream().forEach(piece -> got(piece, true));
      confirm();
      changed();
    }
  }

  @Override
  public void cancelOrigin(long fileId, int piece) {
    origin.cancel(piece);
  }

  void peerLost(long peerId, SwarmNode.Cause cause) {
    whenAwake(() -> peerLostNow(peerId, cause));
  }

  private void peerLostNow(long peerId, SwarmNode.Cause cause) {
    connections.remove(peerId);
    dropFlowsTo(peerId);
    if (alive) {
      core.disconnected(peerId, cause, world.nowNs());
      changed();
    }
  }

  @Override
  public String toString() {
    return info.id();
  }
}
