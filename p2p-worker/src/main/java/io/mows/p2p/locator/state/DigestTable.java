// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.protocol.DigestCodec;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import io.mows.p2p.piece.PieceDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The proven digests of the files that peers have. Whoever takes one compares it with the manifest
 * it has read itself, so a wrong one does no harm. Immutable.
 */
final class DigestTable {
  static final DigestTable EMPTY = new DigestTable(PersistentMap.empty(), 0);

  /** 64 MB; at 4 MiB a piece they stand for 64 TiB. */
  static final int MAX_PIECES = 16 << 20;

  private static final int MAX_FILES = 500_000;

  private final PersistentMap<Long, PieceDigest> digests;
  private final int pieces;

  private DigestTable(PersistentMap<Long, PieceDigest> digests, int pieces) {
    this.digests = digests;
    this.pieces = pieces;
  }

  Optional<PieceDigest> get(long fileId) {
    return Optional.ofNullable(digests.get(fileId));
  }

  int size() {
    return digests.size();
  }

  /** With another digest; the same table if there is no room for it. */
  DigestTable with(long fileId, PieceDigest digest) {
    DigestTable rest = without(fileId);
    int sum = rest.pieces + digest.pieceCount();
    return sum > MAX_PIECES || rest.digests.size() >= MAX_FILES
        ? this
        : new DigestTable(rest.digests.with(fileId, digest), sum);
  }

  DigestTable without(long fileId) {
    PieceDigest old = digests.get(fileId);
    return old == null ? this : new DigestTable(digests.without(fileId), pieces - old.pieceCount());
  }

  void write(WireWriter out) {
    List<Long> ids = new ArrayList<>(digests.size());
    digests.forEach((id, digest) -> ids.add(id));
    ids.sort(Comparator.naturalOrder());
    out.putNumber(ids.size());
    for (long id : ids) {
      out.putLong(id);
      DigestCodec.write(digests.get(id), out);
    }
  }

  static DigestTable read(WireReader in) throws WireException {
    DigestTable table = EMPTY;
    int count = in.readCount(MAX_FILES, "digests");
    for (int i = 0; i < count; i++) {
      long id = in.readLong();
      table = table.with(id, DigestCodec.read(in));
    }
    return table;
  }
}
