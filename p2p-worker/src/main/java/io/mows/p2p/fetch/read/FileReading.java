// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.DroppedBytesException;
import io.mows.p2p.fetch.FetchMetrics.ServedFrom;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.state.EngineClosed;
import io.mows.p2p.fetch.table.Visible;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The way of a read: a complete block if there is one, else the piece, as soon as it is here.
 * Stateless; runs on the readers' threads.
 */
public final class FileReading {
  /** A block may be committed or evicted under a reader, who then looks again; not for ever. */
  private static final int MAX_LOOKS = 1_000;

  private final ReadContext context;
  private final long timeoutMs;

  public FileReading(ReadContext context, long timeoutMs) {
    this.context = context;
    this.timeoutMs = timeoutMs;
  }

  /** Whether readers may go on with a file that they have been given bytes of. */
  public interface Check {
    void run() throws DroppedBytesException;
  }

  /**
   * What a read of up to {@code bytes} from {@code position} on would have to wait for: the engine
   * has been told. To be given to {@link #read}, and to be ended one by one.
   *
   * @return empty if there is nothing, or if there is no engine any more
   */
  public List<Demand> pending(FileSpec file, Check check, long position, int bytes)
      throws IOException {
    FileLayout layout = file.layout();
    check.run();
    long end = Math.min(layout.lengthBytes(), position + bytes);
    List<Demand> missing = new ArrayList<>();
    long at = position;
    while (at < end) {
      int piece = layout.pieceAt(at);
      int block = layout.blockAt(at);
      if (!isHere(file, piece, block)) {
        missing.add(demand(file, piece));
      }
      at = Math.min(layout.pieceEnd(piece), layout.blockEnd(block));
    }
    if (missing.isEmpty() || !Demand.begin(context, missing)) {
      missing.forEach(Demand::end);
      return List.of();
    }
    missing.forEach(Demand::limit);
    return missing;
  }

  /** Whether a reader of the part of {@code piece} in {@code block} would not wait. */
  private boolean isHere(FileSpec file, int piece, int block) {
    Visible visible = context.visible(file);
    if (visible.mayShow() && context.space().isCommitted(file.blockId(block))) {
      return true;
    }
    FileView view = context.views().of(file);
    return view != null
        && visible.mayShow(piece)
        && (view.aside(piece) != null || view.fileOf(block, piece) != null);
  }

