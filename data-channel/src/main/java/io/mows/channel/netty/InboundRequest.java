// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.channel.memory.BlockParts;

/**
 * One request of a peer on its way through: queued, looked up, sent. For the connection's thread.
 *
 * <p>Its bytes are in use until nothing of them waits to be written any more, even if the peer
 * cancelled or is gone; only then the answer is released and the slot is given back.
 */
final class InboundRequest {
  private final int requestId;
  private final PieceRequest request;
  private final boolean bulkIsWelcome;
  private final Runnable onSettled;
  private PieceAnswer answer;
  private BulkLink.Grant grant;
  private boolean wasGranted;
  private long grantedNs;
  private boolean lookedUp;
  private int sentBytes;
  private int writtenBytes;
  private int pendingWrites;
  private boolean ended;
  private boolean settled;

  /**
   * @param bulkIsWelcome whether a grant will do
   * @param onSettled gives the slot back
   */
  InboundRequest(int requestId, PieceRequest request, boolean bulkIsWelcome, Runnable onSettled) {
    this.requestId = requestId;
    this.request = request;
    this.bulkIsWelcome = bulkIsWelcome;
    this.onSettled = onSettled;
  }

  int requestId() {
    return requestId;
  }

  PieceRequest request() {
    return request;
  }

  /**
   * The look-up is over.
   *
   * @param found null if it failed
   */
  void lookedUp(PieceAnswer found) {
    lookedUp = true;
    answer = found;
    settle();
  }

  /** Never looked up: it left the queue after it had ended. */
  void skipped() {
    lookedUp(null);
  }

  int crc32() {
    return answer.crc32();
  }

  int sentBytes() {
    return sentBytes;
  }

  /** Whether to try a grant; only once. */
  boolean wantsGrant() {
    return bulkIsWelcome && !wasGranted;
  }

  BlockParts bytes() {
    return answer.bytes();
  }

  /**
   * All of it was granted to the peer, or that was not possible.
   *
   * @param given null if not
   */
  void granted(BulkLink.Grant given, long nowNs) {
    wasGranted = true;
    if (given != null) {
      grant = given;
      grantedNs = nowNs;
      beginWrite(request.lengthBytes());
    }
  }

  boolean hasGrant() {
    return grant != null;
  }

  long grantedNs() {
    return grantedNs;
  }

  /**
   * Ends the grant, if there is one.
   *
   * @param taken whether the peer has got all bytes; if not, none count as sent
   */
  void endGrant(boolean taken) {
    if (grant != null) {
      grant.end();
      grant = null;
      sentBytes = taken ? sentBytes : 0;
      endWrite(taken ? request.lengthBytes() : 0);
    }
  }

  /** How long the next frame's payload is. */
  int nextBytes(int maxBytes) {
    return Math.min(maxBytes, request.lengthBytes() - sentBytes);
  }

  /** The payload of the next frame, whose write is about to begin. */
  BlockParts beginWrite(int bytes) {
    BlockParts payload = answer.bytes().slice(sentBytes, bytes);
    sentBytes += bytes;
    pendingWrites++;
    return payload;
  }

  /**
   * A write has ended.
   *
   * @param bytes what the kernel has taken: all that the write had, or 0
   */
  void endWrite(int bytes) {
    pendingWrites--;
    writtenBytes += bytes;
    settle();
  }

  boolean isSent() {
    return sentBytes == request.lengthBytes();
  }

  /** Nothing more of it is to be sent. */
  void end() {
    ended = true;
    settle();
  }

  boolean hasEnded() {
    return ended;
  }

  private void settle() {
    if (ended && lookedUp && pendingWrites == 0 && !settled) {
      settled = true;
      if (answer != null) {
        answer.release(writtenBytes == request.lengthBytes());
      }
      onSettled.run();
    }
  }
}
