// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.ChannelStats;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.RefusalReason;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.peer.PeerEvents;
import io.mows.p2p.peer.PeerNetwork;
import io.mows.p2p.peer.Peering;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.SwarmActions;
import io.mows.p2p.swarm.SwarmMember;
import io.mows.p2p.swarm.SwarmMember.Role;
import io.mows.p2p.swarm.SwarmMessage;
import io.mows.p2p.swarm.SwarmNode;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.SwarmSettings;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link SwarmNode} decides: with the origin alone, or with other workers as well.
 * For the engine's thread.
 *
 * <p>What the node wants done is put off until the node has finished, because doing it may have
 * consequences that the node is told at once.
 */
final class SwarmDriver implements SwarmActions, PeerEvents, SwarmDirectory.Answers {
  private static final Logger LOG = LoggerFactory.getLogger(SwarmDriver.class);
  private static final long FORGET_NS = TimeUnit.SECONDS.toNanos(60);

  private final FetchEngine engine;
  private final Origins origins;
  private final LostReadAhead lostAhead = new LostReadAhead();
  private final SwarmNode node;
  private final Queue<Runnable> todo = new ArrayDeque<>();
  private final Map<Long, Role> roles = new HashMap<>();
  private final PeerUploads uploads;
  private final PeerNetwork network;
  private final SwarmDirectory directory;
  private boolean isTold;

  /**
   * @param patienceNs how long readers wait for an origin that is away or denies
   * @param peering empty for a worker that shares with nobody
   * @throws IOException if the data channel cannot be set up
   */
  SwarmDriver(
      FetchEngine engine, SwarmSettings settings, long patienceNs, Optional<Peering> peering)
      throws IOException {
    this.engine = engine;
    int seed = peering.map(peers -> Long.hashCode(peers.self().idHash())).orElse(0);
    this.origins = new Origins(patienceNs, seed, engine.events(), engine::nowNs);
    if (peering.isEmpty()) {
      this.node = new SwarmNode(0, settings, this, origins.gates());
      this.uploads = new PeerUploads(engine, todo::add);
      this.network = null;
      this.directory = null;
      return;
    }
    Peering peers = peering.get();
    this.node = new SwarmNode(peers.self().idHash(), settings, this, origins.gates());
    this.uploads = new PeerUploads(engine, todo::add);
    this.network =
        new PeerNetwork(
            peers.self(),
            peers.session(),
            peers.provider(),
            peers.channelSettings(),
            engine::run,
            this,
            peers.resolver(),
            engine::nowNs);
    network.serve(peers.reachability());
    this.directory = new SwarmDirectory(peers.locator(), peers.self(), this, engine::run);
  }

  /** Any thread: starts to accept peers. */
  void listen() throws IOException {
    if (isShared()) {
      network.listen();
    }
  }

  /** For whoever has something to tell it: it is to decide anew. */
  SwarmNode node() {
    isTold = true;
    return node;
  }

  Origins origins() {
    return origins;
  }

  /** Whether other workers may have files as well. */
  boolean isShared() {
    return network != null;
  }

  /** Whether there is a peer to pass pieces on to. */
  boolean hasNeighbours() {
    return !roles.isEmpty();
  }

  /** Any thread: what the data channel did; empty if there is none. */
  Optional<ChannelStats> channelStats() {
    return isShared() ? Optional.of(network.stats()) : Optional.empty();
  }

  /** What pieces from this peer are counted as. */
  FetchEvents.Source sourceOf(long peerId) {
    return roles.get(peerId) == Role.WARMUP ? FetchEvents.Source.WARMUP : FetchEvents.Source.PEER;
  }

  /** A fetch has begun. */
  void started(FileFetch fetch) {
    FileSpec file = fetch.file();
    int pieceCount = file.layout().pieceCount();
    // Of a file that was wrong nothing is taken from peers.
    boolean shared = isShared() && !engine.proofs().isSuspect(file.fileId());
    node()
        .fetchFile(
            file.fileId(),
            Rendezvous.affinity(file.path()),
            fetch.plan(),
            pieceCount,
            shared,
            engine.nowNs());
    if (shared) {
      directory.started(fetch, engine.nowNs());
    }
    lostAhead.resume(fetch);
  }

  /** Something has happened to {@code fetch}. */
  void advanced(FileFetch fetch) {
    if (isShared()) {
      directory.advanced(fetch);
    }
  }

  void ended(FileFetch fetch) {
    origins.end(fetch.file());
    lostAhead.keep(fetch);
    if (isShared()) {
      directory.ended(fetch.file().fileId());
    }
  }

  /** There is more or less of {@code file} than before. */
  void changed(FileSpec file) {
    if (isShared()) {
      Optional<FileFetch> fetch = engine.current(file);
      int present =
          fetch.isPresent()
              ? fetch.get().pieces().count()
              : engine.held().pieces(file.fileId()).cardinality();
      directory.announce(file, present, fetch.isPresent());
    }
  }

  /**
   * Does what the node wants done now.
   *
   * @return when to call again if nothing happens
   */
  OptionalLong pump() {
    OptionalLong wake = node.poll(engine.nowNs());
    while (!todo.isEmpty()) {
      isTold = false;
      long changes = node.changes();
      for (Runnable action = todo.poll(); action != null; action = todo.poll()) {
        action.run();
      }
      if (isTold || node.changes() != changes) {
        wake = node.poll(engine.nowNs());
      }
    }
    OptionalLong ask = isShared() ? directory.poll(engine.nowNs()) : OptionalLong.empty();
    boolean sooner = ask.isPresent() && (wake.isEmpty() || ask.getAsLong() - wake.getAsLong() < 0);
    return sooner ? ask : wake;
  }

