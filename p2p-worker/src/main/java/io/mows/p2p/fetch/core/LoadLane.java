// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.LaneLoads.LaneEndedException;
import io.mows.p2p.fetch.LaneLoads.Manners;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.table.TokenBucket;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Blocks that are loaded one after the other. For the engine's thread. */
final class LoadLane {
  private final String name;
  private final LaneBlock.Files files;
  private final FetchEffects effects;
  private final TokenBucket pace = new TokenBucket();
  private final Deque<LaneBlock> waiting = new ArrayDeque<>();
  private final List<LaneBlock> open = new ArrayList<>();
  private Manners manners = Manners.SLOWS_DOWN;
  private boolean heldBack;
  private long partialBytes;

  LoadLane(String name, LaneBlock.Files files, FetchEffects effects) {
    this.name = name;
    this.files = files;
    this.effects = effects;
  }

  TokenBucket pace() {
    return pace;
  }

  void setManners(Manners now) {
    manners = now;
  }

  void add(LaneBlock block) {
    waiting.add(block);
  }

  boolean isEmpty() {
    return waiting.isEmpty() && open.isEmpty();
  }

  /**
   * Asks for what may be asked for now.
   *
   * @param windowBytes what may have been asked for and not yet come, at most
   * @param readers whether readers wait
   */
  void step(long windowBytes, boolean readers, long nowNs) {
    open.removeIf(LaneBlock::isOver);
    open.forEach(LaneBlock::forgetLost);
    if (readers && manners == Manners.ENDS) {
      end();
      return;
    }
    if (readers && !heldBack) {
      open.forEach(LaneBlock::holdBack);
    }
    heldBack = readers;
    long window = readers ? 1 : windowBytes;
    long outstanding = 0;
    for (LaneBlock block : open) {
      outstanding += block.outstandingBytes();
    }
    for (int i = 0; outstanding < window; ) {
      if (i == open.size()) {
        if (waiting.isEmpty()) {
          break;
        }
        open.add(waiting.remove());
      }
      LaneBlock block = open.get(i);
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
    tell(open.stream().mapToLong(LaneBlock::arrivedBytes).sum());
  }

  private void tell(long bytes) {
    if (partialBytes != bytes) {
      partialBytes = bytes;
      effects.loads().lanePartial(name, bytes);
    }
  }

  private void ask(LaneBlock block) {
    try {
      block.askNext(files);
    } catch (IOException e) {
      block.fail(e);
    }
  }

  void end() {
    List<LaneBlock> all = new ArrayList<>(open);
    open.clear();
    tell(0);
    giveUpWith(all);
  }

  /** Ends the blocks of which nothing is here or on its way. */
  void endWaiting() {
    List<LaneBlock> idle = new ArrayList<>();
    for (LaneBlock block : open) {
      if (!block.hasBegun()) {
        idle.add(block);
      }
    }
    open.removeAll(idle);
    giveUpWith(idle);
  }

  private void giveUpWith(List<LaneBlock> blocks) {
    blocks.addAll(waiting);
    waiting.clear();
    blocks.forEach(block -> block.giveUp(files, new LaneEndedException()));
  }
}
