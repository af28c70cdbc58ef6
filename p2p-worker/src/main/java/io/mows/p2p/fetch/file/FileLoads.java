// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore.NoSpaceException;
import io.mows.p2p.fetch.table.BlockLoad;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.PieceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The loads of one file that are not done. For the engine's thread. */
public final class FileLoads {
  private final FileSpec file;
  private final PieceTable plan;
  private final ArrivedPieces pieces;
  private final FileBlocks blocks;
  private final Runnable onChange;
  private final List<BlockLoad> loads = new ArrayList<>();

  /**
   * @param onChange run when there are others than before
   */
  public FileLoads(
      FileSpec file, PieceTable plan, ArrivedPieces pieces, FileBlocks blocks, Runnable onChange) {
    this.file = file;
    this.plan = plan;
    this.pieces = pieces;
    this.blocks = blocks;
    this.onChange = onChange;
  }

  /** Asks for what {@code load} lacks, unless it is paced: then {@link #want} does, bit by bit. */
  public void begin(BlockLoad load) {
    for (int block : load.blocks()) {
      blocks.gone(block);
      if (blocks.isCommitted(block)) {
        load.done(block);
      } else if (load.needsRoom() && !blocks.isFilling(block)) {
        load.fail(NoSpaceException.of(file, block));
      } else if (!load.isPaced()) {
        blocks.want(block);
      }
    }
    if (!load.isDone()) {
      loads.add(load);
      onChange.run();
    }
  }

  /** One more piece of {@code block} for a paced load. */
  public void want(int block, int piece) {
    if (plan.has(piece) && !blocks.holds(block, piece)) {
      pieces.lose(piece);
    }
    plan.wants().setLoaded(piece, true);
  }

  /** Whether {@code block} has its share of {@code piece}. */
  public boolean isHere(int block, int piece) {
    return blocks.holds(block, piece);
  }

  /** Whether {@code block} will get its share of {@code piece} without being asked for it. */
  public boolean isComing(int block, int piece) {
    // What is here for readers only is lost, and fetched again, when bytes can be written.
    boolean waits = plan.has(piece) && !blocks.canWrite();
    return waits || plan.wants().isLoaded(piece) || plan.isUnderWay(piece);
  }

  /**
   * A paced load can wait: what has not been started is not, unless another load wants it, of this
   * block or the next one that {@code piece} lies in.
   */
  public void unwant(int piece) {
    unwant(piece, load -> !load.isPaced());
  }

  private void unwant(int piece, Predicate<BlockLoad> counts) {
    FileLayout layout = file.layout();
    for (int b = layout.firstBlockOfPiece(piece); b <= layout.lastBlockOfPiece(piece); b++) {
      int block = b;
      if (loads.stream().anyMatch(load -> counts.test(load) && load.wants(block))) {
        return;
      }
    }
    plan.wants().setLoaded(piece, false);
  }

  public void forget(BlockLoad load) {
    loads.remove(load);
    onChange.run();
  }

  public int size() {
    return loads.size();
  }

  public boolean isEmpty() {
    return loads.isEmpty();
  }

  public boolean areAllPaced() {
    return loads.stream().allMatch(BlockLoad::isPaced);
  }

  /** Asks again for what has come for readers only, unless it is paced. */
  public void wantAgain() {
    Set<Integer> all = new TreeSet<>();
    loads.stream().filter(load -> !load.isPaced()).forEach(load -> all.addAll(load.blocks()));
    all.forEach(blocks::want);
  }

  public boolean isWanted(int block) {
    return loads.stream().anyMatch(load -> load.wants(block));
  }

  public void done(int block) {
    loads.forEach(load -> load.done(block));
    forgetDone();
  }

  /** Fails those that want {@code block}. */
  public void fail(int block, Throwable failure) {
    loads.stream().filter(load -> load.wants(block)).forEach(load -> load.fail(failure));
    forgetDone();
  }

  private void forgetDone() {
    if (loads.removeIf(BlockLoad::isDone)) {
      onChange.run();
    }
  }

  /**
   * Fails those on whose end somebody waits; what only they wanted is not wanted any more.
   *
   * @return false if there was none
   */
  public boolean failAwaited(Throwable failure) {
    List<BlockLoad> awaited = new ArrayList<>(loads);
    awaited.removeIf(BlockLoad::needsRoom);
    if (loads.removeAll(awaited)) {
      onChange.run();
    }
    for (BlockLoad load : awaited) {
      load.blocks().forEach(this::unwantAll);
      load.fail(failure);
    }
    return !awaited.isEmpty();
  }

  private void unwantAll(int block) {
    FileLayout layout = file.layout();
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      unwant(p, load -> true);
    }
  }

  /** Whether no load has anybody who waits for its end. */
  public boolean isNobodyWaiting() {
    return loads.stream().allMatch(BlockLoad::needsRoom);
  }

  public void failAll(Throwable failure) {
    takeAll().forEach(load -> load.fail(failure));
  }

  /** They are somebody else's to bring now. */
  public List<BlockLoad> takeAll() {
    List<BlockLoad> all = new ArrayList<>(loads);
    loads.clear();
    onChange.run();
    return all;
  }
}
