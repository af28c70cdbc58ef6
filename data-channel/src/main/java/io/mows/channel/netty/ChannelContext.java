// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelSettings;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceServer;
import io.mows.channel.netty.sending.PayloadWriter;
import io.mows.channel.netty.sending.UploadRate;
import io.mows.channel.wire.Hello;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** What all connections of one {@link NettyDataChannel} have in common. */
final class ChannelContext {
  /** Connections that are not the first with their peer, in all. */
  static final int MAX_LANES = 256;

  private final ChannelSettings settings;
  private final PieceServer server;
  private final PeerListener listener;
  private final PayloadWriter payloadWriter;
  private final Counters counters = new Counters();
  private final Strangers strangers;
  private final Optional<BulkPath> bulk;
  private final UploadSlots<InboundRequest> slots;
  private final UploadRate rate;
  private final LaneDialler laneDialler;
  private final TrialTurn trialTurn = new TrialTurn();
  private final Map<ByteBuffer, KnownPeer> invitations = new ConcurrentHashMap<>();

  /**
   * @param bulk makes another way for payload, as the last that is done here
   */
  ChannelContext(
      ChannelSettings settings,
      PieceServer server,
      PeerListener listener,
      PayloadWriter payloadWriter,
      Optional<BulkPath.Factory> bulk,
      LaneDialler laneDialler) {
    this.settings = settings;
    this.server = server;
    this.listener = listener;
    this.payloadWriter = payloadWriter;
    this.strangers = new Strangers(counters, System::nanoTime);
    this.laneDialler = laneDialler;
    this.slots =
        new UploadSlots<>(
            settings.maxUploads(), settings.maxUploadsPerPeer(), settings.maxQueuedPerPeer());
    this.rate = new UploadRate(settings.uploadBytesPerSecond());
    this.bulk = bulk.map(factory -> factory.open(counters::add));
  }

  ChannelSettings settings() {
    return settings;
  }

  PieceServer server() {
    return server;
  }

  PeerListener listener() {
    return listener;
  }

  PayloadWriter payloadWriter() {
    return payloadWriter;
  }

  Counters counters() {
    return counters;
  }

  Strangers strangers() {
    return strangers;
  }

  /** Another way for payload; empty if there is none here. */
  Optional<BulkPath> bulk() {
    return bulk;
  }

  UploadSlots<InboundRequest> slots() {
    return slots;
  }

  /** Makes one more connection with a peer, with the token that it gave. */
  LaneDialler laneDialler() {
    return laneDialler;
  }

  /** Which peer it is tried with whether more connections bring more. */
  LaneTrial.Turn trialTurn() {
    return trialTurn;
  }

  /** By the token that they show, whose connections are welcome beside their first. */
  Map<ByteBuffer, KnownPeer> invitations() {
    return invitations;
  }

  /** What this side can do beyond the protocol's version; see {@link Hello#capabilities}. */
  int capabilities() {
    return bulk.map(BulkPath::capability).orElse(0)
        | (settings.maxConnectionsPerPeer() > 1 ? Hello.LANES : 0);
  }

  UploadRate rate() {
    return rate;
  }

  /** Makes connections that are not the first with their peer. */
  interface LaneDialler {
    /**
     * @param token which the peer gave
     * @return ends when the connection has joined, or will not
     */
    CompletableFuture<?> dial(KnownPeer peer, byte[] token);
  }

  /** Whoever comes first. */
  private static final class TrialTurn implements LaneTrial.Turn {
    private final AtomicReference<LaneTrial> holder = new AtomicReference<>();

    @Override
    public boolean take(LaneTrial trial) {
      return holder.get() == trial || holder.compareAndSet(null, trial);
    }

    @Override
    public void give(LaneTrial trial) {
      holder.compareAndSet(trial, null);
    }
  }
}
