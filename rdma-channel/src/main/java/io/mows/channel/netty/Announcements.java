// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.PieceChange;
import io.mows.channel.SwarmFile;
import io.mows.channel.wire.ChangesFrame;
import io.mows.channel.wire.OpenFrame;
import io.mows.channel.wire.SmallFrames;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What we tell the peer of our files. For the connection's thread.
 *
 * <p>Changes wait a few milliseconds for company, and longer while the connection is not writable:
 * a peer that reads slowly gets fewer and larger batches. One change is kept for each piece, so
 * what waits is bounded by the pieces of our own open files.
 */
final class Announcements {
  private static final long BATCH_MS = 5;

  private final Outbox outbox;
  private final EventLoop loop;
  private final Map<Long, SwarmFile> files = new HashMap<>();
  private final Map<Long, Map<Integer, PieceChange>> waiting = new HashMap<>();
  private boolean scheduled;
  private boolean closed;

  Announcements(Outbox outbox, EventLoop loop) {
    this.outbox = outbox;
    this.loop = loop;
  }

  void open(SwarmFile file, BitSet have, BitSet arriving) {
    if (!closed) {
      waiting.remove(file.fileId());
      files.put(file.fileId(), file);
      outbox.send(OpenFrame.encode(outbox.allocator(), file, have, arriving));
    }
  }

  void close(long fileId) {
    if (!closed && files.remove(fileId) != null) {
      waiting.remove(fileId);
      outbox.send(SmallFrames.close(outbox.allocator(), fileId));
    }
  }

  void announce(long fileId, int piece, PieceChange change) {
    SwarmFile file = files.get(fileId);
    if (closed || file == null || piece < 0 || piece >= file.pieceCount()) {
      return;
    }
    waiting.computeIfAbsent(fileId, id -> new HashMap<>()).put(piece, change);
    if (!scheduled) {
      scheduled = true;
      loop.schedule(this::scheduledFlush, BATCH_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void scheduledFlush() {
    scheduled = false;
    flush();
  }

  /** Sends what waits, if the connection takes it; called again when it does. */
  void flush() {
    if (closed || scheduled || waiting.isEmpty() || !outbox.isWritable()) {
      return;
    }
    Map<Long, Map<Integer, PieceChange>> batch = Map.copyOf(waiting);
    waiting.clear();
    batch.forEach(this::send);
  }

  private void send(long fileId, Map<Integer, PieceChange> changes) {
    Map<PieceChange, List<Integer>> byChange = new EnumMap<>(PieceChange.class);
    changes.forEach(
        (piece, change) -> byChange.computeIfAbsent(change, c -> new ArrayList<>()).add(piece));
    byChange.forEach(
        (change, pieces) -> {
          for (int from = 0; from < pieces.size(); from += ChangesFrame.MAX_PIECES) {
            int to = Math.min(pieces.size(), from + ChangesFrame.MAX_PIECES);
            int[] part = pieces.subList(from, to).stream().mapToInt(piece -> piece).toArray();
            outbox.send(ChangesFrame.encode(outbox.allocator(), change, fileId, part));
          }
        });
  }

  /** The connection is gone. */
  void close() {
    closed = true;
    waiting.clear();
    files.clear();
  }
}
