// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.PieceReceipt;
import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * One request of ours. For the connection's thread, but for {@link PieceTransfer}'s methods. Its
 * bytes may be taken by another thread, between {@link #beginTaking} and {@link #endTaking}.
 */
final class OutboundRequest implements PieceTransfer {
  private final PieceRequest request;
  private final PieceReceiver receiver;
  private final Consumer<OutboundRequest> onCancel;
  private final long startedNs = System.nanoTime();
  private final CompletableFuture<PieceReceipt> completion = new CompletableFuture<>();
  private final CRC32 crc = new CRC32();
  private int requestId;
  private int receivedBytes;
  private int announcedCrc32;
  private Future<?> timeout;
  private boolean asksForBulk;
  private boolean getsBulk;
  private volatile boolean isBeingTaken;
  private volatile Exception failure;

  OutboundRequest(
      PieceRequest request, PieceReceiver receiver, Consumer<OutboundRequest> onCancel) {
    this.request = request;
    this.receiver = receiver;
    this.onCancel = onCancel;
  }

  @Override
  public CompletableFuture<PieceReceipt> completion() {
    return completion;
  }

  @Override
  public void cancel() {
    onCancel.accept(this);
  }

  PieceRequest request() {
    return request;
  }

  int requestId() {
    return requestId;
  }

  /**
   * @param bulk whether a grant is welcome
   */
  void started(int id, boolean bulk, Future<?> timeoutTask) {
    requestId = id;
    asksForBulk = bulk;
    timeout = timeoutTask;
  }

  /** A frame begins; false if it does not continue the frames before it. */
  boolean begin(int offset, int crc32, int bytes) {
    if (receivedBytes == 0) {
      announcedCrc32 = crc32;
    }
    return !getsBulk
        && offset == receivedBytes
        && crc32 == announcedCrc32
        && bytes <= request.lengthBytes() - receivedBytes;
  }

  /** A grant came and is being used; false if it was not asked for. */
  boolean beginBulk(int crc32) {
    boolean welcome = asksForBulk && receivedBytes == 0;
    asksForBulk = false;
    getsBulk = welcome;
    announcedCrc32 = crc32;
    return welcome;
  }

  /** The grant is used up. */
  void endBulk() {
    getsBulk = false;
  }

  /** Whether a grant is being used, so that it must not end. */
  boolean getsBulk() {
    return getsBulk;
  }

  /**
   * Takes bytes, which stay the caller's.
   *
   * @throws IOException if the receiver has no room for them
   */
  void take(ByteBuf payload) throws IOException {
    for (ByteBuffer part : payload.nioBuffers()) {
      take(part);
    }
  }

  /** As the other one. */
  void take(ByteBuffer part) throws IOException {
    crc.update(part.duplicate());
    int bytes = part.remaining();
    receiver.write(receivedBytes, part);
    receivedBytes += bytes;
  }

  boolean isWhole() {
    return receivedBytes == request.lengthBytes();
  }

  boolean isCorrupt() {
    return (int) crc.getValue() != announcedCrc32;
  }

  /** Another thread has the receiver from here on, for {@link #take(ByteBuffer)}. */
  void beginTaking() {
    isBeingTaken = true;
  }

  /** Whether it is of no use to go on; for the thread that has the receiver. */
  boolean hasFailed() {
    return failure != null;
  }

  /** The other thread does not touch the receiver any more. */
  void endTaking() {
    isBeingTaken = false;
    if (failure != null) {
      fail(failure);
    }
  }

  /** Ends it. The receiver must not be touched any more. */
  void succeed() {
    stopTimeout();
    completion.complete(
        new PieceReceipt(announcedCrc32, receivedBytes, System.nanoTime() - startedNs));
  }

  /** Ends it, as soon as nobody touches the receiver any more. For any thread. */
  void fail(Exception reason) {
    stopTimeout();
    failure = reason;
    // After the failure is set: endTaking looks at the two the other way round.
    if (!isBeingTaken) {
      completion.completeExceptionally(reason);
    }
  }

  private void stopTimeout() {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }
}
