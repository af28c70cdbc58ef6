// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.sim.SimNetwork.Link;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A cluster in virtual time: nodes, links, origin and locator of one {@link Scenario}. The same
 * seed gives the same run, event by event.
 */
public final class SimWorld {
  private static final long HANDSHAKE_NS = Scenario.ms(5_000);

  final Scenario scenario;
  final EventQueue events = new EventQueue();
  final SimNetwork network;
  final SimLocator locator;
  final Link originUp;
  final Invariants invariants;
  final List<SimNode> nodes = new ArrayList<>();
  private final Map<Long, SimNode> nodesById = new HashMap<>();
  long originBytes;
  long originDoneNs;
  long peerBytes;
  long messages;
  private final Random random;
  private int unfinished;
  private long traceHash;

  public SimWorld(Scenario scenario) {
    this.scenario = scenario;
    this.random = new Random(scenario.seed);
    double pieceNs = scenario.pieceBytes / scenario.linkBytesPerSecond * 1e9;
    this.network = new SimNetwork(events, (long) (pieceNs / 100));
    this.locator = new SimLocator(events, scenario);
    this.originUp = new Link(scenario.linkBytesPerSecond * scenario.originFactor);
    this.invariants = new Invariants(this);
    for (int i = 0; i < scenario.holders + scenario.warmupHolders; i++) {
      SimNode node = addNode(i < scenario.holders ? Role.GROUP : Role.WARMUP);
      events.at(0, () -> node.join(true));
      if (i == 0 && scenario.holderCrashNs < Long.MAX_VALUE) {
        events.at(Scenario.ms(100) + scenario.holderCrashNs, () -> node.crash(false));
      }
    }
    long firstNs = Scenario.ms(100);
    for (int i = 0; i < scenario.nodes; i++) {
      SimNode node = addNode(Role.GROUP);
      unfinished++;
      long startNs = firstNs + (long) (random.nextDouble() * scenario.startSpreadNs);
      events.at(startNs, () -> node.join(false));
      if (random.nextDouble() < scenario.crashShare) {
        boolean silent = random.nextDouble() < scenario.silentCrashShare;
        events.at(
            startNs + (long) (random.nextDouble() * scenario.boundNs()), () -> crash(node, silent));
      }
    }
    planHangs();
  }

  /** To be called once, before the run. */
  private void planHangs() {
    List<SimNode> candidates = new ArrayList<>(nodes);
    candidates.removeIf(node -> nodes.indexOf(node) < scenario.holders + scenario.warmupHolders);
    if (scenario.ownersHang) {
      candidates.sort((a, b) -> Long.compareUnsigned(ownerWeight(a), ownerWeight(b)));
    }
    int count = candidates.size();
    for (SimNode node : candidates.subList(count - scenario.hungNodes, count)) {
      events.at(Scenario.ms(100) + scenario.hangAtNs, node::hang);
      events.at(Scenario.ms(100) + scenario.hangAtNs + scenario.hangNs, node::resume);
    }
  }

  private static long ownerWeight(SimNode node) {
    return Rendezvous.weight(Rendezvous.affinity(SimNode.FILE.path()), node.id);
  }

  private SimNode addNode(Role role) {
    boolean slow = random.nextDouble() < scenario.slowShare;
    boolean corrupt = random.nextDouble() < scenario.corruptShare;
    double rate = scenario.linkBytesPerSecond * (slow ? scenario.slowFactor : 1);
    String name = "node-" + (nodes.size() + 1);
    boolean warmup = role == Role.WARMUP;
    PeerInfo info =
        new PeerInfo(
            name,
            name + ":29991",
            warmup ? "warm-up" : "chat",
            warmup ? PeerRole.WARMUP : PeerRole.INSTANCE);
    SimNode node = new SimNode(this, info, role, corrupt, rate);
    nodes.add(node);
    nodesById.put(node.id, node);
    return node;
  }

  private void crash(SimNode node, boolean silent) {
    if (node.doneNs < 0) {
      unfinished--;
    }
    trace(node.id, -1);
    node.crash(silent);
  }

  public SimResult run() {
    while (unfinished > 0) {
      if (!events.runNext()) {
        throw new AssertionError("Nothing happens any more; " + this);
      }
      invariants.watch();
    }
    return new SimResult(this, traceHash);
  }

  void finished() {
    unfinished--;
  }

  long nowNs() {
    return events.nowNs();
  }

  SimNode node(long id) {
    return nodesById.get(id);
  }

  boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  void trace(long node, int what) {
    traceHash = (traceHash ^ (nowNs() * 31 + node * 1_000_003 + what)) * 0x9E3779B97F4A7C15L;
    traceHash ^= traceHash >>> 29;
  }

  void send(SimNode from, long to, SwarmMessage message) {
    messages++;
    if (from.connections.contains(to) && !chance(scenario.lossRate)) {
      SimNode target = node(to);
      events.after(scenario.latencyNs, () -> target.receive(from.id, message));
    }
  }

  void connect(SimNode from, long to, boolean important) {
    SimNode target = node(to);
    events.after(
        2 * scenario.latencyNs,
        () -> {
          if (target.isHung()) {
            events.after(HANDSHAKE_NS, () -> from.peerLost(to, Cause.LOST));
          } else if (!target.alive) {
            events.after(scenario.silenceNs / 3, () -> from.peerLost(to, Cause.LOST));
          } else if (from.alive && from.connections.add(to)) {
            target.connections.add(from.id);
            events.after(
                scenario.latencyNs,
                () ->
                    from.whenAwake(
                        () -> {
                          if (from.alive && from.connections.contains(to)) {
                            from.core.connected(to, target.role, false, important, nowNs());
                            from.changed();
                          }
                        }));
            target.core.connected(from.id, from.role, true, important, nowNs());
            target.changed();
          }
        });
  }

  /** {@code node} does not want the connection. */
  void disconnect(SimNode node, long peerId) {
    node.connections.remove(peerId);
    SimNode peer = node(peerId);
    events.after(scenario.latencyNs, () -> peer.peerLost(node.id, Cause.REFUSED));
  }

  void crashed(SimNode node, boolean silent) {
    for (SimNode peer : nodes) {
      if (peer.connections.contains(node.id)) {
        // The bytes stop at once; that the peer is gone becomes known later.
        peer.dropFlowsTo(node.id);
        events.after(
            silent ? scenario.silenceNs : 2 * scenario.latencyNs,
            () -> peer.peerLost(node.id, Cause.LOST));
      }
    }
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("t=" + nowNs() / 1_000_000 + " ms, seed " + scenario.seed);
    int shown = 0;
    for (SimNode node : nodes) {
      if (node.alive && !node.isComplete() && shown++ < 10) {
        text.append(", node ").append(node).append(" lacks ");
        text.append(scenario.pieces - node.have.cardinality());
        text.append(" first ").append(node.have.nextClearBit(0));
        text.append(" neighbours ").append(node.core.load().neighbours());
      }
    }
    return text.toString();
  }
}
