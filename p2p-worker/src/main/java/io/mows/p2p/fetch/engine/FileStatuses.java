// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.p2p.fetch.ArrivedBytes;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.read.FileView;
import io.mows.p2p.fetch.read.ReadContext;
import io.mows.p2p.piece.FileLayout;
import java.util.BitSet;
import java.util.Optional;

/**
 * Tells what a worker has of a file. Thread-safe; answers on the caller's thread, at once, without
 * a step of the engine's, and fetches nothing.
 */
public final class FileStatuses {
  private final ReadContext context;
  private final ArrivedBytes arrived;

  /**
   * @param arrived told of every piece that the engine gets
   */
  public FileStatuses(FetchEngine engine, ArrivedBytes arrived) {
    this.context = engine.readContext();
    this.arrived = arrived;
  }

  public FileStatus of(FileSpec file) {
    FileLayout layout = file.layout();
    FileView view = context.views().of(file);
    long committedBytes = committedBytes(file);
    boolean whole = committedBytes == layout.lengthBytes();
    boolean arriving = view != null && !whole;
    long heldBytes = arriving ? Math.max(committedBytes, view.bytes()) : committedBytes;
    return new FileStatus(
        layout.lengthBytes(),
        heldBytes,
        whole,
        arriving,
        proof(file, whole),
        arrived.of(file.fileId()),
        arriving
            ? Optional.ofNullable(context.views().originWait(file)).map(OriginWait::what)
            : Optional.empty());
  }

  /** The pieces that readers can have from this worker's memory now. */
  public BitSet pieces(FileSpec file) {
    FileLayout layout = file.layout();
    BitSet blocks = new BitSet();
    for (int block = 0; block < layout.blockCount(); block++) {
      blocks.set(block, context.space().isCommitted(file.blockId(block)));
    }
    BitSet pieces = layout.piecesWithin(blocks);
    FileView view = context.views().of(file);
    for (int piece = 0; view != null && piece < layout.pieceCount(); piece++) {
      if (view.isReadable(piece)) {
        pieces.set(piece);
      }
    }
    return pieces;
  }

  private long committedBytes(FileSpec file) {
    FileLayout layout = file.layout();
    long bytes = 0;
    for (int block = 0; block < layout.blockCount(); block++) {
      if (context.space().isCommitted(file.blockId(block))) {
        bytes += layout.blockLength(block);
      }
    }
    return bytes;
  }

  private Proof proof(FileSpec file, boolean whole) {
    Proof proof = context.visible(file).proof();
    return proof == Proof.PROVEN && !whole ? Proof.UNPROVEN : proof;
  }
}
