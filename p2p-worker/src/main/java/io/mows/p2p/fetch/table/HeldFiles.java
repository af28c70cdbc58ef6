// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.piece.FileLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The files of which this worker has complete blocks. For the engine's thread. */
public final class HeldFiles {
  private final Map<Long, Held> byFile = new HashMap<>();
  private final Map<Long, Held> byBlock = new HashMap<>();
  private final Consumer<FileSpec> onChange;
  private long version;

  /**
   * @param onChange told when there is more or less of a file than before
   */
  public HeldFiles(Consumer<FileSpec> onChange) {
    this.onChange = onChange;
  }

  /** {@code block} of {@code file} is in the cache. */
  public void committed(FileSpec file, int block) {
    Held held = byFile.computeIfAbsent(file.fileId(), id -> new Held(file));
    if (!held.blocks.get(block)) {
      held.blocks.set(block);
      byBlock.put(file.blockId(block), held);
      version++;
      onChange.accept(file);
    }
  }

  /**
   * A block is not in the cache any more.
   *
   * @return the pieces that are no longer here whole; empty if it was not known
   */
  public BitSet gone(long blockId) {
    BitSet lost = new BitSet();
    Held held = byBlock.remove(blockId);
    if (held == null) {
      return lost;
    }
    int block = held.file.blockOf(blockId);
    FileLayout layout = held.file.layout();
    lost.set(layout.firstPieceOfBlock(block), layout.lastPieceOfBlock(block) + 1);
    held.blocks.clear(block);
    if (held.blocks.isEmpty()) {
      byFile.remove(held.file.fileId());
    }
    onChange.accept(held.file);
    return lost;
  }

  /** Another number whenever a block has come. */
  public long version() {
    return version;
  }

  /** The file that {@code blockId} is a block of, if that is held; else null. */
  public FileSpec fileOfBlock(long blockId) {
    Held held = byBlock.get(blockId);
    return held == null ? null : held.file;
  }

  /** The file with this id if something of it is held; else null. */
  public FileSpec file(long fileId) {
    Held held = byFile.get(fileId);
    return held == null ? null : held.file;
  }

  /** Whether {@code piece} lies wholly in blocks that are held. */
  public boolean holds(long fileId, int piece) {
    Held held = byFile.get(fileId);
    return held != null && held.file.layout().isWithin(piece, held.blocks);
  }

  /** The pieces that lie wholly in blocks that are held. */
  public BitSet pieces(long fileId) {
    Held held = byFile.get(fileId);
    return held == null ? new BitSet() : held.file.layout().piecesWithin(held.blocks);
  }

  /** The files of which something is held, in no particular order. */
  public List<FileSpec> files() {
    List<FileSpec> files = new ArrayList<>();
    byFile.values().forEach(held -> files.add(held.file));
    return files;
  }

  /** One file. */
  private static final class Held {
    private final FileSpec file;
    private final BitSet blocks = new BitSet();

    public Held(FileSpec file) {
      this.file = file;
    }
  }
}
