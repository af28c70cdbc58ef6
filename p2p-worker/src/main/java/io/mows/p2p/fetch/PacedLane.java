// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.fetch.BlockLoads.LaneEndedException;
import io.mows.p2p.fetch.BlockLoads.Manners;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Blocks that are loaded one after the other. For the engine's thread. */
final class PacedLane {
  private final FetchEngine engine;
  private final long windowBytes;
  private final Pace pace = new Pace();
  private final Deque<PacedBlock> waiting = new ArrayDeque<>();
  private final List<PacedBlock> open = new ArrayList<>();
  private Manners manners = Manners.SLOWS_DOWN;
  private boolean heldBack;
  private volatile long partialBytes;

  PacedLane(FetchEngine engine, long windowBytes) {
    this.engine = engine;
    this.windowBytes = windowBytes;
  }

  Pace pace() {
    return pace;
  }

  void setManners(Manners now) {
    manners = now;
  }

  void add(PacedBlock block) {
    waiting.add(block);
  }

  boolean isEmpty() {
    return waiting.isEmpty() && open.isEmpty();
  }

  /** Any thread. */
  long partialBytes() {
    return partialBytes;
  }

  /**
   * Asks for what may be asked for now.
   *
   * @param readers whether readers wait
   */
  void step(boolean readers, long nowNs) {
    open.removeIf(PacedBlock::isOver);
    if (readers && manners == Manners.ENDS) {
      end();
      return;
    }
    if (readers && !heldBack) {
      open.forEach(PacedBlock::holdBack);
    }
    heldBack = readers;
    long window = readers ? 1 : windowBytes;
    long outstanding = 0;
    for (PacedBlock block : open) {
      outstanding += block.outstandingBytes();
    }
    for (int i = 0; outstanding < window; ) {
      if (i == open.size()) {
        if (waiting.isEmpty()) {
          break;
        }
        open.add(waiting.remove());
      }
      PacedBlock block = open.get(i);
      long bytes = block.nextBytes();
      if (bytes == 0 || block.isOver()) {
        i++;
        continue;
      }
      if (!pace.take(bytes, nowNs)) {
        break;
      }
      ask(block);
      outstanding += bytes;
    }
    partialBytes = open.stream().mapToLong(PacedBlock::arrivedBytes).sum();
  }

  private void ask(PacedBlock block) {
    try {
      block.askNext(engine);
    } catch (IOException e) {
      block.fail(e);
    }
  }

  void end() {
    List<PacedBlock> all = new ArrayList<>(open);
    all.addAll(waiting);
    open.clear();
    waiting.clear();
    partialBytes = 0;
    all.forEach(block -> block.giveUp(engine, new LaneEndedException()));
  }
}
