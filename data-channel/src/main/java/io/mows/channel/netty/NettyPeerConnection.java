// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelCount;
import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.netty.sending.MessageSender;
import io.mows.channel.netty.sending.Outbox;
import io.mows.channel.wire.BulkFrames;
import io.mows.channel.wire.ControlFrames;
import io.mows.channel.wire.Hello;
import io.mows.channel.wire.LaneFrames;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;

/**
 * A peer that is known, and its connections: one, and more for pieces where that helps. {@link
 * PeerConnection}'s methods are for any thread and pass the work on to a connection's thread; all
 * else is for the first connection's thread.
 */
final class NettyPeerConnection implements Lane.Owner, KnownPeer {
  private final String peerId;
  private final InetSocketAddress remoteAddress;
  private final boolean outgoing;
  private final Channel channel;
  private final EventLoop loop;
  private final ChannelContext shared;
  private final Outbox outbox;
  private final Optional<BulkLink> bulk;
  private final UploadSlots<InboundRequest>.Peer slots;
  private final Lane first;
  private final Lanes lanes;
  private final Optional<LaneWatch> watch;
  private final MessageSender messages;
  private Optional<ByteBuffer> invitation = Optional.empty();
  private volatile long heardNs = System.nanoTime();
  private boolean gone;

  /**
   * @param closer closes the first connection; for its thread
   */
  NettyPeerConnection(
      Hello hello,
      InetSocketAddress remoteAddress,
      boolean outgoing,
      Channel channel,
      ChannelContext shared,
      Outbox outbox,
      BiConsumer<CloseReason, String> closer) {
    this.peerId = hello.peerId();
    this.remoteAddress = remoteAddress;
    this.outgoing = outgoing;
    this.channel = channel;
    this.loop = channel.eventLoop();
    this.shared = shared;
    this.outbox = outbox;
    this.bulk =
        shared
            .bulk()
            .filter(path -> (hello.capabilities() & path.capability()) != 0)
            .map(path -> path.link(peerId, loop));
    this.slots = shared.slots().newPeer();
    this.first = new Lane(shared, this, channel, outbox, closer, slots, bulk, true);
    // What comes another way than by frames has lanes of its own.
    boolean several = (hello.capabilities() & Hello.LANES) != 0 && bulk.isEmpty();
    int max = several ? shared.settings().maxConnectionsPerPeer() : 1;
    this.lanes = new Lanes(first, outgoing, max, new LaneDialling());
    this.watch =
        max == 1
            ? Optional.empty()
            : Optional.of(
                new LaneWatch(
                    lanes, shared.counters(), loop, new LaneTrial(max, shared.trialTurn())));
    this.messages =
        new MessageSender(
            first::onLoop,
            outbox,
            () ->
                closer.accept(
                    CloseReason.PEER_NOT_READING,
                    "More than "
                        + MessageSender.MAX_WAITING_BYTES
                        + " bytes of messages wait for it"));
  }

  @Override
  public String peerId() {
    return peerId;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public boolean isOutgoing() {
    return outgoing;
  }

  @Override
  public boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void send(ByteBuffer message) {
    messages.send(message);
  }

  @Override
  public void setReading(boolean reading) {
    // It may say what it likes while nobody listens.
    heardNs = System.nanoTime();
    // Never at once, also on the connection's thread: the last caller must be the last to be heard.
    lanes.setReading(reading);
  }

  @Override
  public PieceTransfer request(PieceRequest request, PieceReceiver receiver, long timeoutMs) {
    PieceTransfer transfer = lanes.pick().request(request, receiver, timeoutMs);
    watch.ifPresent(LaneWatch::wake);
    return transfer;
  }

  @Override
  public long silentNs() {
    return lanes.isDeaf() ? 0 : System.nanoTime() - heardNs;
  }

  @Override
  public void heard(long nowNs) {
    heardNs = nowNs;
  }

  @Override
  public void ping() {
    first.onLoop(
        () -> {
          if (channel.isActive()) {
            outbox.send(ControlFrames.ping(outbox.allocator(), System.nanoTime()));
          }
        });
  }

  @Override
  public void close() {
    first.close("As it was asked to be");
  }

  Lane first() {
    return first;
  }

  Lanes lanes() {
    return lanes;
  }

  /** The other way for payload, if there is one. */
  Optional<BulkLink> bulk() {
    return bulk;
  }

  /** Says how this side can be reached another way, and by more connections, if it can. */
  void begin() {
    bulk.ifPresent(path -> outbox.send(BulkFrames.offer(outbox.allocator(), path.offer())));
    if (watch.isPresent() && !outgoing) {
      byte[] token = lanes.invite();
      invitation = Optional.of(ByteBuffer.wrap(token));
      shared.invitations().put(ByteBuffer.wrap(token), this);
      outbox.send(LaneFrames.invite(outbox.allocator(), token));
    }
  }

  @Override
  public Optional<Lane> join(
      Hello hello,
      Channel laneChannel,
      Outbox laneOutbox,
      BiConsumer<CloseReason, String> laneCloser) {
    boolean fits =
        hello.peerId().equals(peerId)
            && shared.counters().get(ChannelCount.LANES_OPEN) < ChannelContext.MAX_LANES;
    Lane lane =
        new Lane(shared, this, laneChannel, laneOutbox, laneCloser, slots, Optional.empty(), false);
    if (!fits || !lanes.join(lane)) {
      return Optional.empty();
    }
    shared.counters().add(ChannelCount.LANES_OPEN, 1);
    return Optional.of(lane);
  }

  @Override
  public void left(Lane lane) {
    shared.counters().add(ChannelCount.LANES_OPEN, -1);
    lanes.left(lane);
  }

  @Override
  public void received(ByteBuffer message) {
    shared.listener().received(this, message);
  }

  @Override
  public void invited(byte[] token) {
    lanes.invited(token);
  }

  @Override
  public void wanted(int count) {
    lanes.wanted(count);
  }

  @Override
  public void ended(CloseReason reason, String detail) {
    gone = true;
    messages.close();
    watch.ifPresent(LaneWatch::end);
    invitation.ifPresent(shared.invitations()::remove);
    lanes.close(() -> onLoopOrHere(() -> shared.listener().disconnected(this, reason, detail)));
  }

  /** The last word must not get lost with the connection's thread. */
  private void onLoopOrHere(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  @Override
  public String toString() {
    return peerId + " at " + remoteAddress;
  }

  private final class LaneDialling implements Lanes.Dialling {
    @Override
    public void dial(byte[] token) {
      shared
          .laneDialler()
          .dial(NettyPeerConnection.this, token)
          .whenComplete((joined, failure) -> lanes.dialled());
    }

    @Override
    public void want(int count) {
      first.onLoop(() -> outbox.send(LaneFrames.want(outbox.allocator(), count)));
    }

    @Override
    public void changed() {
      first.onLoop(
          () -> {
            if (!gone) {
              shared.listener().lanes(NettyPeerConnection.this, lanes.open());
            }
          });
    }
  }
}
