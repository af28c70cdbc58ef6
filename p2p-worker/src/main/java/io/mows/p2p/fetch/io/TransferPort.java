// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.memory.BlockFile;
import io.mows.channel.memory.BlockParts;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.Origin;
import io.mows.p2p.fetch.PieceSink;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.read.UncachedBuffers;
import io.mows.p2p.fetch.state.TransferEffects;
import io.mows.p2p.fetch.table.Target;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.RunningCrc32;
import io.mows.p2p.thread.Futures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has pieces read from the origin and sent by peers, and tells what became of them: exactly one end
 * for each ticket. Methods are for the engine's thread.
 */
public final class TransferPort implements TransferEffects {
  private static final long DOWNLOAD_TIMEOUT_MS = 120_000;

  private final Origin source;
  private final Network network;
  private final StorePort store;
  private final StoreThreads threads;
  private final UncachedBuffers buffers;
  private final Mailbox mailbox;
  private final PartsCrc32 crc32s = new PartsCrc32();

  /** Those that have not ended; removed by who tells of the end. */
  private final Map<Long, Running> running = new ConcurrentHashMap<>();

  /** The mount points behind which bytes have come from since {@link #takeHeard}. */
  private final Set<Long> heard = ConcurrentHashMap.newKeySet();

  /** What hedges have brought. */
  private final Map<Long, Scratch> scratches = new ConcurrentHashMap<>();

  /** The connections with peers. */
  public interface Network {
    /** Asks for bytes; empty if there is no connection with the peer. */
    Optional<PieceTransfer> request(
        long peerId, PieceRequest request, PieceReceiver receiver, long timeoutMs);
  }

  public TransferPort(
      Origin source,
      Network network,
      StorePort store,
      StoreThreads threads,
      UncachedBuffers buffers,
      Mailbox mailbox) {
    this.source = source;
    this.network = network;
    this.store = store;
    this.threads = threads;
    this.buffers = buffers;
    this.mailbox = mailbox;
  }

  private PieceWriter writer(FileSpec file, int piece, Target target) {
    List<PieceWriter.Part> parts = new ArrayList<>(target.parts().size());
    for (Target.Part part : target.parts()) {
      parts.add(new PieceWriter.Part(part.block(), open(file, part)));
    }
    UncachedBuffers.Buffer aside =
        target.slot() == UncachedSlots.NONE ? null : buffers.of(target.slot());
    RunningCrc32 crc = target.wantsCrc32() ? new RunningCrc32() : null;
    return new PieceWriter(file.layout(), piece, parts, aside, crc);
  }

  private BlockFile open(FileSpec file, Target.Part part) {
    BlockFile open = store.file(part.room());
    if (open == null) {
      throw new IllegalStateException(
          "Block " + part.block() + " of " + file + " is closed and was to be used");
    }
    return open;
  }

  @Override
  public void readOrigin(long ticket, FileSpec file, int piece, Target target) {
    Running read = new Running(true, writer(file, piece, target));
    running.put(ticket, read);
    FileLayout layout = file.layout();
    Long mountId = file.origin().mountId(); // Boxed once, not for each write.
    PieceSink sink =
        (offset, src) -> {
          heard.add(mountId);
          read.writer.write(offset, src);
        };
    source
        .fetch(file, layout.pieceOffset(piece), layout.pieceLength(piece), sink)
        .whenComplete((done, failure) -> ended(ticket, read, null, failure));
  }

