// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/** On a network that is a function: bytes a second of so many connections. */
final class LaneTrialTest {
  private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long FLOW = 12_500_000;

  private final List<Integer> used = new ArrayList<>(List.of(1));
  private final FakeTurn turn = new FakeTurn();
  private LaneTrial trial = new LaneTrial(8, turn);
  private IntToLongFunction network = lanes -> FLOW * lanes;
  private long nowNs = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5); // a clock may wrap
  private long receivedBytes;
  private int open = 1;
  private boolean opens = true;

  private void run(double seconds) {
    for (long ran = 0; ran < seconds * 1e9; ran += TICK_NS) {
      tick(true);
    }
  }

  private void tick(boolean busy) {
    int width = used.get(used.size() - 1);
    nowNs += TICK_NS;
    receivedBytes += busy ? network.applyAsLong(Math.min(width, open)) / 10 : 0;
    int next = trial.update(nowNs, receivedBytes, busy, open);
    if (next != width) {
      used.add(next);
    }
    open = opens ? Math.max(open, next) : open;
  }

  @Test
  void shouldUseAsManyAsHelpWithinSeconds() {
    run(4.5);
    assertEquals(List.of(1, 2, 4, 8), used);
    run(60);
    assertEquals(List.of(1, 2, 4, 8), used);
    assertTrue(turn.isFree());
  }

  @Test
  void shouldKeepWhatHelpsAndNoMore() {
    network = lanes -> FLOW * Math.min(3, lanes);
    run(9);
    assertEquals(List.of(1, 2, 4), used.subList(0, 3), "four fill it, two do not");
    assertEquals(4, used.get(used.size() - 1), "eight do not bring more");
  }

  @Test
  void shouldTryAgainLessAndLessWhereOneIsEnough() {
    network = lanes -> 100 * FLOW;
    run(600);
    assertEquals(1, used.get(used.size() - 1));
    long trials = used.stream().filter(width -> width == 2).count();
    assertTrue(trials >= 3 && trials <= 7, () -> trials + " trials in ten minutes");
    assertTrue(used.stream().allMatch(width -> width <= 2), used::toString);
    assertTrue(turn.isFree());
  }

  @Test
  void shouldNotTakeAFasterStartForAGain() {
    long startNs = nowNs;
    network = lanes -> (long) (FLOW * Math.min(1, 0.2 + (nowNs - startNs) / 1e9));
    run(9);
    assertEquals(1, used.get(used.size() - 1), used::toString);
  }

  @Test
  void shouldGoBackIfTheConnectionsDoNotCome() {
    opens = false;
    run(6);
    assertEquals(List.of(1, 2, 1), used);
  }

  @Test
  void shouldForgetATrialThatIsInterruptedButNotWhatWasFound() {
    run(2.5);
    assertEquals(4, used.get(used.size() - 1));
    tick(false);
    assertEquals(2, used.get(used.size() - 1), "of four nothing is known");
    assertTrue(turn.isFree());
    run(5);
    assertEquals(8, used.get(used.size() - 1));
  }

  @Test
  void shouldWaitForItsTurn() {
    LaneTrial other = new LaneTrial(8, turn);
    assertTrue(turn.take(other));
    run(5);
    assertEquals(List.of(1), used);
    turn.give(other);
    run(5);
    assertEquals(8, used.get(used.size() - 1));
    assertFalse(turn.take(trial) && !turn.take(trial));
  }

  @Test
  void shouldKeepToItsLimit() {
    trial = new LaneTrial(3, turn);
    run(10);
    assertEquals(List.of(1, 2, 3), used);
  }

  private static final class FakeTurn implements LaneTrial.Turn {
    private LaneTrial holder;

    boolean isFree() {
      return holder == null;
    }

    @Override
    public boolean take(LaneTrial who) {
      if (holder == null) {
        holder = who;
      }
      return holder == who;
    }

    @Override
    public void give(LaneTrial who) {
      if (holder == who) {
        holder = null;
      }
    }
  }
}
