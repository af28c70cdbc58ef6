// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.channel.RefusalReason;
import io.mows.p2p.swarm.SwarmMessage;
import io.mows.p2p.swarm.SwarmMessage.Refused;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The pieces that peers ask for: the node decides, and what it grants is opened and handed to the
 * data channel. For the engine's thread.
 */
final class PeerUploads {
  private final FetchEngine engine;
  private final PieceServing serving;
  private final Consumer<Runnable> later;
  private final Map<String, CompletableFuture<PieceAnswer>> open = new HashMap<>();

  /**
   * @param later runs a task when the node has finished deciding
   */
  PeerUploads(FetchEngine engine, Consumer<Runnable> later) {
    this.engine = engine;
    this.serving = new PieceServing(engine.space());
    this.later = later;
  }

  private static String key(long peerId, long fileId, int piece) {
    return peerId + "/" + fileId + "/" + piece;
  }

  static boolean isWholePiece(FileSpec file, PieceRequest request) {
    return request.piece() < file.layout().pieceCount()
        && request.offset() == 0
        && request.lengthBytes() == file.layout().pieceLength(request.piece());
  }

  void ask(long peerId, PieceRequest request, CompletableFuture<PieceAnswer> answer) {
    String key = key(peerId, request.fileId(), request.piece());
    if (open.putIfAbsent(key, answer) != null) {
      answer.complete(PieceAnswer.refuse(RefusalReason.BUSY));
      return;
    }
    SwarmMessage wish =
        new SwarmMessage.Request(request.fileId(), request.piece(), request.isUrgent());
    engine.node().received(peerId, wish, engine.nowNs());
    if (open.remove(key, answer)) {
      // It is being sent already, as far as the node knows: the peer has asked twice.
      answer.complete(PieceAnswer.refuse(RefusalReason.BUSY));
    }
  }

  /** Returns true if {@code message} was the answer to a request. */
  boolean refuse(long peerId, SwarmMessage message) {
    if (!(message instanceof Refused)) {
      return false;
    }
    Refused refused = (Refused) message;
    Refused.Reason reason = refused.reason();
    if (reason != Refused.Reason.BUSY && reason != Refused.Reason.MISSING) {
      return false;
    }
    CompletableFuture<PieceAnswer> answer =
        open.remove(key(peerId, refused.fileId(), refused.piece()));
    if (answer != null) {
      boolean busy = reason == Refused.Reason.BUSY;
      answer.complete(PieceAnswer.refuse(busy ? RefusalReason.BUSY : RefusalReason.GONE));
    }
    return true;
  }

  void start(long peerId, long fileId, int piece) {
    CompletableFuture<PieceAnswer> answer = open.remove(key(peerId, fileId, piece));
    later.accept(() -> start(peerId, fileId, piece, answer));
  }

  private void start(long peerId, long fileId, int piece, CompletableFuture<PieceAnswer> answer) {
    FileFetch fetch = engine.current(fileId).orElse(null);
    FileSpec file = engine.file(fileId);
    if (file == null || answer == null) {
      engine.node().uploadEnded(peerId, fileId, piece, false);
      if (answer != null) {
        answer.complete(PieceAnswer.refuse(RefusalReason.GONE));
      }
      return;
    }
    OptionalInt crc = engine.proofs().of(file).crc32(piece);
    engine
        .storeThreads()
        .serve(
            () -> serving.open(file, piece, fetch, crc),
            (opened, failure) -> {
              if (failure == null) {
                served(file, piece, crc, opened.crc32());
                send(peerId, file, piece, opened, answer);
              } else {
                answer.complete(PieceAnswer.refuse(RefusalReason.GONE));
                engine.node().uploadEnded(peerId, fileId, piece, false);
                engine.node().lost(fileId, piece);
              }
            });
  }

  /** What was not known before is now. */
  private void served(FileSpec file, int piece, OptionalInt before, int crc32) {
    if (before.isEmpty()) {
      engine.scrubber().learned(file, piece, crc32);
    }
  }

  private void send(
      long peerId,
      FileSpec file,
      int piece,
      PieceServing.Opened opened,
      CompletableFuture<PieceAnswer> answer) {
    answer.complete(
        PieceAnswer.of(
            opened.parts(),
            opened.crc32(),
            sent ->
                engine
                    .storeThreads()
                    .serve(
                        () -> {
                          opened.close();
                          return null;
                        },
                        (none, failure) ->
                            engine.node().uploadEnded(peerId, file.fileId(), piece, sent))));
  }
}
