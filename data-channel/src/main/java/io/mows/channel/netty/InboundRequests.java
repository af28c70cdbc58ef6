// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelCount;
import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.channel.RefusalReason;
import io.mows.channel.memory.BlockParts;
import io.mows.channel.netty.sending.FrameSize;
import io.mows.channel.netty.sending.Outbox;
import io.mows.channel.netty.sending.PayloadWriter;
import io.mows.channel.wire.BulkFrames;
import io.mows.channel.wire.ControlFrames;
import io.mows.channel.wire.PieceFrame;
import io.mows.channel.wire.ProtocolException;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The peer's requests on one connection. For the connection's thread. */
final class InboundRequests {
  private static final Logger LOG = LoggerFactory.getLogger(InboundRequests.class);

  private final ChannelContext shared;
  private final PeerConnection peer;
  private final Outbox outbox;
  private final EventLoop loop;
  private final Optional<BulkLink> bulk;
  private final UploadSlots<InboundRequest>.Peer slots;
  private final FrameSize frame;
  private final Map<Integer, InboundRequest> open = new HashMap<>();
  private final Deque<InboundRequest> sending = new ArrayDeque<>();
  private int nextRequestId;
  private boolean waitsForTurn;
  private boolean pumping;
  private boolean closed;

  /**
   * @param bulk empty if the peer can only be sent frames
   * @param slots the peer's, on all its connections
   */
  InboundRequests(
      ChannelContext shared,
      PeerConnection peer,
      Outbox outbox,
      EventLoop loop,
      Optional<BulkLink> bulk,
      UploadSlots<InboundRequest>.Peer slots) {
    this.shared = shared;
    this.peer = peer;
    this.outbox = outbox;
    this.loop = loop;
    this.bulk = bulk;
    this.slots = slots;
    PayloadWriter writer = shared.payloadWriter();
    this.frame =
        new FrameSize(writer.leastFrameBytes(), writer.mostFrameBytes(), System.nanoTime());
  }

  void requested(int requestId, PieceRequest request, boolean bulkIsWelcome)
      throws ProtocolException {
    if (requestId != nextRequestId) {
      throw new ProtocolException(
          CloseReason.MALFORMED_FRAME,
          "REQUEST " + requestId + " where " + nextRequestId + " would be next");
    }
    nextRequestId++;
    InboundRequest upload =
        new InboundRequest(requestId, request, bulkIsWelcome && bulk.isPresent(), this::settled);
    open.put(requestId, upload);
    if (!slots.offer(upload, this::gotSlot)) {
      open.remove(requestId);
      refuse(requestId, RefusalReason.BUSY);
    }
  }

  void cancelled(int requestId) {
    InboundRequest upload = open.remove(requestId);
    if (upload != null && !slots.withdraw(upload)) {
      sending.remove(upload);
      upload.endGrant(false);
      upload.end();
    }
  }

  /** The peer has used its grant, or could not. */
  void taken(int requestId, boolean success) throws ProtocolException {
    InboundRequest upload = open.get(requestId);
    if (upload == null ? requestId - nextRequestId >= 0 : !upload.hasGrant()) {
      throw new ProtocolException(
          CloseReason.MALFORMED_FRAME, "TAKEN of request " + requestId + ", never granted");
    }
    if (upload == null) {
      return;
    }
    upload.endGrant(success);
    if (success) {
      int bytes = upload.request().lengthBytes();
      shared.counters().add(ChannelCount.BYTES_SENT, bytes);
      shared.counters().add(ChannelCount.RDMA_BYTES_SENT, bytes);
      shared.counters().add(ChannelCount.PIECES_SENT, 1);
      open.remove(requestId);
      upload.end();
    } else {
      sending.add(upload);
      pump();
    }
  }

  /** How long the peer has had a grant; 0 if it has none. */
  long longestGrantNs(long nowNs) {
    return open.values().stream()
        .filter(InboundRequest::hasGrant)
        .mapToLong(upload -> nowNs - upload.grantedNs())
        .max()
        .orElse(0);
  }

  boolean isIdle() {
    return open.isEmpty();
  }

  private void settled() {
    slots.done();
  }

  private void gotSlot(InboundRequest upload) {
    try {
      loop.execute(() -> lookUp(upload));
    } catch (RejectedExecutionException e) {
      slots.done(); // The channel is shut down, and nobody is left to wait for the slot.
    }
  }

  private void lookUp(InboundRequest upload) {
    if (closed) {
      upload.end();
    }
    if (upload.hasEnded()) {
      upload.skipped();
      return;
    }
    CompletionStage<PieceAnswer> answer;
    try {
      answer = shared.server().serve(peer, upload.request());
    } catch (RuntimeException e) {
      answered(upload, null, e);
      return;
    }
    answer.whenComplete((found, failure) -> pass(upload, found, failure));
  }

