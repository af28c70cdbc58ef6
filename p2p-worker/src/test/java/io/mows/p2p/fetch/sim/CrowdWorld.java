// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.core.FetchCore;
import io.mows.p2p.fetch.io.LocatorPort;
import io.mows.p2p.fetch.state.MemberQuestion;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.client.VirtualLocator;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.state.MemoryLocator;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.sim.OriginConnections;
import io.mows.p2p.sim.Scenario;
import io.mows.p2p.sim.SimNetwork;
import io.mows.p2p.sim.SimNetwork.Link;
import io.mows.p2p.sim.SimResult;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A crowd of workers that run the real {@link FetchCore} over links of a {@link Scenario}, to
 * measure how near to the shortest possible time they get a file. The real locator's client and
 * state answer; the store has room for all and takes its time over each write. The same seed gives
 * the same run.
 */
final class CrowdWorld extends SimWorld {
  private static final long FILE_ID = 1;
  private static final long BLOCK_BYTES = 64 << 20;
  private static final long UNCACHED_BYTES = 64 << 20;
  private static final int MAX_READS = 16;

  /** A worker handles what came in together in one go. */
  private static final long BATCH_NS = Scenario.ms(0.1);

  /** By then the locator has heard of all workers. */
  private static final long FIRST_NS = TimeUnit.SECONDS.toNanos(2);

  private static final long WATCHDOG_NS = TimeUnit.MINUTES.toNanos(1);

  /** All rules are looked after once in that many decisions: it takes longer than to decide. */
  private static final int CHECKS_EVERY = 997;

  private final Scenario scenario;
  private final SimTime time;
  private final SimNetwork network;
  private final Link originUp;
  private final MemoryLocator directory;
  private final FileSpec file;
  private final long startNs;
  private final Map<Long, CrowdPeer> peers = new LinkedHashMap<>();
  private final Map<Long, LocatorPort> locators = new HashMap<>();
  private PeerInfo next;
  private double nextBytesPerSecond;
  private boolean isNextCorrupt;
  private int unfinished;
  private long lastProgressNs;
  private long originBytes;
  private long originDoneNs;
  private long peerBytes;
  private long messages;
  private long decisions;
  private long traceHash;

  CrowdWorld(Scenario scenario) {
    super(scenario.seed);
    this.scenario = scenario;
    this.time = time();
    this.startNs = time.nowNs() + FIRST_NS;
    this.lastProgressNs = startNs;
    double pieceNs = scenario.pieceBytes / scenario.linkBytesPerSecond * 1e9;
    this.network = new SimNetwork(time.events(), (long) (pieceNs / 100));
    this.originUp = new Link(scenario.linkBytesPerSecond * scenario.originFactor);
    this.directory = new MemoryLocator(() -> TimeUnit.NANOSECONDS.toMillis(time.nowNs()));
    long blockBytes = Math.max(BLOCK_BYTES, scenario.pieceBytes);
    origin().add(FILE_ID, new FileLayout(scenario.fileBytes(), blockBytes, scenario.pieceBytes));
    this.file = origin().file(FILE_ID);
    for (int i = 0; i < scenario.holders + scenario.warmupHolders; i++) {
      CrowdPeer holder = addWorker(i < scenario.holders ? PeerRole.INSTANCE : PeerRole.WARMUP);
      time.later(0, () -> hold(holder));
      if (i == 0 && scenario.holderCrashNs < Long.MAX_VALUE) {
        time.later(FIRST_NS + scenario.holderCrashNs, () -> crash(holder, false));
      }
    }
    for (int i = 0; i < scenario.nodes; i++) {
      planWorker(addWorker(PeerRole.INSTANCE));
    }
    planHangs();
    if (scenario.outageFromNs < Long.MAX_VALUE) {
      long zeroNs = FIRST_NS - Scenario.ms(100);
      time.later(zeroNs + scenario.outageFromNs, () -> directory.setDown(true));
      if (scenario.outageToNs < Long.MAX_VALUE) {
        time.later(zeroNs + scenario.outageToNs, () -> directory.setDown(false));
      }
    }
  }

  /** To be called once, before the run. */
  private void planHangs() {
    List<CrowdPeer> candidates =
        peers.values().stream().filter(peer -> peer.isToGetAll).collect(Collectors.toList());
    if (scenario.ownersHang) {
      long affinity = Rendezvous.affinity(file.path());
      candidates.sort(
          (a, b) ->
              Long.compareUnsigned(
                  Rendezvous.weight(affinity, a.info.idHash()),
                  Rendezvous.weight(affinity, b.info.idHash())));
    }
    int count = candidates.size();
    for (CrowdPeer peer : candidates.subList(count - scenario.hungNodes, count)) {
      time.later(FIRST_NS + scenario.hangAtNs, () -> peer.hang(scenario.hangNs));
    }
  }

