// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginWait;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.state.Announcements;
import io.mows.p2p.fetch.state.EngineClosed;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.BlockLoad;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.SwarmNode;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Begins and ends the fetches of a worker. For the engine's thread. */
public final class FetchFiles implements LaneBlock.Files, Announcements.Present {
  private final FetchState state;
  private final Fetches fetches;
  private final MemberLookups lookups;
  private final Appeals appeals;
  private final Backoff backoff;
  private final LostReadAhead lostAhead = new LostReadAhead();
  private int lastNumber;
  private boolean isClosing;

  public FetchFiles(
      FetchState state, Fetches fetches, MemberLookups lookups, Appeals appeals, Backoff backoff) {
    this.state = state;
    this.fetches = fetches;
    this.lookups = lookups;
    this.appeals = appeals;
    this.backoff = backoff;
  }

  @Override
  public FileFetch fetch(FileSpec file) throws IOException {
    if (isClosing) {
      throw EngineClosed.failure();
    }
    Optional<FileFetch> present = fetches.get(file.fileId());
    if (present.isPresent()) {
      return present.get();
    }
    Optional<TransferException> refusal = state.proofs().refusal(file.fileId());
    if (refusal.isPresent()) {
      appeals.hear(file);
      throw refusal.get();
    }
    PieceTable plan = new PieceTable(file.layout(), backoff);
    FileFetch fresh = new FileFetch(file, ++lastNumber, plan, state);
    fresh.start();
    fetches.add(fresh);
    state.metrics().fetchBegun(file);
    begin(fresh);
    state.announcements().changed(file);
    return fresh;
  }

  private void begin(FileFetch fetch) {
    FileSpec file = fetch.file();
    // Of a file that was wrong nothing is taken from peers.
    boolean shared = state.peers().isShared() && !state.proofs().isSuspect(file.fileId());
    SwarmNode node = state.swarm().tell();
    long affinity = Rendezvous.affinity(file.path());
    int pieceCount = file.layout().pieceCount();
    node.fetchFile(file.fileId(), affinity, fetch.plan(), pieceCount, shared, state.nowNs());
    if (shared) {
      lookups.started(fetch, state.nowNs());
    }
    lostAhead.resume(fetch);
  }

  @Override
  public void drop(FileFetch fetch) {
    if (fetches.remove(fetch)) {
      end(fetch);
    }
  }

  private void end(FileFetch fetch) {
    fetch.retire();
    lostAhead.keep(fetch);
    lookups.ended(fetch.file().fileId());
    state.announcements().changed(fetch.file());
    fetches.answered(fetch);
  }

  @Override
  public void assign(FileSpec file, int piece) {
    state.swarm().tell().assign(file.fileId(), piece);
  }

  /** All of the file is fetched anew, from the origin alone. */
  public void restart(FileFetch wrong) {
    FileSpec file = wrong.file();
    state.proofs().beginRemoval(file.fileId());
    List<BlockLoad> loads = wrong.proving().clear();
    drop(wrong);
    state.swarm().tell().removeFile(file.fileId());
    state.proofs().of(file).forgetPieces();
    try {
      FileFetch again = fetch(file);
      again.proving().wantAll();
      loads.forEach(again.wants()::load);
    } catch (IOException e) {
      loads.forEach(load -> load.fail(e));
    }
    tellIfCleared(wrong);
  }

  /** Shows the file again if nothing of the wrong round is in the cache any more. */
  public void tellIfCleared(FileFetch fetch) {
    if (fetch.proving().takeCleared()) {
      long fileId = fetch.file().fileId();
      state.proofs().endRemoval(fileId);
      fetches.get(fileId).ifPresent(now -> now.proving().discarded());
    }
  }

  /** The cache has this block from before, or from somebody else. */
  public void found(FileSpec file, int block) {
    boolean unknown = fetches.get(file.fileId()).isEmpty();
    if (unknown && state.effects().store().isCommitted(file.blockId(block))) {
      state.held().committed(file, block);
    }
  }

  /** The cache has removed this block, whatever for. */
  public void evicted(long blockId) {
    for (FileFetch fetch : fetches.all()) {
      int block = fetch.file().blockOf(blockId);
      if (block >= 0) {
        fetch.events().blockGone(block);
      }
    }
    FileSpec file = state.held().fileOfBlock(blockId);
    // It may have been committed again since.
    if (file != null && !state.effects().store().isCommitted(blockId)) {
      BitSet lost = state.held().gone(blockId);
      if (fetches.get(file.fileId()).isEmpty()) {
        lost.stream().forEach(piece -> state.swarm().tell().lost(file.fileId(), piece));
      }
    }
  }

  /** Ends the fetches that nothing has been wanted of for a while. */
  public void sweep(long lingerNs) {
    fetches.removeOver(state.nowNs(), lingerNs).forEach(this::end);
  }

  /** Those that wait for their origins now. */
  public Map<Long, OriginWait> originWaits() {
    Map<Long, OriginWait> waits = new HashMap<>();
    for (FileFetch fetch : fetches.all()) {
      fetch
          .wants()
          .patience()
          .originWait(state.nowNs())
          .ifPresent(wait -> waits.put(fetch.file().fileId(), wait));
    }
    return Map.copyOf(waits);
  }

  /** Ends all of them; none is begun any more. */
  public void close() {
    isClosing = true;
    fetches.all().forEach(this::drop);
  }

  @Override
  public int pieces(FileSpec file) {
    FileFetch fetch = fetches.get(file.fileId()).orElse(null);
    return fetch == null
        ? state.held().pieces(file.fileId()).cardinality()
        : fetch.pieces().count();
  }

  @Override
  public boolean isFetching(FileSpec file) {
    return fetches.get(file.fileId()).isPresent();
  }
}
