// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.channel.PieceAnswer;
import io.mows.channel.RefusalReason;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.state.ServeEffects;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Opens the pieces that peers get, and answers them. Methods are for the engine's thread. */
public final class ServePort implements ServeEffects {
  private final PieceOpener serving;
  private final StoreThreads threads;
  private final Mailbox mailbox;
  private final Map<Long, CompletableFuture<PieceAnswer>> answers = new ConcurrentHashMap<>();
  private final Map<Long, PieceOpener.Opened> opened = new ConcurrentHashMap<>();
  private long next;

  public ServePort(PieceOpener serving, StoreThreads threads, Mailbox mailbox) {
    this.serving = serving;
    this.threads = threads;
    this.mailbox = mailbox;
  }

  /** A number for a request, which has to be answered. */
  public long begin(CompletableFuture<PieceAnswer> answer) {
    long request = next++;
    answers.put(request, answer);
    return request;
  }

  @Override
  public void openPiece(long request, FileSpec file, int piece, OptionalInt crc32) {
    threads.serve(
        () -> serving.open(file, piece, crc32),
        (piecesOpened, failure) -> {
          if (failure != null) {
            mailbox.post(in -> in.pieceNotOpened(request));
            return;
          }
          opened.put(request, piecesOpened);
          if (!mailbox.post(in -> in.pieceOpened(request, piecesOpened.crc32()))) {
            close(request);
          }
        });
  }

  private void close(long request) {
    PieceOpener.Opened parts = opened.remove(request);
    if (parts != null) {
      parts.close();
    }
  }

  @Override
  public void sendPiece(long request) {
    PieceOpener.Opened parts = opened.remove(request);
    CompletableFuture<PieceAnswer> answer = answers.remove(request);
    if (parts == null || answer == null) {
      return;
    }
    answer.complete(
        PieceAnswer.of(parts.parts(), parts.crc32(), sent -> closeSent(request, parts, sent)));
  }

  private void closeSent(long request, PieceOpener.Opened parts, boolean sent) {
    threads.serve(
        () -> {
          parts.close();
          return null;
        },
        (none, failure) -> mailbox.post(in -> in.uploadEnded(request, sent)));
  }

  @Override
  public void refuse(long request, RefusalReason reason) {
    CompletableFuture<PieceAnswer> answer = answers.remove(request);
    if (answer != null) {
      answer.complete(PieceAnswer.refuse(reason));
    }
  }
}
