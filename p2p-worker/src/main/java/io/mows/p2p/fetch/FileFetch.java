// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.BlockSlot.State;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceMap;
import io.mows.p2p.swarm.FilePlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;

/**
 * Brings one file into the cache: carries out what {@link FilePlan} decides. All readers and loads
 * of the file on this worker share it.
 *
 * <p>Only the engine's thread runs these methods, but for the few that readers call ({@link
 * #isReadable}, {@link #slot}, {@link #uncached}).
 */
final class FileFetch {
  /** Ask the source for its version once for that many pieces when no reader waits. */
  private static final int VALIDATION_BATCH = 16;

  private static final long ROOM_POLL_NS = 10_000_000L;
  private static final long REFUSAL_NS = 2_000_000_000L;
  private static final int MAX_COMMIT_FAILURES = 3;

  private final FileSpec file;
  private final FileLayout layout;
  private final FetchEngine engine;
  private final FilePlan plan;
  private final PieceMap readable;
  private final AtomicReferenceArray<BlockSlot> slots;
  private final Map<Integer, UncachedPieces.Piece> uncached = new ConcurrentHashMap<>();
  private final Map<Integer, List<CompletableFuture<Void>>> waiting = new HashMap<>();
  private final List<BlockLoad> loads = new ArrayList<>();
  private int commitFailures;
  private int storeCalls;
  private long idleSinceNs;
  private TransferException broken;
  private boolean retired;

  FileFetch(FileSpec file, FilePlan plan, FetchEngine engine) {
    this.file = file;
    this.layout = file.layout();
    this.engine = engine;
    this.plan = plan;
    this.readable = new PieceMap(layout.pieceCount());
    this.slots = new AtomicReferenceArray<>(layout.blockCount());
  }

  FileSpec file() {
    return file;
  }

  FilePlan plan() {
    return plan;
  }

  /** Any thread: whether the bytes of {@code piece} can be read now. */
  boolean isReadable(int piece) {
    return readable.has(piece);
  }

  /** Any thread. */
  BlockSlot slot(int block) {
    return slots.get(block);
  }

  /** Any thread: the piece, if it is held outside the block store. */
  UncachedPieces.Piece uncached(int piece) {
    return uncached.get(piece);
  }

  int readablePieces() {
    return readable.count();
  }

  void start() {
    for (int block = 0; block < layout.blockCount(); block++) {
      if (engine.space().isCommitted(file.blockId(block))) {
        markCommitted(block);
      }
    }
  }

  private void markCommitted(int block) {
    BlockSlot slot = new BlockSlot();
    slot.committed();
    slots.set(block, slot);
    plan.presentBlock(block);
    publish(block);
  }