  /** To be called now and then. */
  void sweep() {
    origins.publish();
    if (isShared()) {
      network.sweep();
      node.forgetIdle(FORGET_NS, engine.nowNs());
    }
  }

  /** Not for the engine's thread: ends all connections. */
  void close() {
    if (isShared()) {
      network.close();
    }
  }

  Optional<PieceTransfer> request(
      long peerId, PieceRequest request, PieceReceiver receiver, long timeoutMs) {
    return network.request(peerId, request, receiver, timeoutMs);
  }

  /** The proven digest of this file, if somebody has told the locator. */
  CompletableFuture<Optional<PieceDigest>> digest(long fileId) {
    return isShared()
        ? directory.digest(fileId)
        : CompletableFuture.completedFuture(Optional.empty());
  }

  /** This worker has proven {@code file}. */
  void prove(FileSpec file, PieceDigest digest) {
    if (isShared()) {
      directory.prove(file, digest);
    }
  }

  // What the node wants done.

  @Override
  public void connect(long peerId, boolean important) {
    todo.add(() -> network.connect(peerId, important));
  }

  @Override
  public void disconnect(long peerId) {
    // Nobody reports the end of what we end.
    roles.remove(peerId);
    todo.add(() -> network.disconnect(peerId));
  }

  @Override
  public void send(long peerId, SwarmMessage message) {
    if (!uploads.refuse(peerId, message)) {
      todo.add(() -> network.send(peerId, message));
    }
  }

  @Override
  public long silentNs(long peerId) {
    return network.silentNs(peerId);
  }

  @Override
  public void ping(long peerId) {
    todo.add(() -> network.ping(peerId));
  }

  @Override
  public void download(long peerId, long fileId, int piece, boolean urgent, boolean hedge) {
    onFetch(fileId, fetch -> fetch.transfers().download(peerId, piece, urgent, hedge));
  }

  @Override
  public void cancelDownload(long peerId, long fileId, int piece) {
    onFetch(fileId, fetch -> fetch.transfers().cancelDownload(peerId, piece));
  }

  @Override
  public void upload(long peerId, long fileId, int piece) {
    uploads.start(peerId, fileId, piece);
  }

  @Override
  public void cancelUpload(long peerId, long fileId, int piece) {
    // Its bytes stay open until they are sent; the peer has cancelled, or gets what was right.
  }

  @Override
  public int originWidth() {
    return engine.source().width();
  }

  @Override
  public void readOrigin(long fileId, int piece, boolean evenUncached) {
    onFetch(fileId, fetch -> fetch.transfers().readOrigin(piece, evenUncached));
  }

  @Override
  public void cancelOrigin(long fileId, int piece) {
    onFetch(fileId, fetch -> fetch.transfers().cancelOrigin(piece));
  }

  @Override
  public void quarantined(long peerId) {
    LOG.warn(
        "{} has sent wrong bytes several times: nothing is taken from it for a while. Check the"
            + " memory and the network of that machine.",
        network.peer(peerId).map(Object::toString).orElse("A peer"));
    engine.events().peerQuarantined();
  }

  private interface FetchAction {
    void run(FileFetch fetch);
  }

  private void onFetch(long fileId, FetchAction action) {
    todo.add(() -> engine.current(fileId).ifPresent(action::run));
  }

  // What peers do.

  @Override
  public void connected(long peerId, Role role, boolean incoming, boolean important) {
    roles.put(peerId, role);
    node.connected(peerId, role, incoming, important, engine.nowNs());
  }

  @Override
  public void lanes(long peerId, int count) {
    node.lanes(peerId, count);
  }

  @Override
  public void disconnected(long peerId, Cause cause) {
    roles.remove(peerId);
    node.disconnected(peerId, cause, engine.nowNs());
  }

  @Override
  public int pieceCount(long fileId) {
    int known = node.pieceCount(fileId);
    FileSpec held = known >= 0 ? null : engine.held().file(fileId);
    return held == null ? known : held.layout().pieceCount();
  }

  @Override
  public void received(long peerId, SwarmMessage message) {
    boolean wantsSome =
        message instanceof SwarmMessage.PieceMap
            && !((SwarmMessage.PieceMap) message).have().isFull();
    if (wantsSome) {
      serveIfHeld(message.fileId());
    }
    node.received(peerId, message, engine.nowNs());
  }

  /** A file that nobody fetches here joins its swarm when a peer lacks something of it. */
  private void serveIfHeld(long fileId) {
    FileSpec file = node.knows(fileId) ? null : engine.held().file(fileId);
    if (file != null) {
      BitSet have = engine.held().pieces(fileId);
      node.serveFile(
          fileId,
          Rendezvous.affinity(file.path()),
          file.layout().pieceCount(),
          have,
          engine.nowNs());
    }
  }

  @Override
  public void requested(long peerId, PieceRequest request, CompletableFuture<PieceAnswer> answer) {
    FileSpec file = engine.file(request.fileId());
    boolean hidden = engine.proofs().isSuspect(request.fileId());
    if (file == null || hidden || !PeerUploads.isWholePiece(file, request)) {
      answer.complete(PieceAnswer.refuse(RefusalReason.UNKNOWN));
      return;
    }
    serveIfHeld(request.fileId());
    uploads.ask(peerId, request, answer);
  }

  // What the locator says.

  @Override
  public void peer(PeerInfo peer) {
    network.know(peer);
  }

  @Override
  public boolean isConnected(long peerId) {
    return roles.containsKey(peerId);
  }

  @Override
  public void members(long fileId, List<SwarmMember> members, int workers) {
    node.members(fileId, members, workers, engine.nowNs());
  }
}