  private void pass(InboundRequest upload, PieceAnswer found, Throwable failure) {
    if (loop.inEventLoop()) {
      answered(upload, found, failure);
      return;
    }
    try {
      loop.execute(() -> answered(upload, found, failure));
    } catch (RejectedExecutionException e) {
      if (found != null) {
        found.release(false);
      }
    }
  }

  private void answered(InboundRequest upload, PieceAnswer found, Throwable failure) {
    boolean usable = isUsable(upload, found, failure);
    upload.lookedUp(found);
    if (upload.hasEnded()) {
      return;
    }
    if (usable) {
      sending.add(upload);
      pump();
    } else {
      boolean refused = found != null && found.refusal() != null;
      giveUp(upload, refused ? found.refusal() : RefusalReason.UNKNOWN);
    }
  }

  private boolean isUsable(InboundRequest upload, PieceAnswer found, Throwable failure) {
    if (found == null) {
      LOG.warn("The look-up of {} for {} failed", upload.request(), peer.peerId(), failure);
      return false;
    }
    if (found.refusal() != null) {
      return false;
    }
    if (found.bytes().lengthBytes() != upload.request().lengthBytes()) {
      LOG.warn("{} bytes were found for {}", found.bytes().lengthBytes(), upload.request());
      return false;
    }
    return true;
  }

  private void giveUp(InboundRequest upload, RefusalReason reason) {
    open.remove(upload.requestId());
    upload.end();
    refuse(upload.requestId(), reason);
  }

  private void refuse(int requestId, RefusalReason reason) {
    shared.counters().refused(reason);
    outbox.reply(ControlFrames.refused(outbox.allocator(), requestId, reason));
  }

  /** Sends as much as the connection takes. */
  void pump() {
    if (pumping) {
      return; // A write that ends at once calls back.
    }
    pumping = true;
    boolean wrote = false;
    while (!closed && !waitsForTurn && !sending.isEmpty() && outbox.isWritable()) {
      long waitNs = shared.rate().reserve(nextBytes(), System.nanoTime());
      if (waitNs > 0) {
        waitsForTurn = true;
        loop.schedule(this::takeTurn, waitNs, TimeUnit.NANOSECONDS);
      } else {
        sendNext();
        wrote = true;
      }
    }
    pumping = false;
    if (wrote) {
      outbox.flush();
    }
  }

  private int nextBytes() {
    InboundRequest next = sending.element();
    return next.nextBytes(next.wantsGrant() ? Integer.MAX_VALUE : frame.bytes());
  }

  private void takeTurn() {
    waitsForTurn = false;
    if (!closed && !sending.isEmpty()) {
      sendNext();
      outbox.flush();
      pump();
    }
  }

  private void sendNext() {
    InboundRequest upload = sending.element();
    if (!upload.wantsGrant() || !sendGrant(upload)) {
      sendFrame();
    }
  }

  /** Lets the peer get all of the piece; false if it has to be sent. */
  private boolean sendGrant(InboundRequest upload) {
    Optional<BulkLink.Grant> grant = bulk.flatMap(link -> link.grant(upload.bytes()));
    upload.granted(grant.orElse(null), System.nanoTime());
    if (grant.isEmpty()) {
      return false;
    }
    sending.remove(upload);
    outbox.write(
        BulkFrames.grant(
            outbox.allocator(), upload.requestId(), upload.crc32(), grant.get().encoded()),
        ignored -> {});
    return true;
  }

  /** One frame of the upload whose turn it is: first come, first served, to end early. */
  private void sendFrame() {
    InboundRequest upload = sending.element();
    int offset = upload.sentBytes();
    int bytes = nextBytes();
    BlockParts payload = upload.beginWrite(bytes);
    boolean last = upload.isSent();
    try {
      shared
          .payloadWriter()
          .write(
              PieceFrame.encodeStart(
                  outbox.allocator(), upload.requestId(), offset, upload.crc32(), bytes),
              payload,
              outbox,
              future -> written(upload, bytes, last, future.isSuccess()));
    } catch (IOException e) {
      LOG.warn("{} cannot be sent to {}: {}", upload.request(), peer.peerId(), e.toString());
      sending.remove(upload);
      giveUp(upload, RefusalReason.GONE);
      upload.endWrite(0);
      return;
    }
    if (last) {
      sending.remove(upload);
      open.remove(upload.requestId());
      upload.end();
    }
  }

  private void written(InboundRequest upload, int bytes, boolean last, boolean success) {
    if (success) {
      frame.written(bytes, System.nanoTime());
      shared.counters().add(ChannelCount.BYTES_SENT, bytes);
      if (last) {
        shared.counters().add(ChannelCount.PIECES_SENT, 1);
      }
    }
    upload.endWrite(success ? bytes : 0);
  }

  /** The connection is gone. */
  void close() {
    closed = true;
    sending.clear();
    for (InboundRequest upload : new ArrayList<>(open.values())) {
      slots.withdraw(upload);
      upload.endGrant(false);
      upload.end();
    }
    open.clear();
  }
}