  private CrowdPeer addWorker(PeerRole role) {
    boolean slow = chance(scenario.slowShare);
    isNextCorrupt = chance(scenario.corruptShare);
    String name = "node-" + (peers.size() + 1);
    String group = role == PeerRole.WARMUP ? "warm-up" : "chat";
    next = new PeerInfo(name, name + ":29991", group, role);
    nextBytesPerSecond = scenario.linkBytesPerSecond * (slow ? scenario.slowFactor : 1);
    FetchSettings settings =
        new FetchSettings(
            MAX_READS, scenario.pieceBytes, UNCACHED_BYTES, 100_000, 30_000, Backoff.DEFAULT);
    long quotaBytes = scenario.fileBytes() + BLOCK_BYTES;
    SimWorker worker = new SimWorker(this, next.idHash(), settings, VerifyMode.PIECE, quotaBytes);
    add(worker);
    worker.tickLater(Long.MAX_VALUE);
    CrowdPeer peer = peers.get(worker.id());
    peer.locator = new VirtualLocator(peer.info, new FarDirectory(), time::nowNs, time::later);
    locators.put(
        worker.id(),
        new LocatorPort(
            peer.locator,
            peer.info,
            known -> {},
            event -> {
              time.later(0, () -> worker.post(event));
              return true;
            }));
    return peer;
  }

  private void planWorker(CrowdPeer peer) {
    unfinished++;
    peer.isToGetAll = true;
    long joinNs = FIRST_NS + (long) (time.share() * scenario.startSpreadNs);
    time.later(joinNs, () -> join(peer));
    if (chance(scenario.crashShare)) {
      boolean silent = chance(scenario.silentCrashShare);
      time.later(joinNs + (long) (time.share() * scenario.boundNs()), () -> crash(peer, silent));
    }
  }

  private void hold(CrowdPeer peer) {
    peer.shown.set(0, scenario.pieces);
    for (int block = 0; block < file.layout().blockCount(); block++) {
      int found = block;
      peer.worker().simStore().put(file, block);
      peer.worker().post(in -> in.blockFound(file, found));
    }
  }

  private void join(CrowdPeer peer) {
    SimWorker worker = peer.worker();
    peer.joinedNs = time.nowNs();
    if (scenario.readers) {
      worker.post(in -> in.readAhead(List.of(file), Long.MAX_VALUE));
      worker.simReaders().begin(file, 0, scenario.pieces);
    } else {
      List<Integer> blocks =
          IntStream.range(0, file.layout().blockCount()).boxed().collect(Collectors.toList());
      worker.loads(1);
      worker.post(in -> in.load(1, file, blocks));
    }
  }

  private void crash(CrowdPeer peer, boolean silent) {
    if (peer.isToGetAll && peer.doneNs < 0) {
      unfinished--;
    }
    peer.crash(silent ? scenario.silenceNs : 2 * scenario.latencyNs);
  }

  /** Lets it happen until all have the file. */
  SimResult run() {
    while (unfinished > 0) {
      if (!time.step(Long.MAX_VALUE) || complaints().isAny()) {
        throw new AssertionError(complaints() + "; " + this);
      }
      if (time.nowNs() - lastProgressNs > WATCHDOG_NS) {
        throw new AssertionError("No progress for a minute; " + this);
      }
    }
    return new SimResult(
        scenario,
        peers.values().stream()
            .filter(peer -> peer.isToGetAll && peer.doneNs >= 0 && !peer.hasHung)
            .filter(peer -> !peer.worker().isDead())
            .mapToLong(peer -> peer.doneNs - peer.joinedNs)
            .toArray(),
        originBytes,
        peerBytes,
        originDoneNs - startNs,
        messages,
        time.events().count(),
        traceHash);
  }

  /** How often a core has decided. */
  long decisions() {
    return decisions;
  }

  Scenario scenario() {
    return scenario;
  }

  SimNetwork network() {
    return network;
  }

  CrowdPeer peer(long id) {
    return peers.get(id);
  }

  boolean chance(double probability) {
    return probability > 0 && time.share() < probability;
  }

  void sent(long bytes) {
    peerBytes += bytes;
  }

  OriginConnections<Long> originConnections(Link down, Consumer<Long> pieceEnded) {
    return new OriginConnections<>(
        time.events(), network, scenario, originUp, down, pieceEnded, this::read);
  }

  private void read(long bytes) {
    originBytes += bytes;
    originDoneNs = time.nowNs();
  }

