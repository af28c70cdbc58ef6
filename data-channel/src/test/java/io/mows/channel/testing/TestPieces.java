// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import io.mows.channel.PeerConnection;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceServer;
import io.mows.channel.RefusalReason;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves {@link TestFile}s, and does it wrong where a test asks for it. */
public final class TestPieces implements PieceServer {
  private final Map<Long, TestFile> files = new ConcurrentHashMap<>();
  private final AtomicInteger inUse = new AtomicInteger();
  private final AtomicInteger mostInUse = new AtomicInteger();
  private final AtomicInteger sent = new AtomicInteger();
  private final List<String> served = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
  private volatile int crcMistake;
  private volatile PieceServer instead;

  public void add(TestFile file) {
    files.put(file.fileId(), file);
  }

  /** Answers wait until {@link #openGate}. */
  public void closeGate() {
    gate = new CompletableFuture<>();
  }

  public void openGate() {
    gate.complete(null);
  }

  /** From now on every announced CRC32 is wrong, or, after another call, right. */
  public void setCorrupt(boolean corrupt) {
    crcMistake = corrupt ? 1 : 0;
  }

  /** From now on another server answers; null for this one. */
  public void serveInstead(PieceServer other) {
    instead = other;
  }

  /** The peers that were served, in order, one entry for each request. */
  public List<String> served() {
    return served;
  }

  /** Answers that were given and not yet released. */
  public int inUse() {
    return inUse.get();
  }

  /** Answers that were released as sent. */
  public int sent() {
    return sent.get();
  }

  public int mostInUse() {
    return mostInUse.get();
  }

  @Override
  public CompletionStage<PieceAnswer> serve(PeerConnection peer, PieceRequest request) {
    served.add(peer.peerId());
    PieceServer other = instead;
    if (other != null) {
      return other.serve(peer, request);
    }
    mostInUse.accumulateAndGet(inUse.incrementAndGet(), Math::max);
    return gate.thenApply(open -> answer(request));
  }

  private PieceAnswer answer(PieceRequest request) {
    TestFile file = files.get(request.fileId());
    if (file == null || !file.has(request)) {
      inUse.decrementAndGet();
      return PieceAnswer.refuse(RefusalReason.UNKNOWN);
    }
    return PieceAnswer.of(file.parts(request), file.crc32(request) + crcMistake, this::released);
  }

  private void released(boolean wasSent) {
    if (wasSent) {
      sent.incrementAndGet();
    }
    inUse.decrementAndGet();
  }
}
