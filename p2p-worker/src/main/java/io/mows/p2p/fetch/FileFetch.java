// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.CorruptPieceException;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.FilePlan;
import io.mows.p2p.thread.Futures;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Brings one file into the cache: carries out what {@link FilePlan} decides. All readers and loads
 * of the file on this worker share it. For the engine's thread, but for the methods that readers
 * call.
 */
final class FileFetch
    implements FileBlocks.Listener,
        FileTransfers.Listener,
        FileVerifier.Listener,
        VersionQuestions.Listener {
  private final FileSpec file;
  private final FileLayout layout;
  private final FetchEngine engine;
  private final FilePlan plan;
  private final ArrivedPieces pieces;
  private final FileBlocks blocks;
  private final PieceRoom room;
  private final FileTransfers transfers;
  private final FileVerifier verifier;
  private final WaitingReaders waiting = new WaitingReaders();
  private final FileLoads loads;
  private final VersionQuestions questions;
  private final OriginPatience patience;
  private final Idleness idleness;
  private final FileAhead ahead;
  private TransferException broken;
  private boolean retired;

  FileFetch(FileSpec file, FilePlan plan, FetchEngine engine) {
    this.file = file;
    this.layout = file.layout();
    this.engine = engine;
    this.plan = plan;
    this.pieces = new ArrivedPieces(plan, engine.uncachedPieces(), layout.pieceCount(), this::lost);
    this.verifier = new FileVerifier(file, engine, this);
    this.blocks = new FileBlocks(file, plan, pieces, engine, this);
    this.loads = new FileLoads(file, plan, pieces, blocks);
    this.room = new PieceRoom(file, engine, plan, pieces, blocks, loads, this::cannotShow);
    this.transfers = new FileTransfers(file, engine, pieces, room, verifier, this);
    this.questions = new VersionQuestions(file, engine, plan, this);
    this.patience = new OriginPatience(file, engine, plan, waiting, loads);
    this.idleness = new Idleness(plan, pieces, blocks, loads, verifier, patience);
    this.ahead = new FileAhead(this, patience);
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

  /** Any thread. */
  FetchProgress progress(Origins origins) {
    return new FetchProgress(file, pieces.count(), origins.wait(file), waiting.of(loads.size()));
  }

  /** Whether all of the file is here. */
  boolean isComplete() {
    return pieces.count() == layout.pieceCount();
  }

  /** Any thread: what happens to {@code block}; null if nothing does. */
  BlockSlot slot(int block) {
    return blocks.slot(block);
  }

  FileVerifier verifier() {
    return verifier;
  }

  void start() {
    engine.driver().origins().begin(file);
    // What is in the cache of a file that was wrong is on its way out.
    if (!engine.proofs().isSuspect(file.fileId())) {
      blocks.findCommitted();
    }
    verifier.start(blocks.committedPieces());
  }

  private void lost(int piece) {
    verifier.lost(piece);
    engine.node().lost(file.fileId(), piece);
  }

  private boolean mayShow(int piece) {
    return engine.proofs().mayShow(file.fileId(), piece);
  }

  boolean mayShow() {
    return engine.proofs().mayShow(file.fileId());
  }

  /** A reader waits for {@code piece}; {@link #letGo} ends that, whatever comes of it. */
  void demand(int piece, CompletableFuture<Void> arrived) {
    if (retired) {
      arrived.completeExceptionally(new RetiredException());
    } else if (broken != null) {
      arrived.completeExceptionally(broken);
    } else {
      plan.demand(piece);
      if (pieces.isReadable(piece) && mayShow(piece)) {
        arrived.complete(null);
      } else {
        waiting.add(piece, arrived);
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
    loads.begin(load);
  }

  FileLoads loads() {
    return loads;
  }

  /** Whether neither a reader nor a load wants anything. */
  boolean isUnwanted() {
    return !plan.isAnyAwaited() && !plan.hasMoreAhead() && loads.isEmpty();
  }

  FileAhead ahead() {
    return ahead;
  }

  boolean isBroken() {
    return broken != null;
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
  public void failed(int piece, Throwable failure, boolean givenUp) {
    breakDownIfChanged(failure);
    if (failure instanceof CorruptPieceException && broken == null) {
      // Not what was proven: perhaps because it is another version.
      engine
          .source()
          .confirmVersion(file)
          .whenComplete((same, no) -> engine.run(() -> breakDownIfChanged(Futures.causeOf(no))));
    }
    pieceFailed(piece, failure, givenUp);
  }

  private void pieceFailed(int piece, Throwable failure, boolean givenUp) {
    engine.events().pieceFailed(file, layout.pieceOffset(piece), failure, givenUp);
    if (givenUp) {
      waiting.wake(piece, failure);
      for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
        loads.fail(b, failure);
      }
    }
  }

  /**
   * Does what can be done after something has happened.
   *
   * @return whether to call again although nothing else happens
   */
  boolean advance() {
    if (retired || broken != null) {
      return false;
    }
    if (verifier.wantsRestart() && !blocks.isBusy()) {
      engine.verification().restart(this);
      return false;
    }
    boolean waits = questions.advance();
    for (Integer b = plan.pollCompletedBlock(); b != null; b = plan.pollCompletedBlock()) {
      blocks.completed(b);
    }
    return waits || verifier.wantsRestart();
  }

  @Override
  public void confirmed(BitSet asked) {
    engine.node().confirmed(file.fileId(), asked);
    asked.stream().filter(plan::has).forEach(this::arrived);
  }

  @Override
  public void unconfirmed(BitSet asked, Throwable failure) {
    breakDownIfChanged(failure);
    if (broken == null) {
      failLanded(asked, failure);
    }
  }

  @Override
  public void refused(OriginException why) {
    patience.refused();
  }

  @Override
  public void arrived(int piece) {
    if (retired || broken != null) {
      return;
    }
    verifier.arrived(piece);
    if (broken != null) {
      return;
    }
    blocks.publish(piece);
    if (mayShow(piece)) {
      waiting.wake(piece, null);
    }
    engine.driver().changed(file);
    if (isComplete()) {
      transfers.allHere();
    }
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      if (!blocks.holds(b, piece) && loads.isWanted(b) && !engine.storeHealth().isFailing()) {
        // It was read for others while this block had no room.
        blocks.want(b);
      }
    }
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
    boolean over = broken != null || retired;
    if (over || TransferException.remedyOf(failure) != Remedy.STOP) {
      return;
    }
    engine.events().sourceChanged();
    breakDown((TransferException) failure);
  }

  private void breakDown(TransferException why) {
    broken = why;
    verifier.end();
    questions.end();
    transfers.end();
    BitSet kept = mayShow() ? blocks.committedPieces() : new BitSet();
    engine.node().endFetch(file.fileId(), kept);
    // All of it goes before anybody is told: who has heard of the new version must not read the
    // old.
    blocks.loseUncommitted();
    blocks.abandonUnfinished();
    plan.slideWindow(0, -1);
    failLanded(plan.beginValidation(), broken);
    plan.validationEnded();
    waiting.failAll(broken);
    loads.failAll(broken);
  }

  @Override
  public void cannotShow(TransferException why) {
    if (broken == null && !retired) {
      engine.events().pieceFailed(file, 0, why, true);
      breakDown(why);
    }
  }

  @Override
  public void shown() {
    blocks.shown();
    waiting.wakeIf(piece -> pieces.isReadable(piece) && mayShow(piece));
  }

  @Override
  public void wantAll() {
    plan.readAhead(Long.MAX_VALUE);
  }

  /** Nobody sees anything of the file until these pieces are gone. */
  @Override
  public void discard(BitSet wrong) {
    engine.proofs().beginDiscard(file.fileId());
    blocks.discard(wrong);
  }

  @Override
  public void discarded() {
    if (retired) {
      return;
    }
    engine.proofs().endDiscard(file.fileId());
    if (mayShow()) {
      shown();
    }
  }

  /** Takes all of the file out of the cache; returns the loads that are not done. */
  List<BlockLoad> clear(Runnable whenGone) {
    blocks.removeAll(whenGone);
    return loads.takeAll();
  }

  @Override
  public void committed(int block) {
    engine.held().committed(file, block);
    loads.done(block);
  }

  @Override
  public void notCached(int block, Throwable why) {
    room.giveUp(block, why);
  }

  /** Bytes can be written into the cache again. */
  void roomAgain() {
    if (!retired && broken == null) {
      blocks.roomAgain(loads::isWanted);
      loads.wantAgain();
    }
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

  /** Whether nothing has been wanted for a while. */
  boolean isOver(long nowNs, long lingerNs) {
    verifier.sweep(nowNs);
    patience.sweep(nowNs);
    return idleness.isOver(broken != null, nowNs, lingerNs);
  }

  /** Gives everything back; whoever still waits is told to start over. */
  void retire() {
    retired = true;
    verifier.end();
    questions.end();
    transfers.end();
    engine.node().endFetch(file.fileId(), blocks.committedPieces());
    waiting.failAll(new RetiredException());
    loads.failAll(engine.closed());
    pieces.clear();
    blocks.abandonUnfinished();
  }
}