  @Override
  boolean isFuzzed() {
    return false;
  }

  @Override
  boolean hasManifests() {
    return false;
  }

  @Override
  boolean isFaulty() {
    return false;
  }

  @Override
  void handled(SimWorker worker) {
    CrowdPeer peer = peer(worker.id());
    if (!peer.isDeciding) {
      peer.isDeciding = true;
      time.later(
          BATCH_NS,
          () -> {
            peer.isDeciding = false;
            worker.decide();
          });
    }
  }

  @Override
  void decided(SimWorker worker) {
    if (++decisions % CHECKS_EVERY == 0) {
      worker.check();
    }
  }

  @Override
  void published(SimWorker worker, FileSpec of, int piece) {
    CrowdPeer peer = peer(worker.id());
    lastProgressNs = time.nowNs();
    traceHash = (traceHash ^ (time.nowNs() * 31 + worker.id() + piece)) * 0x9E3779B97F4A7C15L;
    traceHash ^= traceHash >>> 29;
    peer.shown.set(piece);
    if (peer.isToGetAll && peer.doneNs < 0 && peer.shown.cardinality() == scenario.pieces) {
      peer.doneNs = time.nowNs();
      unfinished--;
    }
  }

  @Override
  void read(SimWorker worker, SimTransfers.Row row) {
    peer(worker.id()).read(row);
  }

  @Override
  int originWidth(SimWorker worker) {
    return peer(worker.id()).originWidth();
  }

  @Override
  void calledOff(SimWorker worker, SimTransfers.Row row) {
    peer(worker.id()).calledOff(row);
  }

  // The locator.

  @Override
  void announce(SimWorker worker, FileSpec of, int present, boolean fetching) {
    locators.get(worker.id()).announce(of, present, fetching);
  }

  @Override
  void withdraw(SimWorker worker, long fileId) {
    locators.get(worker.id()).withdraw(fileId);
  }

  @Override
  void askMembers(SimWorker worker, List<MemberQuestion> questions) {
    locators.get(worker.id()).askMembers(questions);
  }

  // Connections.

  @Override
  SimPeer newPeer(SimWorker worker) {
    CrowdPeer peer = new CrowdPeer(worker, this, next, nextBytesPerSecond, isNextCorrupt);
    peers.put(worker.id(), peer);
    return peer;
  }

  @Override
  void connect(SimWorker worker, long peerId, boolean important) {
    CrowdPeer peer = peer(worker.id());
    time.later(2 * scenario.latencyNs, () -> peer.connect(peer(peerId), important));
  }

  @Override
  void disconnect(SimWorker worker, long peerId) {
    peer(worker.id()).disconnect(peer(peerId));
  }

  @Override
  void send(SimWorker worker, long peerId, SwarmMessage message) {
    CrowdPeer from = peer(worker.id());
    if (from.isConnected(peerId)) {
      messages++;
      time.later(scenario.latencyNs, () -> peer(peerId).said(from, message));
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("t=").append(TimeUnit.NANOSECONDS.toMillis(time.nowNs() - startNs)).append(" ms, ");
    text.append(scenario.nodes).append(" workers, seed ").append(scenario.seed);
    peers.values().stream()
        .filter(peer -> peer.isToGetAll && peer.doneNs < 0 && !peer.worker().isDead())
        .limit(10)
        .forEach(
            peer ->
                text.append(", ")
                    .append(peer.info.id())
                    .append(" lacks ")
                    .append(scenario.pieces - peer.shown.cardinality())
                    .append(" first ")
                    .append(peer.shown.nextClearBit(0)));
    return text.toString();
  }

  /** The way to the directory and back. */
  private final class FarDirectory implements LocatorTransport {
    @Override
    public CompletableFuture<byte[]> write(byte[] entry) {
      CompletableFuture<byte[]> reply = new CompletableFuture<>();
      time.later(scenario.locatorDelayNs, () -> answer(directory.write(entry), reply));
      return reply;
    }

    @Override
    public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
      CompletableFuture<byte[]> reply = new CompletableFuture<>();
      time.later(scenario.locatorDelayNs, () -> answer(directory.read(query, patienceMs), reply));
      return reply;
    }

    private void answer(CompletableFuture<byte[]> said, CompletableFuture<byte[]> reply) {
      time.later(
          scenario.latencyNs,
          () ->
              said.whenComplete(
                  (bytes, failure) -> {
                    if (failure == null) {
                      reply.complete(bytes);
                    } else {
                      reply.completeExceptionally(failure);
                    }
                  }));
    }

    @Override
    public String describe() {
      return "simulated";
    }

    @Override
    public void close() {
      // There is nothing to end.
    }
  }
}
