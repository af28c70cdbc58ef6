// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.swarm.origin.OriginFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The origin of all files, which may change, lie, be away and fall silent. The bytes of a piece are
 * one number, which is its CRC32 as well.
 */
final class SimOrigin {
  /** What is read of a piece while the file changes, or while the origin lies. */
  static final int WRONG = 13;

  private final SimTime time;
  private final List<FileSpec> files = new ArrayList<>();
  private final Map<Long, Integer> versions = new HashMap<>();
  private boolean isAway;
  private boolean isLying;
  private long changedNs;

  SimOrigin(SimTime time) {
    this.time = time;
  }

  /** A file with some pieces, of which one may lie in two blocks. */
  void add(long fileId, int pieces, int piecesPerBlock, int pieceBytes) {
    long length = (long) pieces * pieceBytes - time.chance(pieceBytes);
    long blockBytes = (long) piecesPerBlock * pieceBytes - (time.oneIn(2) ? pieceBytes / 2 : 0);
    add(fileId, new FileLayout(length, blockBytes, pieceBytes));
  }

  /** A file; they are added in the order of their ids, from 1 on. */
  void add(long fileId, FileLayout layout) {
    List<Long> blocks = new ArrayList<>();
    for (int b = 0; b < layout.blockCount(); b++) {
      blocks.add(fileId << 24 | b);
    }
    String path = "/model/" + fileId;
    files.add(new FileSpec(fileId, path, layout, blocks, new OriginRef(1, path, "v1", 0)));
    versions.put(fileId, 1);
  }

  List<FileSpec> files() {
    return files;
  }

  FileSpec file(long fileId) {
    return files.get((int) fileId - 1);
  }

  FileSpec any() {
    return files.get(time.chance(files.size()));
  }

  /** What is right: all workers know version 1 of each file. */
  static int right(FileSpec file, int piece) {
    return value(file, piece, 1);
  }

  private static int value(FileSpec file, int piece, int version) {
    return (int) (file.fileId() * 1_000_003 + piece * 7_919L + version * 31L) | 1 << 20;
  }

  /** What is read of this piece now. */
  int read(FileSpec file, int piece) {
    return isLying && time.oneIn(3) ? WRONG : value(file, piece, versions.get(file.fileId()));
  }

  void change(FileSpec file) {
    versions.merge(file.fileId(), 1, Integer::sum);
    changedNs = time.nowNs();
  }

  void setAway(boolean away) {
    isAway = away;
    changedNs = time.nowNs();
  }

  void setLying(boolean lying) {
    isLying = lying;
    changedNs = time.nowNs();
  }

  /** Since when it gives all of the file that workers know; not before now if it does not. */
  long wellSinceNs(FileSpec file) {
    boolean isWell = !isAway && !isLying && versions.get(file.fileId()) == 1;
    return isWell ? changedNs : time.nowNs();
  }

  /** Why it gives nothing; null if it does. */
  OriginException fault() {
    return isAway ? new OriginException(OriginFault.AWAY, "it is away", null) : null;
  }

  /** What it says when it is asked for the version that workers know; null for a yes. */
  Throwable confirm(FileSpec file) {
    if (isAway) {
      return fault();
    }
    return versions.get(file.fileId()) == 1
        ? null
        : new OriginException(OriginFault.CHANGED, "it has changed", null);
  }

  PieceDigest digest(FileSpec file) {
    int[] crc32s = new int[file.layout().pieceCount()];
    for (int piece = 0; piece < crc32s.length; piece++) {
      crc32s[piece] = right(file, piece);
    }
    return new PieceDigest(file.layout().lengthBytes(), file.layout().pieceBytes(), crc32s);
  }
}