  @Override
  public void download(
      long ticket, long peerId, FileSpec file, int piece, Target target, boolean urgent) {
    int length = file.layout().pieceLength(piece);
    PieceWriter writer = target == null ? null : writer(file, piece, target);
    Scratch scratch = target == null ? new Scratch(length) : null;
    PieceSink sink = target == null ? scratch : writer;
    Running download = new Running(false, writer);
    running.put(ticket, download);
    PieceReceiver receiver =
        (offset, src) -> {
          if (offset == 0) {
            mailbox.post(in -> in.transferBegun(ticket));
          }
          sink.write(offset, src);
        };
    PieceRequest request = new PieceRequest(file.fileId(), piece, 0, length, urgent);
    Optional<PieceTransfer> sent = network.request(peerId, request, receiver, DOWNLOAD_TIMEOUT_MS);
    if (sent.isEmpty()) {
      TransferException gone = new TransferException(Remedy.RETRY_ELSEWHERE, "The peer is gone");
      ended(ticket, download, null, gone);
      return;
    }
    download.request = sent.get();
    download
        .request
        .completion()
        .whenComplete(
            (receipt, failure) -> {
              if (failure == null && scratch != null) {
                scratches.put(ticket, scratch);
              }
              Integer crc32 = failure == null ? receipt.crc32() : null;
              ended(ticket, download, crc32, failure);
            });
  }

  @Override
  public void readLinked(long ticket, FileSpec file, int piece, Target target) {
    Target.Part part = target.parts().get(0);
    BlockFile block = open(file, part);
    FileLayout layout = file.layout();
    long offset = layout.pieceOffset(piece) - layout.blockOffset(part.block());
    Running read = new Running(false, null);
    running.put(ticket, read);
    threads.room(
        piece,
        () ->
            target.wantsCrc32()
                ? crc32s.of(BlockParts.empty().and(block, offset, layout.pieceLength(piece)))
                : null,
        (crc32, failure) -> ended(ticket, read, crc32, failure));
  }

  @Override
  public void copyScratch(long ticket, FileSpec file, int piece, Target target) {
    Scratch scratch = scratches.remove(ticket);
    Running copy = new Running(false, writer(file, piece, target));
    running.put(ticket, copy);
    threads.room(
        piece,
        () -> {
          copy.writer.write(0, scratch.bytes());
          return null;
        },
        (done, failure) -> ended(ticket, copy, null, failure));
  }

  @Override
  public void dropScratch(long ticket) {
    scratches.remove(ticket);
  }

  @Override
  public void cancel(long ticket) {
    Running transfer = running.get(ticket);
    if (transfer == null) {
      return;
    }
    transfer.isCancelled = true;
    boolean isStill = transfer.writer != null && transfer.writer.cancel();
    if (transfer.request != null) {
      transfer.request.cancel();
    }
    if (transfer.isOrigin && isStill) {
      // A read that hangs ends much later.
      ended(ticket, transfer, null, null);
    }
  }

  /** From behind which mount points bytes have come since the last call. */
  public Set<Long> takeHeard() {
    Set<Long> taken = Set.copyOf(heard);
    heard.removeAll(taken);
    return taken;
  }

  @Override
  public int originWidth() {
    return source.width();
  }

  /**
   * Any thread.
   *
   * @param crc32 as a peer's channel has found it, or who has read it; null if the writer knows
   */
  private void ended(long ticket, Running transfer, Integer crc32, Throwable outcome) {
    if (!running.remove(ticket, transfer)) {
      return;
    }
    if (transfer.isCancelled) {
      scratches.remove(ticket);
      mailbox.post(in -> in.transferStopped(ticket));
    } else if (outcome == null) {
      OptionalInt known = crc32 != null ? OptionalInt.of(crc32) : transfer.crc32();
      mailbox.post(in -> in.transferDone(ticket, known));
    } else {
      Throwable failure = Futures.causeOf(outcome);
      int block = transfer.writer == null ? PieceWriter.NONE : transfer.writer.failedBlock();
      mailbox.post(in -> in.transferFailed(ticket, failure, block));
    }
  }

  /** One that has not ended. */
  private static final class Running {
    private final boolean isOrigin;
    private final PieceWriter writer;
    private volatile PieceTransfer request;
    private volatile boolean isCancelled;

    public Running(boolean isOrigin, PieceWriter writer) {
      this.isOrigin = isOrigin;
      this.writer = writer;
    }

    private OptionalInt crc32() {
      return writer == null ? OptionalInt.empty() : writer.crc32();
    }
  }
}
