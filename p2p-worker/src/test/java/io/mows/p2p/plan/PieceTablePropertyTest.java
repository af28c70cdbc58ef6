// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.origin.CountedSchedule;
import io.mows.p2p.swarm.origin.OriginStart;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class PieceTablePropertyTest {
  private static final int PIECE = 100;
  private static final Backoff BACKOFF = new Backoff(1_000, 8_000, 3);

  /** Whatever happens in whatever order: the counts fit, and in the end everything arrives. */
  @Test
  void shouldArriveInTheEndWhateverHappens() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      new Run(random, "seed " + seed + ", round " + round).run();
    }
  }

  private static final class Run {
    private final Random random;
    private final String name;
    private final FileLayout layout;
    private final PieceTable plan;
    private final CountedSchedule schedule;
    private final TreeSet<Integer> arriving = new TreeSet<>();
    private final List<Integer> demands = new ArrayList<>();
    private BitSet asked;
    private long nowNs;

    Run(Random random, String name) {
      this.random = random;
      this.name = name;
      this.layout = new FileLayout(1 + random.nextInt(3_000), 1 + random.nextInt(800), PIECE);
      this.plan = new PieceTable(layout, BACKOFF);
      this.schedule = new CountedSchedule(1 + random.nextInt(8), 1 + random.nextInt(4));
      schedule.add(plan);
    }

    void run() {
      for (int i = 0; i < 300; i++) {
        step();
        startNext();
        checkBlocks();
      }
      demands.forEach(plan.wants()::undemand);
      for (int block = 0; block < layout.blockCount(); block++) {
        plan.wants().loadBlock(block);
      }
      for (int i = 0; i < 2_000 && !plan.isIdle(); i++) {
        nowNs += 10_000;
        startNext();
        arriving.forEach(piece -> schedule.landed(plan, piece));
        arriving.clear();
        plan.validated(asked == null ? plan.beginValidation() : asked);
        asked = null;
      }
      assertTrue(plan.isIdle(), () -> name + ": not idle");
      assertEquals(0, schedule.readsInFlight(), name);
      for (int piece = 0; piece < layout.pieceCount(); piece++) {
        assertTrue(plan.has(piece), name);
      }
    }

    private void step() {
      nowNs += random.nextInt(2_000);
      int piece = random.nextInt(layout.pieceCount());
      switch (random.nextInt(9)) {
        case 0:
          plan.wants().demand(piece);
          demands.add(piece);
          break;
        case 1:
          if (!demands.isEmpty()) {
            plan.wants().undemand(demands.remove(random.nextInt(demands.size())));
          }
          break;
        case 2:
          plan.wants().loadBlock(random.nextInt(layout.blockCount()));
          break;
        case 3:
          plan.wants().readAhead(random.nextInt(1_000));
          break;
        case 4:
          plan.wants().slideWindow(piece, 2);
          break;
        case 5:
          plan.lost(piece);
          break;
        case 6:
          validate();
          break;
        default:
          endRead();
      }
    }

    private void endRead() {
      if (arriving.isEmpty()) {
        return;
      }
      int piece = arriving.pollFirst();
      switch (random.nextInt(5)) {
        case 0:
          schedule.failed(plan, piece, Remedy.RETRY, nowNs);
          break;
        case 1:
          schedule.withdrawn(plan, piece, nowNs + 10);
          break;
        default:
          schedule.landed(plan, piece);
      }
    }

    private void validate() {
      if (asked == null) {
        asked = plan.wantsValidation(4) ? plan.beginValidation() : null;
      } else if (random.nextInt(4) > 0) {
        plan.validated(asked);
        asked = null;
      } else {
        plan.validationEnded();
        asked.stream().forEach(piece -> plan.failed(piece, Remedy.RETRY, nowNs));
        asked = null;
      }
    }

    private void startNext() {
      Optional<OriginStart> start = schedule.next(nowNs);
      while (start.isPresent()) {
        int piece = start.get().piece();
        assertFalse(plan.has(piece), () -> name + ": piece " + piece + " is here");
        assertTrue(arriving.add(piece), () -> name + ": piece " + piece + " was started twice");
        start = schedule.next(nowNs);
      }
    }

    private void checkBlocks() {
      for (Integer b = plan.pollCompletedBlock(); b != null; b = plan.pollCompletedBlock()) {
        for (int p = layout.firstPieceOfBlock(b); p <= layout.lastPieceOfBlock(b); p++) {
          assertTrue(plan.has(p), name);
        }
      }
    }
  }
}
