// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.BlockSlot.State;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.FilePlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

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
    if (retired || broken != null) {
      load.fail(retired ? new RetiredException() : broken);
      return;
    }
    loads.add(load);
    for (int block : load.blocks()) {
      if (blocks.isCommitted(block)) {
        load.done(block);
      } else {
        plan.want(block);
      }
    }
    loads.removeIf(BlockLoad::isDone);
  }

  void readAhead(long budgetBytes) {
    if (!retired && broken == null) {
      plan.readAhead(budgetBytes);
    }
  }

  /** The plan wants {@code piece}: find room for it, then read it. */
  void begin(int piece, boolean evenUncached) {
    List<PieceTarget.Part> parts = new ArrayList<>();
    boolean refused = false;
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      BlockSlot slot = blocks.toFill(b);
      if (slot.state() == State.RESERVING) {
        slot.whenReserved(() -> begin(piece, evenUncached));
        return;
      }
      refused |= slot.state() == State.REFUSED;
      if (slot.state() == State.READY) {
        parts.add(new PieceTarget.Part(b, slot));
      }
    }
    if (broken != null || (refused && !evenUncached && !plan.isAwaited(piece))) {
      giveUpCaching(piece);
      withdraw(piece);
      return;
    }
    UncachedPieces.Piece aside = null;
    if (refused) {
      aside = engine.uncachedPieces().allocate(pieces, piece);
      if (aside == null) {
        withdraw(piece);
        return;
      }
      plan.slideWindow(piece + 1, engine.uncachedPieces().maxPieces() / 4);
    }
    read(piece, new PieceTarget(layout, piece, parts, aside), aside);
  }

  /** The piece may be started again in a moment, not at once: that would spin. */
  private void withdraw(int piece) {
    engine.schedule().withdrawn(plan, piece, engine.nowNs() + ROOM_POLL_NS);
  }

  /** There is no room for the blocks of {@code piece}: only readers may still want it. */
  private void giveUpCaching(int piece) {
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      BlockSlot slot = blocks.slot(b);
      if (slot != null && slot.state() == State.REFUSED) {
        plan.dropBackground(b);
        failLoads(b, engine.noSpace(file, b));
      }
    }
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
    Throwable failure = outcome == null ? broken : outcome;
    if (failure == null) {
      target.filled();
      engine.events().pieceArrived(layout.pieceLength(piece));
      engine.schedule().landed(plan, piece);
      if (aside != null) {
        pieces.keepAside(piece, aside);
      }
    } else {
      if (aside != null) {
        engine.uncachedPieces().remove(aside);
      }
      Remedy remedy = TransferException.remedyOf(failure);
      pieceFailed(piece, failure, engine.schedule().failed(plan, piece, remedy, engine.nowNs()));
    }
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

  private void confirmed(BitSet asked, Throwable failure) {
    if (failure == null && broken == null) {
      plan.validated(asked);
      asked.stream()
          .filter(plan::has)
          .forEach(
              piece -> {
                pieces.publish(piece);
                wake(piece, null);
              });
      return;
    }
    plan.validationEnded();
    Throwable reason = failure == null ? broken : failure;
    Remedy remedy = TransferException.remedyOf(reason);
    asked.stream()
        .forEach(
            piece -> {
              pieces.dropAside(piece);
              boolean givenUp = plan.failed(piece, remedy, engine.nowNs());
              pieceFailed(piece, reason, givenUp);
            });
    if (remedy == Remedy.STOP && broken == null) {
      engine.events().sourceChanged();
      breakDown((TransferException) reason);
    }
  }

  /** The origin has another version now: what is not in the cache yet must not get there. */
  private void breakDown(TransferException reason) {
    broken = reason;
    engine.schedule().remove(plan);
    blocks.loseUncommitted();
    plan.slideWindow(0, -1);
    failAll(reason);
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

  /** The cache has dropped this block, or a reader did not find it there. */
  void blockGone(int block) {
    blocks.gone(block);
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

  private void failAll(Throwable reason) {
    new ArrayList<>(waiting.keySet()).forEach(piece -> wake(piece, reason));
    loads.forEach(load -> load.fail(reason));
    loads.clear();
  }

  private void failLoads(int block, Throwable failure) {
    loads.stream().filter(load -> load.wants(block)).forEach(load -> load.fail(failure));
    loads.removeIf(BlockLoad::isDone);
  }

  /**
   * Whether nothing has been wanted for a while. What holds nothing unfinished need not linger, nor
   * what is broken.
   */
  boolean isOver(long nowNs, long lingerNs) {
    if (!plan.isIdle() || blocks.isBusy() || !loads.isEmpty()) {
      idleSinceNs = 0;
      return false;
    }
    if (idleSinceNs == 0) {
      idleSinceNs = nowNs;
    }
    boolean lingers = broken == null && (pieces.holdsAside() || blocks.holdsUnfinished());
    return !lingers || nowNs - idleSinceNs >= lingerNs;
  }

  /** Gives everything back; whoever still waits is told to start over. */
  void retire() {
    retired = true;
    failAll(new RetiredException());
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
