// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.fetch.BlockSpace.NoSpaceException;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.FilePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** The loads of one file that are not done. For the engine's thread, but for {@link #size}. */
final class FileLoads {
  private final FileSpec file;
  private final FilePlan plan;
  private final ArrivedPieces pieces;
  private final FileBlocks blocks;
  private final List<BlockLoad> loads = new CopyOnWriteArrayList<>();

  FileLoads(FileSpec file, FilePlan plan, ArrivedPieces pieces, FileBlocks blocks) {
    this.file = file;
    this.plan = plan;
    this.pieces = pieces;
    this.blocks = blocks;
  }

  /** Asks for what {@code load} lacks, unless it is paced: then {@link #want} does, bit by bit. */
  void begin(BlockLoad load) {
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

  /** Any thread. */
  int size() {
    return loads.size();
  }

  boolean isEmpty() {
    return loads.isEmpty();
  }

  boolean areAllPaced() {
    return loads.stream().allMatch(BlockLoad::isPaced);
  }

  /** Asks again for what has come for readers only, unless it is paced. */
  void wantAgain() {
    Set<Integer> all = new TreeSet<>();
    loads.stream().filter(load -> !load.isPaced()).forEach(load -> all.addAll(load.blocks()));
    all.forEach(blocks::want);
  }

  boolean isWanted(int block) {
    return loads.stream().anyMatch(load -> load.wants(block));
  }

  void done(int block) {
    loads.forEach(load -> load.done(block));
    loads.removeIf(BlockLoad::isDone);
  }

  /** Fails those that want {@code block}. */
  void fail(int block, Throwable failure) {
    loads.stream().filter(load -> load.wants(block)).forEach(load -> load.fail(failure));
    loads.removeIf(BlockLoad::isDone);
  }

  /**
   * Fails those on whose end somebody waits; what only they wanted is not wanted any more.
   *
   * @return false if there was none
   */
  boolean failAwaited(Throwable failure) {
    List<BlockLoad> awaited = new ArrayList<>(loads);
    awaited.removeIf(BlockLoad::needsRoom);
    loads.removeAll(awaited);
    for (BlockLoad load : awaited) {
      for (int block : load.blocks()) {
        if (!isWanted(block)) {
          unwantAll(block);
        }
      }
      load.fail(failure);
    }
    return !awaited.isEmpty();
  }

  private void unwantAll(int block) {
    FileLayout layout = file.layout();
    for (int p = layout.firstPieceOfBlock(block); p <= layout.lastPieceOfBlock(block); p++) {
      plan.setWanted(p, false);
    }
  }

  /** Whether no load has anybody who waits for its end. */
  boolean isNobodyWaiting() {
    return loads.stream().allMatch(BlockLoad::needsRoom);
  }

  void failAll(Throwable failure) {
    takeAll().forEach(load -> load.fail(failure));
  }

  /** They are somebody else's to bring now. */
  List<BlockLoad> takeAll() {
    List<BlockLoad> all = new ArrayList<>(loads);
    loads.clear();
    return all;
  }
}
