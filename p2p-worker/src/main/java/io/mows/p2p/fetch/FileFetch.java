// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.BlockSlot.State;
import io.mows.p2p.fetch.BlockSpace.NoSpaceException;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.FilePlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Brings one file into the cache: carries out what {@link FilePlan} decides. All readers and loads
 * of the file on this worker share it. For the engine's thread, but for the methods that readers
 * call.
 */
final class FileFetch implements FileBlocks.Listener {
  /** Ask the source for its version once for that many pieces when no reader waits. */
  private static final int VALIDATION_BATCH = 16;

  private static final long ROOM_POLL_NS = 10_000_000L;

  private final FileSpec file;
  private final FileLayout layout;
  private final FetchEngine engine;
  private final FilePlan plan;
  private final ArrivedPieces pieces;
  private final FileBlocks blocks;
  private final Map<Integer, List<CompletableFuture<Void>>> waiting = new HashMap<>();
  private final List<BlockLoad> loads = new ArrayList<>();
  private long idleSinceNs;
  private TransferException broken;
  private boolean retired;

  FileFetch(FileSpec file, FilePlan plan, FetchEngine engine) {
    this.file = file;
    this.layout = file.layout();
    this.engine = engine;
    this.plan = plan;
    this.pieces = new ArrivedPieces(plan, engine.uncachedPieces(), layout.pieceCount());
    this.blocks = new FileBlocks(file, plan, pieces, engine, this);
  }

  /** Any thread. */
  FileSpec file() {
    return file;
  }

  FilePlan plan() {
    return plan;
  }

  /** Any thread. */
  ArrivedPieces pieces() {
    return pieces;
  }

  /** Any thread: what happens to {@code block}; null if nothing does. */
  BlockSlot slot(int block) {
    return blocks.slot(block);
  }

  void start() {
    blocks.findCommitted();
  }

  /** A reader waits for {@code piece}; {@link #letGo} ends that, whatever comes of it. */
  void demand(int piece, CompletableFuture<Void> arrived) {
    if (retired) {
      arrived.completeExceptionally(new RetiredException());
    } else if (broken != null) {
      arrived.completeExceptionally(broken);
    } else {
      plan.demand(piece);
      if (pieces.isReadable(piece)) {
        arrived.complete(null);
      } else {
        waiting.computeIfAbsent(piece, p -> new ArrayList<>()).add(arrived);
      }
    }
  }

  /** The reader of {@link #demand} has its bytes or has given up. */
  void letGo(int piece) {
    if (!retired) {
      plan.undemand(piece);
    }
  }

  void load(BlockLoad load) {
    if (broken != null) {
      load.fail(broken);
      return;
    }
    loads.add(load);
    for (int block : load.blocks()) {
      blocks.gone(block);
      if (blocks.isCommitted(block)) {
        load.done(block);
      } else {
        blocks.want(block);
      }
    }
    loads.removeIf(BlockLoad::isDone);
  }

  void readAhead(long budgetBytes) {
    if (broken == null) {
      plan.readAhead(budgetBytes);
    }
  }

  /** A reader has begun to read {@code piece}, which is not cached: the next ones may come. */
  void streamed(int piece) {
    if (!retired && broken == null) {
      plan.slideWindow(piece + 1, engine.uncachedPieces().maxPieces() / 4);
    }
  }

