// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.EngineClosed;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.BlockLoad;
import io.mows.p2p.fetch.table.WaitingReaders;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.plan.Wants;
import java.util.List;
import java.util.OptionalLong;

/** Who wants what of one file: readers, loads, and read-ahead. For the engine's thread. */
public final class FileWants implements WaitingReaders.Answers {
  private final FileSpec file;
  private final FetchState state;
  private final Wants wanted;
  private final ArrivedPieces pieces;
  private final WaitingReaders waiting = new WaitingReaders(this);
  private final FileLoads loads;
  private final OriginPatience patience;

  /** How far the file is to be read ahead; empty if it is not. */
  private OptionalLong aheadBytes = OptionalLong.empty();

  /** Why nobody gets anything any more; null if that is not so. */
  private TransferException broken;

  private boolean retired;

  public FileWants(
      FileSpec file, FetchState state, PieceTable plan, ArrivedPieces pieces, FileBlocks blocks) {
    this.file = file;
    this.state = state;
    this.wanted = plan.wants();
    this.pieces = pieces;
    this.loads = new FileLoads(file, plan, pieces, blocks, this::changed);
    this.patience = new OriginPatience(file, state, plan, waiting, loads);
  }

  public WaitingReaders readers() {
    return waiting;
  }

  public FileLoads loads() {
    return loads;
  }

  public OriginPatience patience() {
    return patience;
  }

  private boolean isVisible(int piece) {
    return pieces.isReadable(piece) && state.proofs().mayShow(file.fileId(), piece);
  }

  /** A reader waits for {@code piece}; {@link #letGo} ends that, whatever comes of it. */
  public void demand(int piece, long reader) {
    if (broken != null) {
      state.effects().readers().failReader(reader, broken);
      return;
    }
    wanted.demand(piece);
    if (isVisible(piece)) {
      state.effects().readers().wake(reader);
    } else {
      waiting.add(piece, reader);
    }
  }

  /** The reader of {@link #demand} has its bytes or has given up. */
  public void letGo(int piece) {
    if (!retired) {
      wanted.undemand(piece);
    }
  }

  /** {@code piece} is here and may be shown, if it may be shown. */
  public void arrived(int piece) {
    if (state.proofs().mayShow(file.fileId(), piece)) {
      waiting.wake(piece, null);
    }
  }

  /** What is here may be shown now. */
  public void shown() {
    waiting.wakeIf(this::isVisible);
  }

  public void load(BlockLoad load) {
    if (broken != null) {
      load.fail(broken);
    } else {
      loads.begin(load);
    }
  }

  /** Whether neither a reader nor a load wants anything. */
  public boolean isNothingWanted() {
    return !wanted.isAnyAwaited() && !wanted.hasMoreAhead() && loads.isEmpty();
  }

  /** Whether anybody wants something but loads that are paced. */
  public boolean isAnythingUrgent() {
    return wanted.isAnyAwaited() || wanted.hasMoreAhead() || !loads.areAllPaced();
  }

  /**
   * @param budgetBytes how far ahead of its reader the file may be read
   */
  public void readAhead(long budgetBytes) {
    if (broken == null) {
      wanted.readAhead(budgetBytes);
      aheadBytes = OptionalLong.of(budgetBytes);
    }
  }

  /**
   * What is not under way stays where it is. But a file of which nothing may be shown before all of
   * it is here goes on: somebody may wait for a piece of it.
   */
  public void endReadAhead() {
    aheadBytes = OptionalLong.empty();
    if (state.proofs().mayShow(file.fileId())) {
      wanted.endReadAhead();
    }
  }

  /** How far was to be read ahead, if nobody waits any more for an origin that is away. */
  public OptionalLong lostAheadBytes() {
    return patience.isForNobody() ? aheadBytes : OptionalLong.empty();
  }

  /** A reader has begun to read {@code piece}, which is not cached: the next ones may come. */
  public void streamed(int piece) {
    if (!retired && broken == null) {
      wanted.slideWindow(piece + 1, state.uncached().maxPieces() / 4);
    }
  }

  /** Nobody gets anything any more; those who wait are told by {@link #failAll}. */
  public void end(TransferException why) {
    broken = why;
    wanted.slideWindow(0, -1);
  }

  public void failAll() {
    waiting.failAll(broken);
    loads.failAll(broken);
  }

  /** The fetch is over: whoever still waits is told to start over. */
  public void retire() {
    retired = true;
    List<Long> readers = waiting.takeAll();
    readers.forEach(state.effects().readers()::lookAgain);
    loads.failAll(EngineClosed.failure());
  }

  @Override
  public void wake(long reader) {
    state.effects().readers().wake(reader);
  }

  @Override
  public void fail(long reader, Throwable failure) {
    state.effects().readers().failReader(reader, failure);
  }

  @Override
  public void changed() {
    state.effects().views().waiters(file, waiting.with(loads.size()));
  }
}
