// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelCount;
import io.mows.channel.CloseReason;
import io.mows.channel.CorruptPieceException;
import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceRefusedException;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.mows.channel.StoreException;
import io.mows.channel.TransferException;
import io.mows.channel.netty.sending.Outbox;
import io.mows.channel.wire.BulkFrames;
import io.mows.channel.wire.ControlFrames;
import io.mows.channel.wire.ProtocolException;
import io.mows.channel.wire.RequestFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Our requests on one connection. For the connection's thread, but for {@link #request}. */
final class OutboundRequests {
  static final int MAX_OPEN = 1_024;
  private static final int DELIVERY_BYTES = 256 << 10;

  private final Counters counters;
  private final String peerId;
  private final Outbox outbox;
  private final EventLoop loop;
  private final Optional<BulkLink> bulk;
  private final Map<Integer, OutboundRequest> open = new HashMap<>();
  private int nextRequestId;
  private OutboundRequest current;
  private TransferException gone;

  /**
   * @param bulk empty if the peer can only send frames
   */
  OutboundRequests(
      Counters counters, String peerId, Outbox outbox, EventLoop loop, Optional<BulkLink> bulk) {
    this.counters = counters;
    this.peerId = peerId;
    this.outbox = outbox;
    this.loop = loop;
    this.bulk = bulk;
  }

  /** For any thread. */
  PieceTransfer request(PieceRequest request, PieceReceiver receiver, long timeoutMs) {
    OutboundRequest download = new OutboundRequest(request, receiver, this::cancel);
    onLoop(download, () -> start(download, timeoutMs));
    return download;
  }

  private void cancel(OutboundRequest download) {
    onLoop(
        download,
        () ->
            abort(
                download,
                new TransferException(Remedy.RETRY, download.request() + " was cancelled")));
  }