  /**
   * @param waited for pieces that were missing, and that have been waited for
   */
  public int read(FileSpec file, Check check, long position, ByteBuffer dst, List<Demand> waited)
      throws IOException {
    try {
      return readAll(file, check, position, dst, waited);
    } catch (TransferException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      OriginWait wait = context.views().originWait(file);
      if (wait != null) {
        // Stock Alluxio would ask it again and again, for each reader.
        throw new TransferException(
            Remedy.RETRY, "Cannot read byte " + position + " of " + file + ": " + wait.what(), e);
      }
      if (context.visible(file).mayBypass()) {
        throw e;
      }
      // Whoever reads it elsewhere now would show what nobody has checked.
      throw new TransferException(Remedy.RETRY, "Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private int readAll(
      FileSpec file, Check check, long position, ByteBuffer dst, List<Demand> waited)
      throws IOException {
    FileLayout layout = file.layout();
    if (position < 0) {
      throw new IllegalArgumentException("Position " + position + " of " + file);
    }
    if (position >= layout.lengthBytes()) {
      return -1;
    }
    long end = Math.min(layout.lengthBytes(), position + dst.remaining());
    long at = position;
    int looks = 0;
    while (at < end) {
      check.run();
      int count = readCommitted(file, at, end, dst);
      if (count == 0) {
        count = readArriving(file, at, end, dst, waited);
      }
      if (count > 0 && at == layout.pieceOffset(layout.pieceAt(at))) {
        reached(file, layout.pieceAt(at));
      }
      at += count;
      looks = count > 0 ? 0 : looks + 1;
      if (looks > MAX_LOOKS) {
        throw new IOException(
            "Byte "
                + at
                + " of "
                + file
                + " was evicted each time before it could be read."
                + " The worker's memory is too small for what is read at once.");
      }
    }
    return (int) (end - position);
  }

  /** Read-ahead follows its reader, also one that never has to wait. */
  private void reached(FileSpec file, int piece) {
    if (context.views().of(file) != null) {
      context.mailbox().post(in -> in.readerReached(file.fileId(), piece));
    }
  }

  /** Fetches the first piece of {@code file} as if a reader waited for it. */
  public void anticipate(FileSpec file) {
    if (file.layout().pieceCount() > 0 && !context.space().isCommitted(file.blockId(0))) {
      want(file, 0);
    }
  }

  /**
   * Fetches {@code piece} as if a reader waited for it.
   *
   * @return done when it is here, or fails as such a reader would; whoever completes it is not
   *     waiting any more
   */
  public CompletableFuture<Void> want(FileSpec file, int piece) {
    Demand demand = demand(file, piece);
    demand.arrived().whenComplete((done, failure) -> demand.end());
    if (!demand.begin(true)) {
      demand.arrived().completeExceptionally(EngineClosed.failure());
    }
    return demand.arrived();
  }

  private int readCommitted(FileSpec file, long at, long end, ByteBuffer dst) throws IOException {
    FileLayout layout = file.layout();
    int block = layout.blockAt(at);
    if (!context.visible(file).mayShow()) {
      return 0;
    }
    Optional<BlockLease> lease = context.space().openCommitted(file.blockId(block));
    if (lease.isEmpty()) {
      return 0;
    }
    try (BlockLease open = lease.get()) {
      int count = (int) (Math.min(end, layout.blockEnd(block)) - at);
      return copy(open.file(), at - layout.blockOffset(block), count, dst, ServedFrom.MEMORY);
    }
  }

  private int readArriving(FileSpec file, long at, long end, ByteBuffer dst, List<Demand> waited)
      throws IOException {
    FileLayout layout = file.layout();
    int piece = layout.pieceAt(at);
    int block = layout.blockAt(at);
    int count =
        (int) (Math.min(end, Math.min(layout.pieceEnd(piece), layout.blockEnd(block))) - at);
    FileView view = context.views().of(file);
    if (view != null && context.visible(file).mayShow(piece)) {
      int copied = copyArrived(view, piece, block, at, count, dst);
      if (copied > 0) {
        return copied;
      }
    }
    Demand demand = waited.stream().filter(one -> one.takeFor(piece)).findFirst().orElse(null);
    if (demand == null) {
      demand = demand(file, piece);
      if (!demand.begin(false)) {
        demand.end();
        throw EngineClosed.failure();
      }
    }
    try {
      FileView arrived = demand.await() ? context.views().of(file) : null;
      if (arrived == null) {
        return 0;
      }
      int copied = copyArrived(arrived, piece, block, at, count, dst);
      if (copied == 0) {
        context.mailbox().post(in -> in.pieceNotFound(file.fileId(), piece, block));
      }
      return copied;
    } finally {
      demand.end();
    }
  }

  private Demand demand(FileSpec file, int piece) {
    return new Demand(context, timeoutMs, file, piece);
  }

  private int copyArrived(FileView view, int piece, int block, long at, int count, ByteBuffer dst)
      throws IOException {
    FileSpec file = view.file();
    FileLayout layout = file.layout();
    UncachedBuffers.Buffer uncached = view.aside(piece);
    if (uncached != null && uncached.retain()) {
      try {
        ByteBuffer part = dst.slice().limit(count);
        uncached.read((int) (at - layout.pieceOffset(piece)), part);
        dst.position(dst.position() + count);
        context.metrics().served(ServedFrom.UNCACHED, count);
        if (at == layout.pieceOffset(piece)) {
          context.mailbox().post(in -> in.readerStreamed(file.fileId(), piece));
        }
        return count;
      } finally {
        uncached.release();
      }
    }
    BlockFile open = view.fileOf(block, piece);
    if (open == null) {
      return 0;
    }
    return copy(open, at - layout.blockOffset(block), count, dst, ServedFrom.IN_FLIGHT);
  }

  /** Copies {@code count} bytes, or none if the block was closed meanwhile. */
  private int copy(BlockFile file, long offset, int count, ByteBuffer dst, ServedFrom from)
      throws IOException {
    ByteBuffer part = dst.slice().limit(count);
    try {
      file.read(offset, part);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (ClosedChannelException e) {
      return 0;
    }
    dst.position(dst.position() + count);
    context.metrics().served(from, count);
    return count;
  }
}
