// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LoopRestTest {
  private static final long LONG_NS = 1_000_000_000;
  private static final long SOON_NS = LoopRest.NAP_NS / 4;

  private final FakeParking machine = new FakeParking();
  private final LoopRest rest = new LoopRest(machine);
  private boolean isAnything;

  private void rest() {
    isAnything = false;
    machine.parks.clear();
    rest.begin(() -> isAnything, machine.nowNs, machine.nowNs + LONG_NS);
  }

  /** What happens while the thread is parked, so long after it began to be. */
  private void duringPark(long afterNs, Runnable what) {
    machine.happening.add(
        () -> {
          machine.nowNs += afterNs;
          isAnything = true;
          what.run();
        });
  }

  private void getBusy() {
    duringPark(SOON_NS, () -> rest.endSleep(null));
    rest();
  }

  @Test
  void shouldSleepUntilSomethingComesWhileLittleHappens() {
    duringPark(10 * LoopRest.NAP_NS, () -> rest.endSleep(null));
    rest();
    assertEquals(List.of(LONG_NS), machine.parks);
    assertEquals(1, machine.unparks, "also what can wait ends a sleep");
    rest();
    assertEquals(List.of(LONG_NS), machine.parks, "and there is no nap after a long one");
  }

  @Test
  void shouldNapAfterAShortRest() {
    getBusy();
    int before = machine.unparks;
    duringPark(SOON_NS, () -> rest.endSleep(null));
    rest();
    assertEquals(List.of(LoopRest.NAP_NS), machine.parks, "what has come is dealt with");
    assertEquals(before, machine.unparks, "nobody is woken for what can wait");
  }

  @Test
  void shouldEndANapForWhatCannotWait() {
    getBusy();
    int before = machine.unparks;
    duringPark(SOON_NS, () -> rest.end(null));
    rest();
    assertEquals(List.of(LoopRest.NAP_NS), machine.parks);
    assertEquals(before + 1, machine.unparks);
  }

  @Test
  void shouldSleepAfterANapThatBroughtNothing() {
    getBusy();
    machine.happening.add(() -> machine.nowNs += LoopRest.NAP_NS);
    duringPark(LONG_NS / 2, () -> rest.endSleep(null));
    rest();
    assertEquals(List.of(LoopRest.NAP_NS, LONG_NS - LoopRest.NAP_NS), machine.parks);
    rest();
    assertEquals(List.of(LONG_NS), machine.parks, "little happens");
  }

  @Test
  void shouldNotRestWhenThereIsSomethingToDo() {
    rest.begin(() -> true, machine.nowNs, machine.nowNs + LONG_NS);
    assertEquals(List.of(), machine.parks);
  }

  @Test
  void shouldNotNapLongerThanUntilTheNextTimer() {
    getBusy();
    machine.parks.clear();
    rest.begin(() -> false, machine.nowNs, machine.nowNs + 7);
    assertEquals(List.of(7L), machine.parks);
  }

  @Test
  void shouldNapBeforeItDealsWithWhatCanWait() {
    getBusy();
    machine.parks.clear();
    rest.endSleep(null);
    rest.begin(() -> true, machine.nowNs, machine.nowNs + LONG_NS);
    assertEquals(List.of(LoopRest.NAP_NS), machine.parks, "there will be more of it");
  }

  @Test
  void shouldNotNapBeforeItDealsWithWhatCannotWait() {
    getBusy();
    machine.parks.clear();
    rest.end(null);
    rest.begin(() -> true, machine.nowNs, machine.nowNs + LONG_NS);
    assertEquals(List.of(), machine.parks);
  }

  /** A machine on which things happen as soon as the thread is parked. */
  private static final class FakeParking implements LoopRest.Parking {
    private final List<Long> parks = new ArrayList<>();
    private final List<Runnable> happening = new ArrayList<>();
    private int unparks;
    private long nowNs;

    @Override
    public long nanoTime() {
      return nowNs;
    }

    @Override
    public void park(long ns) {
      parks.add(ns);
      if (happening.isEmpty()) {
        nowNs += ns;
      } else {
        happening.remove(0).run();
      }
    }

    @Override
    public void unpark(Thread thread) {
      unparks++;
    }
  }
}