  private void publish(int block) {
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      if (plan.has(p)) {
        readable.set(p);
        wake(p, null);
      }
    }
  }

  /** A reader waits for {@code piece}; {@link #letGo} ends that, whatever comes of it. */
  void demand(int piece, CompletableFuture<Void> arrived) {
    if (retired) {
      arrived.completeExceptionally(new RetiredException());
      return;
    }
    if (broken != null) {
      arrived.completeExceptionally(broken);
      return;
    }
    plan.demand(piece);
    if (readable.has(piece)) {
      arrived.complete(null);
    } else {
      waiting.computeIfAbsent(piece, p -> new ArrayList<>()).add(arrived);
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
      BlockSlot slot = slots.get(block);
      if (slot != null && slot.state() == State.COMMITTED) {
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
      BlockSlot slot = slotToFill(b);
      switch (slot.state()) {
        case RESERVING:
          slot.whenReserved(() -> begin(piece, evenUncached));
          return;
        case READY:
          parts.add(new PieceTarget.Part(b, slot));
          break;
        case REFUSED:
          refused = true;
          break;
        case COMMITTING:
        case COMMITTED:
          break;
        default:
          throw new AssertionError(slot.state());
      }
    }
    if (broken != null || refused && !evenUncached && !plan.isAwaited(piece)) {
      giveUpCaching(piece);
      withdraw(piece);
      return;
    }
    UncachedPieces.Piece aside = null;
    if (refused) {
      aside = engine.uncachedPieces().allocate(this, piece, FileFetch::isEvictable);
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

  private static boolean isEvictable(UncachedPieces.Piece piece) {
    FileFetch owner = piece.owner();
    return owner.readable.has(piece.index()) && !owner.plan.isAwaited(piece.index());
  }

  private BlockSlot slotToFill(int block) {
    BlockSlot slot = slots.get(block);
    boolean tryAgain =
        slot != null
            && slot.state() == State.REFUSED
            && engine.nowNs() - slot.refusedAtNs() > REFUSAL_NS;
    if (slot != null && !tryAgain) {
      return slot;
    }
    BlockSlot fresh = new BlockSlot();
    slots.set(block, fresh);
    storeCall(
        () -> engine.space().reserve(file.blockId(block), layout.blockLength(block)),
        (opened, failure) -> {
          if (failure == null) {
            fresh.reserved(opened);
          } else {
            engine.blockRefused(file, block, failure);
            fresh.refused(engine.nowNs());
          }
        });
    return fresh;
  }

  /** There is no room for the blocks of {@code piece}: only readers may still want it. */
  private void giveUpCaching(int piece) {
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      BlockSlot slot = slots.get(b);
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
      int piece, PieceTarget target, UncachedPieces.Piece aside, Throwable failure) {
    if (failure == null) {
      target.filled();
      engine.events().pieceArrived(layout.pieceLength(piece));
      engine.schedule().landed(plan, piece);
      if (aside != null) {
        uncached.put(piece, aside);
      }
    } else {
      if (aside != null) {
        engine.uncachedPieces().remove(aside);
      }
      boolean givenUp =
          engine
              .schedule()
              .failed(plan, piece, TransferException.remedyOf(failure), engine.nowNs());
      pieceFailed(piece, failure, givenUp);
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
    if (retired) {
      return;
    }
    if (plan.wantsValidation(VALIDATION_BATCH)) {
      BitSet pieces = plan.beginValidation();
      engine
          .source()
          .confirmVersion(file)
          .whenComplete((same, failure) -> engine.run(() -> confirmed(pieces, failure)));
    }
    for (Integer b = plan.pollCompletedBlock(); b != null; b = plan.pollCompletedBlock()) {
      commit(b);
    }
  }

  private void confirmed(BitSet pieces, Throwable failure) {
    if (failure == null && broken == null) {
      plan.validated(pieces);
      pieces.stream()
          .filter(plan::has)
          .forEach(
              piece -> {
                readable.set(piece);
                wake(piece, null);
              });
      return;
    }
    plan.validationEnded();
    Remedy remedy = TransferException.remedyOf(failure);
    pieces.stream()
        .forEach(
            piece -> {
              dropUncached(piece);
              boolean givenUp = engine.schedule().unconfirmed(plan, piece, remedy, engine.nowNs());
              pieceFailed(piece, failure, givenUp);
            });
    if (remedy == Remedy.STOP && broken == null) {
      engine.events().sourceChanged();
      breakDown((TransferException) failure);
    }
  }

  /** The origin has another version now: what is not in the cache yet must not get there. */
  private void breakDown(TransferException reason) {
    broken = reason;
    engine.schedule().remove(plan);
    for (int block = 0; block < slots.length(); block++) {
      plan.dropBackground(block);
      BlockSlot slot = slots.get(block);
      if (slot == null || slot.state() != State.COMMITTED) {
        loseBlock(block);
      }
    }
    plan.slideWindow(0, -1);
    new ArrayList<>(waiting.keySet()).forEach(piece -> wake(piece, reason));
    loads.forEach(load -> load.fail(reason));
    loads.clear();
  }

  private void commit(int block) {
    BlockSlot slot = slots.get(block);
    if (slot == null || slot.state() != State.READY || broken != null) {
      return;
    }
    if (loseUnfilled(block, slot)) {
      plan.want(block);
      return;
    }
    slot.committing();
    long id = file.blockId(block);
    storeCall(
        () -> {
          engine.space().commit(id);
          return null;
        },
        (none, failure) -> {
          if (failure == null) {
            slot.committed();
            engine.events().blockCommitted();
            commitFailures = 0;
            loads.forEach(load -> load.done(block));
            loads.removeIf(BlockLoad::isDone);
          } else {
            commitFailed(block, slot, failure);
          }
        });
  }

  /**
   * Pieces that came while the block had no room were kept aside only; a block that got room later
   * needs them again.
   */
  private boolean loseUnfilled(int block, BlockSlot slot) {
    boolean lost = false;
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      if (!slot.isFilled(p)) {
        losePiece(p);
        lost = true;
      }
    }
    return lost;
  }

  private void commitFailed(int block, BlockSlot slot, Throwable failure) {
    engine.commitFailed(file, block, failure);
    slots.set(block, null);
    abandon(block, slot);
    loseBlock(block);
    if (++commitFailures >= MAX_COMMIT_FAILURES) {
      BlockSlot refused = new BlockSlot();
      refused.refused(engine.nowNs());
      slots.set(block, refused);
      plan.dropBackground(block);
      failLoads(block, failure);
    }
  }

  /** The block store has dropped this block, or says it does not have it. */
  void blockGone(int block) {
    BlockSlot slot = slots.get(block);
    if (slot != null
        && slot.state() == State.COMMITTED
        && !engine.space().isCommitted(file.blockId(block))) {
      slots.set(block, null);
      loseBlock(block);
    }
  }

  private void loseBlock(int block) {
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      losePiece(p);
    }
  }

  private void losePiece(int piece) {
    readable.clear(piece);
    plan.lost(piece);
    dropUncached(piece);
  }

  private void abandon(int block, BlockSlot slot) {
    slot.closeFile();
    engine.events().blockAborted();
    storeCall(
        () -> {
          engine.space().abort(file.blockId(block));
          return null;
        },
        (none, failure) -> {});
  }

  void uncachedEvicted(UncachedPieces.Piece piece) {
    uncached.remove(piece.index());
    readable.clear(piece.index());
    plan.lost(piece.index());
  }

  private void dropUncached(int piece) {
    UncachedPieces.Piece aside = uncached.remove(piece);
    if (aside != null) {
      engine.uncachedPieces().remove(aside);
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

  private void failLoads(int block, Throwable failure) {
    loads.stream().filter(load -> load.wants(block)).forEach(load -> load.fail(failure));
    loads.removeIf(BlockLoad::isDone);
  }

  private <T> void storeCall(Callable<T> call, BiConsumer<T, Throwable> then) {
    storeCalls++;
    engine.callStore(
        call,
        (result, failure) -> {
          storeCalls--;
          then.accept(result, failure);
        });
  }

  /** Whether nothing has been wanted for {@code lingerNs}; a broken fetch does not linger. */
  boolean isOver(long nowNs, long lingerNs) {
    boolean idle = plan.isIdle() && storeCalls == 0 && loads.isEmpty();
    if (!idle) {
      idleSinceNs = 0;
      return false;
    }
    if (idleSinceNs == 0) {
      idleSinceNs = nowNs;
    }
    return broken != null || !holdsAnything() || nowNs - idleSinceNs >= lingerNs;
  }

  private boolean holdsAnything() {
    if (!uncached.isEmpty()) {
      return true;
    }
    for (int block = 0; block < slots.length(); block++) {
      BlockSlot slot = slots.get(block);
      if (slot != null && slot.state() == State.READY) {
        return true;
      }
    }
    return false;
  }

  /** Gives everything back; whoever still waits is told to start over. */
  void retire() {
    retired = true;
    new ArrayList<>(waiting.keySet()).forEach(piece -> wake(piece, new RetiredException()));
    loads.forEach(load -> load.fail(new RetiredException()));
    loads.clear();
    engine.uncachedPieces().removeAllOf(this);
    uncached.clear();
    for (int block = 0; block < slots.length(); block++) {
      BlockSlot slot = slots.get(block);
      if (slot != null && slot.state() == State.READY) {
        abandon(block, slot);
      }
    }
  }

  /** This fetch has ended; ask the engine for a new one. */
  static final class RetiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RetiredException() {
      super("The fetch of this file has ended", null, false, false);
    }
  }
}