  /** The plan wants {@code piece}: find room for it, then read it. */
  void begin(int piece, boolean evenUncached) {
    if (retired || broken != null) {
      withdraw(piece);
      return;
    }
    List<PieceTarget.Part> parts = new ArrayList<>();
    boolean refused = false;
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      BlockSlot slot = blocks.toFill(b);
      if (slot.state() == State.RESERVING) {
        slot.whenReserved(() -> begin(piece, evenUncached));
        return;
      }
      refused |= slot.state() == State.REFUSED;
      if (slot.state() == State.READY && !slot.has(piece)) {
        parts.add(new PieceTarget.Part(b, slot));
      }
    }
    UncachedPieces.Piece aside = null;
    if (refused) {
      giveUpCaching(piece);
      boolean forReader = evenUncached || plan.isAwaited(piece);
      if (forReader) {
        aside = engine.uncachedPieces().allocate(pieces, piece);
      }
      if (forReader ? aside == null : parts.isEmpty()) {
        withdraw(piece);
        return;
      }
    }
    read(piece, new PieceTarget(layout, piece, parts, aside), aside);
  }

  /** The piece may be started again in a moment, not at once: that would spin. */
  private void withdraw(int piece) {
    engine.schedule().withdrawn(plan, piece, engine.nowNs() + ROOM_POLL_NS);
  }

  /** Blocks of {@code piece} have no room: only readers may still want what lies in them. */
  private void giveUpCaching(int piece) {
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      if (blocks.isRefused(b)) {
        blocks.dropBackground(b);
        if (isLoading(b)) {
          failLoads(b, noSpace(b));
        }
      }
    }
  }

  private NoSpaceException noSpace(int block) {
    return new NoSpaceException(
        "No room for block "
            + file.blockId(block)
            + " of "
            + file
            + ": the worker's memory is full of pinned or busy data. Give it more memory"
            + " (alluxio.worker.ramdisk.size) or unpin something.",
        null);
  }

  private void read(int piece, PieceTarget target, UncachedPieces.Piece aside) {
    engine
        .source()
        .fetch(file, layout.pieceOffset(piece), layout.pieceLength(piece), target)
        .whenComplete(
            (done, failure) -> engine.run(() -> readEnded(piece, target, aside, failure)));
  }

  private void readEnded(
      int piece, PieceTarget target, UncachedPieces.Piece aside, Throwable outcome) {
    // What arrives after the source has turned out to be another one is not wanted any more.
    Throwable failure = broken == null ? causeOf(outcome) : broken;
    if (failure == null && !retired) {
      target.written();
      engine.events().pieceArrived(layout.pieceLength(piece));
      engine.schedule().landed(plan, piece);
      if (aside != null) {
        pieces.keepAside(piece, aside);
      }
      return;
    }
    if (aside != null) {
      engine.uncachedPieces().remove(aside);
    }
    if (!retired) {
      Remedy remedy = TransferException.remedyOf(failure);
      boolean givenUp = engine.schedule().failed(plan, piece, remedy, engine.nowNs());
      breakDownIfChanged(failure);
      pieceFailed(piece, failure, givenUp);
    }
  }

  /** Futures that depend on others wrap what these failed with. */
  private static Throwable causeOf(Throwable outcome) {
    return outcome instanceof CompletionException && outcome.getCause() != null
        ? outcome.getCause()
        : outcome;
  }

  private void pieceFailed(int piece, Throwable failure, boolean givenUp) {
    engine.events().pieceFailed(failure, givenUp);
    if (givenUp) {
      wake(piece, failure);
      for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
        failLoads(b, failure);
      }
    }
  }

  /** Does what can be done after something has happened. */
  void advance() {
    if (retired || broken != null) {
      return;
    }
    if (plan.wantsValidation(VALIDATION_BATCH)) {
      BitSet asked = plan.beginValidation();
      engine
          .source()
          .confirmVersion(file)
          .whenComplete((same, failure) -> engine.run(() -> confirmed(asked, failure)));
    }
    for (Integer b = plan.pollCompletedBlock(); b != null; b = plan.pollCompletedBlock()) {
      blocks.completed(b);
    }
  }

  private void confirmed(BitSet asked, Throwable outcome) {
    if (retired || broken != null) {
      return;
    }
    Throwable failure = causeOf(outcome);
    if (failure == null) {
      plan.validated(asked);
      asked.stream().filter(plan::has).forEach(this::arrived);
      return;
    }
    plan.validationEnded();
    breakDownIfChanged(failure);
    if (broken == null) {
      failLanded(asked, failure);
    }
  }

  private void arrived(int piece) {
    blocks.publish(piece);
    wake(piece, null);
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      if (!blocks.holds(b, piece) && isLoading(b)) {
        // It was read for others while this block had no room.
        blocks.want(b);
      }
    }
  }

  private boolean isLoading(int block) {
    return loads.stream().anyMatch(load -> load.wants(block));
  }

  private void failLanded(BitSet landed, Throwable failure) {
    Remedy remedy = TransferException.remedyOf(failure);
    landed.stream()
        .forEach(
            piece -> {
              pieces.dropAside(piece);
              pieceFailed(piece, failure, plan.failed(piece, remedy, engine.nowNs()));
            });
  }

  /** The origin has another version now: what is not in the cache yet must not get there. */
  private void breakDownIfChanged(Throwable failure) {
    if (broken != null || TransferException.remedyOf(failure) != Remedy.STOP) {
      return;
    }
    broken = (TransferException) failure;
    engine.events().sourceChanged();
    engine.schedule().remove(plan);
    // All of it goes before anybody is told: who has heard of the new version must not read the
    // old.
    blocks.loseUncommitted();
    blocks.abandonUnfinished();
    plan.slideWindow(0, -1);
    failLanded(plan.beginValidation(), broken);
    plan.validationEnded();
    failAll(broken, broken);
  }

  @Override
  public void committed(int block) {
    loads.forEach(load -> load.done(block));
    loads.removeIf(BlockLoad::isDone);
  }

  @Override
  public void notCached(int block, Throwable why) {
    failLoads(block, why);
  }

  /** The cache has dropped this block. */
  void blockGone(int block) {
    blocks.gone(block);
  }

  /** A reader was told that {@code piece} is here but did not find it in {@code block}. */
  void notFound(int piece, int block) {
    if (retired || broken != null) {
      return;
    }
    blocks.gone(block);
    if (pieces.isReadable(piece) && pieces.aside(piece) == null && !blocks.holds(block, piece)) {
      pieces.lose(piece);
    }
  }

  private void wake(int piece, Throwable failure) {
    List<CompletableFuture<Void>> readers = waiting.remove(piece);
    if (readers == null) {
      return;
    }
    for (CompletableFuture<Void> reader : readers) {
      if (failure == null) {
        reader.complete(null);
      } else {
        reader.completeExceptionally(failure);
      }
    }
  }

  private void failAll(Throwable forReaders, Throwable forLoads) {
    new ArrayList<>(waiting.keySet()).forEach(piece -> wake(piece, forReaders));
    loads.forEach(load -> load.fail(forLoads));
    loads.clear();
  }

  private void failLoads(int block, Throwable failure) {
    loads.stream().filter(load -> load.wants(block)).forEach(load -> load.fail(failure));
    loads.removeIf(BlockLoad::isDone);
  }

  /**
   * Whether nothing has been wanted for a while. What has nothing to lose need not linger, nor what
   * is broken.
   */
  boolean isOver(long nowNs, long lingerNs) {
    if (!plan.isIdle() || blocks.isBusy() || !loads.isEmpty()) {
      idleSinceNs = 0;
      return false;
    }
    if (idleSinceNs == 0) {
      idleSinceNs = nowNs;
    }
    boolean lingers =
        broken == null && (pieces.holdsAside() || blocks.holdsUnfinished() || plan.hasMoreAhead());
    return !lingers || nowNs - idleSinceNs >= lingerNs;
  }

  /** Gives everything back; whoever still waits is told to start over. */
  void retire() {
    retired = true;
    failAll(new RetiredException(), engine.closed());
    pieces.clear();
    blocks.abandonUnfinished();
  }

  /** This fetch has ended; ask the engine for a new one. */
  static final class RetiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RetiredException() {
      super("The fetch of this file has ended", null, false, false);
    }
  }
}
