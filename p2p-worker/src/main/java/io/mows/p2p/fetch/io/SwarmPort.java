// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.channel.ChannelStats;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.p2p.fetch.core.FetchInput;
import io.mows.p2p.fetch.state.PeerEffects;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.peer.PeerEvents;
import io.mows.p2p.peer.PeerNetwork;
import io.mows.p2p.peer.Peering;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections with other workers. What happens on them is an event; their own bookkeeping is
 * done by the engine's thread as well, between two of these.
 */
public final class SwarmPort implements TransferPort.Network, PeerEffects, PeerEvents {
  private static final Logger LOG = LoggerFactory.getLogger(SwarmPort.class);

  private final ServePort serving;
  private final PeerNetwork network;

  /** Who hears of what happens; known before anything does. */
  private FetchInput input;

  /**
   * @param thread runs a task on the engine's thread, never at once; false if that has ended
   * @throws IOException if the data channel cannot be set up
   */
  public SwarmPort(
      Peering peers, ServePort serving, Predicate<Runnable> thread, LongSupplier nanoClock)
      throws IOException {
    this.serving = serving;
    this.network =
        new PeerNetwork(
            peers.self(),
            peers.session(),
            peers.provider(),
            peers.channelSettings(),
            thread,
            this,
            peers.resolver(),
            nanoClock);
    network.serve(peers.reachability());
  }

  /** Says who hears of what happens; call before the engine's thread starts. */
  public void tell(FetchInput in) {
    input = in;
  }

  /** Any thread: starts to accept peers. */
  public void listen() throws IOException {
    network.listen();
  }

  /** Any thread: what the data channel did. */
  public ChannelStats stats() {
    return network.stats();
  }

  /** To be called now and then. */
  public void sweep() {
    network.sweep();
  }

  /** Not for the engine's thread: ends all connections. */
  public void close() {
    network.close();
  }

  public void know(PeerInfo peer) {
    network.know(peer);
  }

  @Override
  public void connect(long peerId, boolean important) {
    network.connect(peerId, important);
  }

  @Override
  public void disconnect(long peerId) {
    network.disconnect(peerId);
  }

  @Override
  public void send(long peerId, SwarmMessage message) {
    network.send(peerId, message);
  }

  @Override
  public void ping(long peerId) {
    network.ping(peerId);
  }

  @Override
  public long silentNs(long peerId) {
    return network.silentNs(peerId);
  }

  @Override
  public void quarantined(long peerId) {
    LOG.warn(
        "{} has sent wrong bytes several times: nothing is taken from it for a while. Check the"
            + " memory and the network of that machine.",
        network.peer(peerId).map(Object::toString).orElse("A peer"));
  }

  @Override
  public Optional<PieceTransfer> request(
      long peerId, PieceRequest request, PieceReceiver receiver, long timeoutMs) {
    return network.request(peerId, request, receiver, timeoutMs);
  }

  // What happens on the connections.

  @Override
  public void connected(long peerId, Role role, boolean incoming, boolean important) {
    input.peerConnected(peerId, role, incoming, important);
  }

  @Override
  public void lanes(long peerId, int count) {
    input.peerLanes(peerId, count);
  }

  @Override
  public void disconnected(long peerId, Cause cause) {
    input.peerDisconnected(peerId, cause);
  }

  @Override
  public int pieceCount(long fileId) {
    return input.pieceCount(fileId);
  }

  @Override
  public void received(long peerId, SwarmMessage message) {
    input.peerSaid(peerId, message);
  }

  @Override
  public void requested(long peerId, PieceRequest request, CompletableFuture<PieceAnswer> answer) {
    input.pieceRequested(
        serving.begin(answer),
        peerId,
        request.fileId(),
        request.piece(),
        request.offset(),
        request.lengthBytes(),
        request.isUrgent());
  }
}
