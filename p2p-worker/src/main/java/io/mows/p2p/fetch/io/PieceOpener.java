// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.channel.memory.BlockFile;
import io.mows.channel.memory.BlockParts;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.fetch.read.FileView;
import io.mows.p2p.fetch.read.ReadViews;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens pieces for peers, those of complete blocks and of blocks that are still being filled.
 * Thread-safe; blocks on local I/O.
 *
 * <p>Each piece that is sent has descriptors of its own. So a block that is being sent can be
 * evicted at any time; its memory is free when the last byte has been handed to the kernel.
 */
public final class PieceOpener {
  private static final Logger LOG = LoggerFactory.getLogger(PieceOpener.class);

  private final LocalStore space;
  private final ReadViews views;
  private final PartsCrc32 crc32s = new PartsCrc32();

  public PieceOpener(LocalStore space, ReadViews views) {
    this.space = space;
    this.views = views;
  }

  /**
   * Opens {@code piece}.
   *
   * @param knownCrc its CRC32 if that is known; else it is computed
   * @throws IOException if not all of it is here
   */
  public Opened open(FileSpec file, int piece, OptionalInt knownCrc) throws IOException {
    FileLayout layout = file.layout();
    List<BlockFile> files = new ArrayList<>();
    try {
      BlockParts parts = BlockParts.empty();
      for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
        BlockFile block = openBlock(file, b, piece);
        files.add(block);
        long from = Math.max(layout.pieceOffset(piece), layout.blockOffset(b));
        long to = Math.min(layout.pieceEnd(piece), layout.blockEnd(b));
        parts = parts.and(block, from - layout.blockOffset(b), (int) (to - from));
      }
      int crc32 = knownCrc.isPresent() ? knownCrc.getAsInt() : crc32s.of(parts);
      return new Opened(parts, crc32, files);
    } catch (IOException | RuntimeException e) {
      closeAll(files);
      throw e;
    }
  }

  private BlockFile openBlock(FileSpec file, int block, int piece) throws IOException {
    FileView view = views.of(file);
    BlockFile open = view == null ? null : view.fileOf(block, piece);
    if (open != null) {
      try {
        BlockFile own = open.reopen();
        if (view.fileOf(block, piece) == open) {
          return own;
        }
        // Committed or given up meanwhile: its path may be another block's by now.
        own.close();
      } catch (NoSuchFileException e) {
        LOG.debug("Block {} of {} has just been committed or given up", block, file);
      }
    }
    return space
        .openToSend(file.blockId(block))
        .orElseThrow(
            () -> new IOException("Block " + block + " of " + file + " is not here any more"));
  }

  private static void closeAll(List<BlockFile> files) {
    for (BlockFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.warn("A block file that was sent could not be closed", e);
      }
    }
  }

  /** A piece that can be sent; closed by who has it. */
  public static final class Opened implements AutoCloseable {
    private final BlockParts parts;
    private final int crc32;
    private final List<BlockFile> files;

    private Opened(BlockParts parts, int crc32, List<BlockFile> files) {
      this.parts = parts;
      this.crc32 = crc32;
      this.files = List.copyOf(files);
    }

    public BlockParts parts() {
      return parts;
    }

    public int crc32() {
      return crc32;
    }

    @Override
    public void close() {
      closeAll(files);
    }
  }
}
