// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads pieces of complete blocks to check them, on the thread {@code mows-scrub}. */
public final class ScrubReader {
  private static final Logger LOG = LoggerFactory.getLogger(ScrubReader.class);
  private static final int CHUNK_BYTES = 256 << 10;

  private final LocalStore space;
  private final Mailbox mailbox;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(NamedThreads.one("mows-scrub"));
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

  public ScrubReader(LocalStore space, Mailbox mailbox) {
    this.space = space;
    this.mailbox = mailbox;
  }

  public void check(long check, FileSpec file, int piece) {
    try {
      thread.execute(
          () -> {
            OptionalInt crc32 = read(file, piece);
            mailbox.post(in -> in.pieceChecked(check, crc32));
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("The engine is closing", e);
    }
  }

  /** The CRC32 of a piece in complete blocks; empty if it is not there whole. */
  private OptionalInt read(FileSpec file, int piece) {
    FileLayout layout = file.layout();
    CRC32 crc = new CRC32();
    try {
      for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
        Optional<BlockLease> lease = space.inspect(file.blockId(b));
        if (lease.isEmpty()) {
          return OptionalInt.empty();
        }
        try (BlockLease open = lease.get()) {
          long from = Math.max(layout.pieceOffset(piece), layout.blockOffset(b));
          long to = Math.min(layout.pieceEnd(piece), layout.blockEnd(b));
          read(open.file(), from - layout.blockOffset(b), to - layout.blockOffset(b), crc);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Piece {} of {} could not be read to check it: {}", piece, file, e);
      return OptionalInt.empty();
    }
    return OptionalInt.of((int) crc.getValue());
  }

  private void read(BlockFile block, long from, long to, CRC32 crc) throws IOException {
    for (long at = from; at < to; at += CHUNK_BYTES) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, to - at));
      block.read(at, chunk);
      crc.update(chunk.flip());
    }
  }

  public void shutDown() {
    NamedThreads.shutDown(thread, "mows-scrub");
  }
}
