// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelSettings;
import io.mows.channel.CloseReason;
import io.mows.channel.PieceChange;
import io.mows.channel.SwarmFile;
import io.mows.channel.wire.ProtocolException;
import java.util.HashMap;
import java.util.Map;

/**
 * The files that the peer has open: only to check what it says of them, and to bound it. The maps
 * themselves are kept by the listener.
 */
final class PeerFiles {
  private final Map<Long, Integer> pieceCounts = new HashMap<>();
  private long pieces;

  void opened(SwarmFile file) throws ProtocolException {
    Integer before = pieceCounts.put(file.fileId(), file.pieceCount());
    pieces += file.pieceCount() - (before == null ? 0 : before);
    if (pieceCounts.size() > ChannelSettings.MAX_PEER_FILES
        || pieces > ChannelSettings.MAX_PEER_PIECES) {
      throw new ProtocolException(
          CloseReason.TOO_MANY_FILES,
          "The peer opened " + pieceCounts.size() + " files of " + pieces + " pieces");
    }
  }

  void closed(long fileId) throws ProtocolException {
    Integer before = pieceCounts.remove(fileId);
    if (before == null) {
      throw notOpen("CLOSE", fileId);
    }
    pieces -= before;
  }

  void checkChange(long fileId, PieceChange change, int[] changed) throws ProtocolException {
    Integer pieceCount = pieceCounts.get(fileId);
    if (pieceCount == null) {
      throw notOpen(change.name(), fileId);
    }
    for (int piece : changed) {
      if (piece >= pieceCount) {
        throw new ProtocolException(
            CloseReason.MALFORMED_FRAME,
            change + " of piece " + piece + " of file " + fileId + ", which has " + pieceCount);
      }
    }
  }

  private static ProtocolException notOpen(String frame, long fileId) {
    return new ProtocolException(
        CloseReason.MALFORMED_FRAME, frame + " of file " + fileId + ", which is not open");
  }
}