  private void onLoop(OutboundRequest download, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The connection's thread has ended, and all that was open before it.
      download.fail(
          new TransferException(Remedy.RETRY_ELSEWHERE, "The data channel is shut down", e));
    }
  }

  private void start(OutboundRequest download, long timeoutMs) {
    if (gone != null) {
      download.fail(gone);
      return;
    }
    if (open.size() >= MAX_OPEN) {
      download.fail(
          new TransferException(Remedy.RETRY, MAX_OPEN + " requests to " + peerId + " are open"));
      return;
    }
    int requestId = nextRequestId++;
    open.put(requestId, download);
    PieceRequest request = download.request();
    boolean bulkIsWelcome = bulk.map(link -> link.canReceive(request.lengthBytes())).orElse(false);
    download.started(
        requestId,
        bulkIsWelcome,
        loop.schedule(() -> timedOut(download, timeoutMs), timeoutMs, TimeUnit.MILLISECONDS));
    outbox.send(RequestFrame.encode(outbox.allocator(), requestId, request, bulkIsWelcome));
  }

  private void timedOut(OutboundRequest download, long timeoutMs) {
    counters.add(ChannelCount.REQUESTS_TIMED_OUT, 1);
    abort(
        download,
        new TransferException(
            Remedy.RETRY_ELSEWHERE,
            peerId + " did not deliver " + download.request() + " in " + timeoutMs + " ms"));
  }

  /** Ends it before its time, if it is not over. */
  private void abort(OutboundRequest download, Exception failure) {
    if (open.remove(download.requestId(), download)) {
      if (!download.getsBulk()) {
        cancelAtPeer(download);
      }
      download.fail(failure);
    }
  }

  /** The next one of the channel; this connection's own only if there is no other. */
  private EventLoop anotherLoop() {
    EventLoop next = loop.parent().next();
    return next == loop ? loop.parent().next() : next;
  }

  private void cancelAtPeer(OutboundRequest download) {
    outbox.send(ControlFrames.cancel(outbox.allocator(), download.requestId()));
  }

  private boolean isOpen(OutboundRequest download) {
    return open.get(download.requestId()) == download;
  }

  void pieceBegins(int requestId, int offset, int crc32, int payloadBytes)
      throws ProtocolException {
    current = open.get(requestId);
    if (current == null) {
      checkWasIssued(requestId);
    } else if (!current.begin(offset, crc32, payloadBytes)) {
      throw new ProtocolException(
          CloseReason.MALFORMED_FRAME,
          "PIECE of request " + requestId + " does not continue the one before it");
    }
  }

  void pieceBytes(ByteBuf payload) {
    int bytes = payload.readableBytes();
    // A request may have been cancelled or timed out in the middle of a frame.
    if (current == null || !isOpen(current)) {
      counters.add(ChannelCount.BYTES_DISCARDED, bytes);
      return;
    }
    counters.add(ChannelCount.BYTES_RECEIVED, bytes);
    try {
      current.take(payload);
    } catch (IOException | RuntimeException e) {
      notStored(current, e);
      return;
    }
    if (current.isWhole()) {
      finish(current);
    }
  }

  private void notStored(OutboundRequest download, Exception e) {
    if (e instanceof StoreException) {
      // Ours, not the peer's: who asked for the piece knows what to do.
      abort(download, e);
      return;
    }
    abort(
        download,
        new TransferException(
            TransferException.remedyOf(e),
            "The bytes of " + download.request() + " could not be stored: " + e.getMessage(),
            e));
  }

  /** The peer lets us get the bytes another way than by frames. */
  void granted(int requestId, int crc32, byte[] grant) throws ProtocolException {
    OutboundRequest download = open.get(requestId);
    if (download == null) {
      checkWasIssued(requestId);
    } else if (!download.beginBulk(crc32)) {
      throw new ProtocolException(
          CloseReason.MALFORMED_FRAME, "A GRANT for request " + requestId + ", which wants none");
    } else {
      bulk.get().receive(grant, download.request().lengthBytes(), new BulkDownload(download));
    }
  }

  private void finish(OutboundRequest download) {
    open.remove(download.requestId());
    if (download.isCorrupt()) {
      counters.add(ChannelCount.PIECES_CORRUPT, 1);
      download.fail(
          new CorruptPieceException(
              peerId + " sent corrupt bytes for " + download.request() + " (wrong CRC32)"));
    } else {
      counters.add(ChannelCount.PIECES_RECEIVED, 1);
      download.succeed();
    }
  }

  void refused(int requestId, RefusalReason reason, Remedy remedy) throws ProtocolException {
    OutboundRequest download = open.remove(requestId);
    if (download == null) {
      checkWasIssued(requestId);
    } else {
      download.fail(
          new PieceRefusedException(
              reason, remedy, peerId + " refused " + download.request() + ": " + reason));
    }
  }

  /** What comes for a request that has ended is late, what comes for one to come is wrong. */
  private void checkWasIssued(int requestId) throws ProtocolException {
    if (requestId - nextRequestId >= 0) {
      throw new ProtocolException(
          CloseReason.MALFORMED_FRAME, "An answer to request " + requestId + ", never made");
    }
  }

  /**
   * Takes what comes by a grant. The CRC32 and the copy are the work of another I/O thread: the one
   * of this connection has the next READs to post, and one thread for all would be slower than a
   * fast link.
   */
  private final class BulkDownload implements BulkLink.Receiver {
    private final OutboundRequest download;

    BulkDownload(OutboundRequest download) {
      this.download = download;
    }

    @Override
    public void arrived(BulkLink.Loan loan) {
      download.endBulk();
      int bytes = loan.bytes().remaining();
      if (!isOpen(download)) {
        counters.add(ChannelCount.BYTES_DISCARDED, bytes);
        cancelAtPeer(download);
        loan.release();
        return;
      }
      counters.add(ChannelCount.BYTES_RECEIVED, bytes);
      counters.add(ChannelCount.RDMA_BYTES_RECEIVED, bytes);
      outbox.send(BulkFrames.taken(outbox.allocator(), download.requestId(), true));
      download.beginTaking();
      takeOn(anotherLoop(), loan, loan.bytes());
    }

    private void takeOn(EventLoop taker, BulkLink.Loan loan, ByteBuffer rest) {
      try {
        taker.execute(() -> take(taker, loan, rest));
      } catch (RejectedExecutionException e) {
        taken(loan, e);
      }
    }

    /** A part at a time: what else this thread has to do goes between. */
    private void take(EventLoop taker, BulkLink.Loan loan, ByteBuffer rest) {
      if (download.hasFailed()) {
        taken(loan, null);
        return;
      }
      ByteBuffer part = rest.slice();
      part.limit(Math.min(part.limit(), DELIVERY_BYTES));
      rest.position(rest.position() + part.limit());
      try {
        download.take(part);
      } catch (IOException | RuntimeException e) {
        taken(loan, e);
        return;
      }
      if (download.isWhole()) {
        taken(loan, null);
      } else {
        takeOn(taker, loan, rest);
      }
    }

    private void taken(BulkLink.Loan loan, Exception failure) {
      loan.release();
      download.endTaking();
      onLoop(download, () -> ended(failure));
    }

    /** Back on the connection's thread. */
    private void ended(Exception failure) {
      if (!isOpen(download)) {
        return; // It failed in the meantime.
      }
      if (failure != null) {
        notStored(download, failure);
      } else {
        finish(download);
      }
    }

    @Override
    public void failed(String reason) {
      download.endBulk();
      if (isOpen(download)) {
        counters.add(ChannelCount.RDMA_FALLBACKS, 1);
        outbox.send(BulkFrames.taken(outbox.allocator(), download.requestId(), false));
      } else {
        cancelAtPeer(download);
      }
    }
  }

  /** The connection is gone. */
  void close(TransferException failure) {
    gone = failure;
    for (OutboundRequest download : new ArrayList<>(open.values())) {
      open.remove(download.requestId());
      download.fail(failure);
    }
  }
}
