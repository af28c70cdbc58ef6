// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.channel.PieceRefusedException;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.client.VirtualLocator;
import io.mows.p2p.peer.PeerRelation;
import io.mows.p2p.sim.OriginConnections;
import io.mows.p2p.sim.Scenario;
import io.mows.p2p.sim.SimNetwork.Flow;
import io.mows.p2p.sim.SimNetwork.Link;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One worker of a {@link CrowdWorld}: its network card, its connections with the others and with
 * the origin. As the data channel has it, a request is a call that always ends: with the bytes, a
 * refusal, or the connection's end; and who calls it off has the sender stop.
 */
final class CrowdPeer extends SimPeer {
  /** After that, it counts whether a piece is coming. */
  private static final long QUIET_NS = Scenario.ms(200);

  private static final long HANDSHAKE_NS = Scenario.ms(5_000);

  final PeerInfo info;
  final BitSet shown = new BitSet();
  long joinedNs;
  long doneNs = -1;
  boolean isToGetAll;
  boolean isDeciding;
  boolean hasHung;
  final boolean isCorrupt;
  VirtualLocator locator;
  private final CrowdWorld world;
  private final SimTime time;
  private final long latencyNs;
  private final Link up;
  private final Link down;
  private final OriginConnections<Long> origin;
  private final Set<Long> connections = new LinkedHashSet<>();
  private final Map<Long, Long> heardNs = new HashMap<>();

  /** By ticket: what is read from the origin, and what others are asked for. */
  private final Map<Long, SimTransfers.Row> reads = new LinkedHashMap<>();

  private final Map<Long, Call> calls = new LinkedHashMap<>();

  /** By the number of the request: what is being sent. */
  private final Map<Long, Call> uploads = new LinkedHashMap<>();

  CrowdPeer(
      SimWorker worker,
      CrowdWorld world,
      PeerInfo info,
      double linkBytesPerSecond,
      boolean isCorrupt) {
    super(worker, world.time());
    this.world = world;
    this.time = world.time();
    this.info = info;
    this.isCorrupt = isCorrupt;
    this.latencyNs = world.scenario().latencyNs;
    this.up = new Link(linkBytesPerSecond);
    this.down = new Link(world.scenario().linkBytesPerSecond);
    this.origin = world.originConnections(down, this::wasRead);
  }

  private long id() {
    return info.idHash();
  }

  boolean isConnected(long peerId) {
    return connections.contains(peerId);
  }

  // The origin.

  void read(SimTransfers.Row row) {
    reads.put(row.ticket, row);
    origin.read(row.ticket);
  }

  private void wasRead(long ticket) {
    SimTransfers.Row row = reads.remove(ticket);
    if (row == null || worker().isDead()) {
      return;
    }
    if (world.chance(world.scenario().originFailureRate)) {
      TransferException broken = new TransferException(Remedy.RETRY, "The connection broke");
      worker().simTransfers().fail(row, broken, -1);
    } else {
      int value = world.origin().read(row.file, row.piece);
      worker().simTransfers().write(row, value, row.wantsCrc32());
    }
  }

  int originWidth() {
    return origin.width();
  }

  /** Nobody wants what this transfer brings. */
  void calledOff(SimTransfers.Row row) {
    if (reads.remove(row.ticket) != null) {
      origin.cancel(row.ticket);
    }
    Call call = calls.remove(row.ticket);
    if (call != null) {
      time.later(latencyNs, () -> call.server.stop(call));
    }
  }

  // Requests.

  @Override
  void download(SimTransfers.Row row, long peerId, boolean urgent) {
    if (!isConnected(peerId)) {
      time.later(0, () -> worker().simTransfers().fail(row, gone(), -1));
      return;
    }
    Call call = new Call(row, this, world.peer(peerId));
    calls.put(row.ticket, call);
    time.later(latencyNs, () -> call.server.asked(call, urgent));
  }

  private void asked(Call call, boolean urgent) {
    if (!worker().isDead() && isConnected(call.asker.id())) {
      hear(call.asker.id());
      requested(call.row, call.asker, 0, urgent);
    }
  }

  @Override
  void send(long number, Request request) {
    CrowdPeer asker = (CrowdPeer) request.asker;
    Call call = asker.calls.get(request.row.ticket);
    if (call == null || !isConnected(asker.id())) {
      time.later(0, () -> ended(number, false));
      return;
    }
    int bytes = request.row.file.layout().pieceLength(request.row.piece);
    call.number = number;
    uploads.put(number, call);
    call.flow =
        world
            .network()
            .start(
                up,
                asker.down,
                bytes,
                () -> {
                  uploads.remove(number);
                  world.sent(bytes);
                  ended(number, true);
                  time.later(latencyNs, () -> asker.came(call, request.value));
                });
    time.later(latencyNs, () -> asker.begun(call));
  }

  private void ended(long number, boolean sent) {
    worker().answer("uploadEnded", in -> in.uploadEnded(number, sent));
  }

  /** It was called off, or the connection has ended. */
  private void stop(Call call) {
    if (uploads.remove(call.number, call)) {
      call.flow.cancel();
      ended(call.number, false);
    }
  }

  private void begun(Call call) {
    if (calls.containsKey(call.row.ticket)) {
      hear(call.server.id());
      worker().post(in -> in.transferBegun(call.row.ticket));
    }
  }

