// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.channel.RefusalReason;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The pieces that peers ask for: the node decides, and what it grants is opened and sent. For the
 * engine's thread.
 */
public final class ServeRules implements SwarmOrders.Uploads {
  private final FetchState state;
  private final Fetches fetches;
  private final Map<Wish, Long> undecided = new HashMap<>();
  private final Map<Long, Upload> granted = new HashMap<>();

  public ServeRules(FetchState state, Fetches fetches) {
    this.state = state;
    this.fetches = fetches;
  }

  /** The file that is being fetched or held under this id; null if there is none. */
  private FileSpec file(long fileId) {
    FileFetch fetch = fetches.get(fileId).orElse(null);
    return fetch == null ? state.held().file(fileId) : fetch.file();
  }

  /** How many pieces a file has; negative if nothing that peers say of it would be of use. */
  public int pieceCount(long fileId) {
    int known = state.swarm().node().pieceCount(fileId);
    FileSpec held = known >= 0 ? null : state.held().file(fileId);
    return held == null ? known : held.layout().pieceCount();
  }

  public void requested(
      long request, long peerId, long fileId, int piece, int offset, int length, boolean urgent) {
    FileSpec file = file(fileId);
    boolean hidden = state.proofs().isSuspect(fileId);
    if (file == null || hidden || !isWholePiece(file.layout(), piece, offset, length)) {
      state.effects().serving().refuse(request, RefusalReason.UNKNOWN);
      return;
    }
    serveIfHeld(fileId);
    Wish key = new Wish(peerId, fileId, piece);
    if (undecided.putIfAbsent(key, request) != null) {
      state.effects().serving().refuse(request, RefusalReason.BUSY);
      return;
    }
    SwarmMessage wish = new SwarmMessage.Request(fileId, piece, urgent);
    state.swarm().tell().received(peerId, wish, state.nowNs());
    if (undecided.remove(key, request)) {
      // It is being sent already, as far as the node knows: the peer has asked twice.
      state.effects().serving().refuse(request, RefusalReason.BUSY);
    }
  }

  private static boolean isWholePiece(FileLayout layout, int piece, int offset, int length) {
    return piece < layout.pieceCount() && offset == 0 && length == layout.pieceLength(piece);
  }

  /** A file that nobody fetches here joins its swarm when a peer lacks something of it. */
  public void serveIfHeld(long fileId) {
    FileSpec file = state.swarm().node().knows(fileId) ? null : state.held().file(fileId);
    if (file != null) {
      state
          .swarm()
          .tell()
          .serveFile(
              fileId,
              Rendezvous.affinity(file.path()),
              file.layout().pieceCount(),
              state.held().pieces(fileId),
              state.nowNs());
    }
  }

  @Override
  public boolean refuse(long peerId, SwarmMessage message) {
    if (!(message instanceof Reject)) {
      return false;
    }
    Reject refused = (Reject) message;
    Reject.Reason reason = refused.reason();
    if (reason != Reject.Reason.BUSY && reason != Reject.Reason.MISSING) {
      return false;
    }
    Long request = undecided.remove(new Wish(peerId, refused.fileId(), refused.piece()));
    if (request != null) {
      boolean busy = reason == Reject.Reason.BUSY;
      state.effects().serving().refuse(request, busy ? RefusalReason.BUSY : RefusalReason.GONE);
    }
    return true;
  }

  @Override
  public Runnable grant(long peerId, long fileId, int piece) {
    Long request = undecided.remove(new Wish(peerId, fileId, piece));
    return () -> open(peerId, fileId, piece, request);
  }

  private void open(long peerId, long fileId, int piece, Long request) {
    FileSpec file = file(fileId);
    // What was granted may have turned out to be wrong before it is opened.
    if (file == null || request == null || state.proofs().isSuspect(fileId)) {
      state.swarm().tell().uploadEnded(peerId, fileId, piece, false);
      if (request != null) {
        state.effects().serving().refuse(request, RefusalReason.GONE);
      }
      return;
    }
    OptionalInt crc32 = state.proofs().of(file).crc32(piece);
    granted.put(request, new Upload(peerId, file, piece, crc32.isPresent()));
    state.effects().serving().openPiece(request, file, piece, crc32);
  }

  /**
   * It is open, and is sent now.
   *
   * @return what it is, if its CRC32 was not known before; else null
   */
  public Upload opened(long request) {
    Upload upload = granted.get(request);
    if (upload == null) {
      return null;
    }
    state.effects().serving().sendPiece(request);
    return upload.isCrcKnown ? null : upload;
  }

  /** Not all of it is here. */
  public void notOpened(long request) {
    Upload upload = granted.remove(request);
    if (upload != null) {
      state.effects().serving().refuse(request, RefusalReason.GONE);
      long fileId = upload.file.fileId();
      state.swarm().tell().uploadEnded(upload.peerId, fileId, upload.piece, false);
      state.swarm().tell().lost(fileId, upload.piece);
    }
  }

  public void ended(long request, boolean sent) {
    Upload upload = granted.remove(request);
    if (upload != null) {
      state.swarm().tell().uploadEnded(upload.peerId, upload.file.fileId(), upload.piece, sent);
    }
  }

  /** What a peer has asked for. Immutable. */
  private static final class Wish {
    private final long peerId;
    private final long fileId;
    private final int piece;

    Wish(long peerId, long fileId, int piece) {
      this.peerId = peerId;
      this.fileId = fileId;
      this.piece = piece;
    }

    @Override
    public boolean equals(Object other) {
      if (!(other instanceof Wish)) {
        return false;
      }
      Wish wish = (Wish) other;
      return peerId == wish.peerId && fileId == wish.fileId && piece == wish.piece;
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(31 * peerId + fileId) + piece;
    }
  }

  /** A piece on its way to a peer. Immutable. */
  public static final class Upload {
    final long peerId;
    final FileSpec file;
    final int piece;
    final boolean isCrcKnown;

    public Upload(long peerId, FileSpec file, int piece, boolean isCrcKnown) {
      this.peerId = peerId;
      this.file = file;
      this.piece = piece;
      this.isCrcKnown = isCrcKnown;
    }
  }
}
