// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
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
final class FileFetch implements FileBlocks.Listener, FileTransfers.Listener {
  /** Ask the source for its version once for that many pieces when no reader waits. */
  private static final int VALIDATION_BATCH = 16;

  private final FileSpec file;
  private final FileLayout layout;
  private final FetchEngine engine;
  private final FilePlan plan;
  private final ArrivedPieces pieces;
  private final FileBlocks blocks;
  private final FileTransfers transfers;
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
    this.pieces =
        new ArrivedPieces(
            plan,
            engine.uncachedPieces(),
            layout.pieceCount(),
            piece -> engine.node().lost(file.fileId(), piece));
    this.blocks = new FileBlocks(file, plan, pieces, engine, this);
    this.transfers = new FileTransfers(file, engine, plan, pieces, blocks, this);
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

  /** Whether all of the file is here. */
  boolean isComplete() {
    return pieces.count() == layout.pieceCount();
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

  /** As {@link #load}, but its pieces are asked for one by one, by {@link #want}. */
  void loadPaced(BlockLoad load) {
    if (broken != null) {
      load.fail(broken);
      return;
    }
    load.blocks().forEach(blocks::gone);
    load.blocks().stream().filter(blocks::isCommitted).forEach(load::done);
    if (!load.isDone()) {
      loads.add(load);
    }
  }

  /** One more piece of {@code block} for a paced load. */
  void want(int block, int piece) {
    if (plan.has(piece) && !blocks.holds(block, piece)) {
      pieces.lose(piece);
    }
    plan.setWanted(piece, true);
  }

  /** A paced load can wait: what has not been started is not, unless another load wants it. */
  void unwant(int block, int piece) {
    if (loads.stream().noneMatch(load -> !load.isPaced() && load.wants(block))) {
      plan.setWanted(piece, false);
    }
  }

  void forget(BlockLoad load) {
    loads.remove(load);
  }

  /** Whether neither a reader nor a load wants anything. */
  boolean isUnwanted() {
    return !plan.isAnyAwaited() && !plan.hasMoreAhead() && loads.isEmpty();
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

  FileTransfers transfers() {
    return transfers;
  }

  @Override
  public void noRoom(int block) {
    if (isLoading(block)) {
      failLoads(block, noSpace(block));
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

  /** Futures that depend on others wrap what these failed with. */
  static Throwable causeOf(Throwable outcome) {
    return outcome instanceof CompletionException && outcome.getCause() != null
        ? outcome.getCause()
        : outcome;
  }

  @Override
  public void failed(int piece, Throwable failure, boolean givenUp) {
    breakDownIfChanged(failure);
    pieceFailed(piece, failure, givenUp);
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
    // Peers wait for what has landed: nobody passes on what may be of another version.
    if (plan.wantsValidation(engine.driver().hasNeighbours() ? 1 : VALIDATION_BATCH)) {
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
      engine.node().confirmed(file.fileId(), asked);
      asked.stream().filter(plan::has).forEach(this::arrived);
      return;
    }
    plan.validationEnded();
    breakDownIfChanged(failure);
    if (broken == null) {
      failLanded(asked, failure);
    }
  }

  @Override
  public void arrived(int piece) {
    blocks.publish(piece);
    wake(piece, null);
    engine.driver().changed(file);
    if (isComplete()) {
      transfers.allHere();
    }
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
              boolean givenUp =
                  broken == null
                      ? engine.node().unconfirmed(file.fileId(), piece, remedy, engine.nowNs())
                      : plan.failed(piece, remedy, engine.nowNs());
              pieceFailed(piece, failure, givenUp);
            });
  }

  /** The origin has another version now: what is not in the cache yet must not get there. */
  private void breakDownIfChanged(Throwable failure) {
    if (broken != null || TransferException.remedyOf(failure) != Remedy.STOP) {
      return;
    }
    broken = (TransferException) failure;
    engine.events().sourceChanged();
    transfers.end();
    engine.node().endFetch(file.fileId(), blocks.committedPieces());
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
    engine.held().committed(file, block);
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
    transfers.end();
    engine.node().endFetch(file.fileId(), blocks.committedPieces());
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