  private void came(Call call, int value) {
    if (calls.remove(call.row.ticket, call) && !worker().isDead()) {
      hear(call.server.id());
      if (call.server.isCorrupt && world.chance(0.5)) {
        worker().simTransfers().corrupt(call.row);
      } else {
        worker().simTransfers().write(call.row, value, true);
      }
    }
  }

  @Override
  void refuse(Request request, PieceRefusedException why) {
    CrowdPeer asker = (CrowdPeer) request.asker;
    time.later(
        latencyNs,
        () -> {
          if (asker.calls.remove(request.row.ticket) != null) {
            asker.hear(id());
            asker.worker().simTransfers().fail(request.row, why, -1);
          }
        });
  }

  // Connections.

  private void hear(long peerId) {
    heardNs.put(peerId, time.nowNs());
  }

  @Override
  long silentNs(long peerId) {
    if (!isConnected(peerId)) {
      return 0;
    }
    long quietNs = time.nowNs() - heardNs.getOrDefault(peerId, time.nowNs());
    return quietNs > QUIET_NS && isComingFrom(peerId) ? 0 : quietNs;
  }

  private boolean isComingFrom(long peerId) {
    return calls.values().stream()
        .map(call -> call.server.id() == peerId ? call.flow : null)
        .anyMatch(flow -> flow != null && !flow.isOver() && !flow.isFrozen());
  }

  @Override
  void ping(long peerId) {
    if (isConnected(peerId)) {
      SimWorker other = world.peer(peerId).worker();
      if (!other.isDead() && !other.isHung()) {
        time.later(2 * latencyNs, () -> hear(peerId));
      }
    }
  }

  void said(CrowdPeer by, SwarmMessage message) {
    hear(by.id());
    if (isConnected(by.id()) && SimWorld.isOfUse(worker(), message)) {
      worker().post(in -> in.peerSaid(by.id(), message));
    }
  }

  /** Asks {@code other} for a connection. */
  void connect(CrowdPeer other, boolean important) {
    if (other.worker().isDead()) {
      time.later(world.scenario().silenceNs / 3, () -> lost(other, Cause.LOST));
    } else if (other.worker().isHung()) {
      time.later(HANDSHAKE_NS, () -> lost(other, Cause.LOST));
    } else if (!worker().isDead() && connections.add(other.id())) {
      other.connections.add(id());
      other.hear(id());
      other.worker().post(in -> in.peerConnected(id(), other.roleOf(this), true, important));
      time.later(
          latencyNs,
          () -> {
            if (isConnected(other.id())) {
              hear(other.id());
              worker().post(in -> in.peerConnected(other.id(), roleOf(other), false, important));
            }
          });
    }
  }

  private Role roleOf(CrowdPeer other) {
    return PeerRelation.of(info, other.info.group(), other.info.role()).orElse(Role.GROUP);
  }

  /** This worker does not want the connection. */
  void disconnect(CrowdPeer other) {
    if (connections.remove(other.id())) {
      cut(other);
      time.later(latencyNs, () -> other.lost(this, Cause.REFUSED));
    }
  }

  /** The connection has ended, or was not made. */
  void lost(CrowdPeer other, Cause cause) {
    if (!worker().isDead()) {
      connections.remove(other.id());
      cut(other);
      worker().post(in -> in.peerDisconnected(other.id(), cause));
    }
  }

  /** What was under way with {@code other} ends. */
  private void cut(CrowdPeer other) {
    for (Call call : new ArrayList<>(uploads.values())) {
      if (call.asker == other) {
        stop(call);
      }
    }
    for (Call call : new ArrayList<>(calls.values())) {
      if (call.server == other) {
        calls.remove(call.row.ticket);
        worker().simTransfers().fail(call.row, gone(), -1);
      }
    }
  }

  /** The process is stopped for a while: nobody is told, and its bytes stand still. */
  void hang(long hangNs) {
    if (doneNs < 0 && !worker().isDead()) {
      hasHung = true;
      freeze(true);
      worker().hang();
      time.later(
          hangNs,
          () -> {
            freeze(false);
            worker().resume();
          });
    }
  }

  private void freeze(boolean frozen) {
    locator.hang(frozen);
    world.network().freeze(up, frozen);
    world.network().freeze(down, frozen);
  }

  /** The process is no more: its bytes stop at once, {@code noticedNs} later others know. */
  void crash(long noticedNs) {
    worker().die();
    locator.die();
    origin.stop();
    uploads.values().forEach(call -> call.flow.cancel());
    calls.values().stream().filter(call -> call.flow != null).forEach(call -> call.flow.cancel());
    for (long peerId : connections) {
      CrowdPeer other = world.peer(peerId);
      time.later(noticedNs, () -> other.lost(this, Cause.LOST));
    }
  }

  /** A request that has not ended for who has asked. */
  private static final class Call {
    private final SimTransfers.Row row;
    private final CrowdPeer asker;
    private final CrowdPeer server;
    private Flow flow;
    private long number = -1;

    Call(SimTransfers.Row row, CrowdPeer asker, CrowdPeer server) {
      this.row = row;
      this.asker = asker;
      this.server = server;
    }
  }
}
