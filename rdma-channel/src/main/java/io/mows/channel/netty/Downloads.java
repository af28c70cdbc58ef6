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
import io.mows.channel.TransferException;
import io.mows.channel.wire.ProtocolException;
import io.mows.channel.wire.RequestFrame;
import io.mows.channel.wire.SmallFrames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Our requests on one connection. For the connection's thread, but for {@link #request}. */
final class Downloads {
  static final int MAX_OPEN = 1_024;

  private final Counters counters;
  private final String peerId;
  private final Outbox outbox;
  private final EventLoop loop;
  private final Map<Integer, Download> open = new HashMap<>();
  private int nextRequestId;
  private Download current;
  private TransferException gone;

  Downloads(Counters counters, String peerId, Outbox outbox, EventLoop loop) {
    this.counters = counters;
    this.peerId = peerId;
    this.outbox = outbox;
    this.loop = loop;
  }

  /** For any thread. */
  PieceTransfer request(PieceRequest request, PieceReceiver receiver, long timeoutMs) {
    Download download = new Download(request, receiver, this::cancel);
    onLoop(download, () -> start(download, timeoutMs));
    return download;
  }

  private void cancel(Download download) {
    onLoop(
        download,
        () ->
            abort(
                download,
                new TransferException(Remedy.RETRY, download.request() + " was cancelled")));
  }

  private void onLoop(Download download, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The connection's thread has ended, and all that was open before it.
      download.fail(
          new TransferException(Remedy.RETRY_ELSEWHERE, "The data channel is shut down", e));
    }
  }

  private void start(Download download, long timeoutMs) {
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
    download.started(
        requestId,
        loop.schedule(() -> timedOut(download, timeoutMs), timeoutMs, TimeUnit.MILLISECONDS));
    outbox.send(RequestFrame.encode(outbox.allocator(), requestId, download.request()));
  }

  private void timedOut(Download download, long timeoutMs) {
    counters.add(ChannelCount.REQUESTS_TIMED_OUT, 1);
    abort(
        download,
        new TransferException(
            Remedy.RETRY_ELSEWHERE,
            peerId + " did not deliver " + download.request() + " in " + timeoutMs + " ms"));
  }

  /** Ends it before its time, if it is not over. */
  private void abort(Download download, Exception failure) {
    if (open.remove(download.requestId(), download)) {
      outbox.send(SmallFrames.cancel(outbox.allocator(), download.requestId()));
      download.fail(failure);
    }
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
    if (current == null || open.get(current.requestId()) != current) {
      counters.add(ChannelCount.BYTES_DISCARDED, bytes);
      return;
    }
    counters.add(ChannelCount.BYTES_RECEIVED, bytes);
    try {
      current.take(payload);
    } catch (IOException | RuntimeException e) {
      abort(
          current,
          new TransferException(
              TransferException.remedyOf(e),
              "The bytes of " + current.request() + " could not be stored: " + e.getMessage(),
              e));
      return;
    }
    if (current.isWhole()) {
      finish(current);
    }
  }

  private void finish(Download download) {
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
    Download download = open.remove(requestId);
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

  /** The connection is gone. */
  void close(TransferException failure) {
    gone = failure;
    for (Download download : new ArrayList<>(open.values())) {
      open.remove(download.requestId());
      download.fail(failure);
    }
  }
}
