// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.sim.SimNetwork.Link;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class SimNetworkTest {
  private static final long STEP_NS = 1_000_000;

  private final EventQueue events = new EventQueue();
  private final SimNetwork network = new SimNetwork(events, STEP_NS);

  private AtomicLong start(Link up, Link down, long bytes) {
    AtomicLong endNs = new AtomicLong();
    network.start(up, down, bytes, () -> endNs.set(events.nowNs()));
    return endNs;
  }

  private static double seconds(AtomicLong endNs) {
    return endNs.get() / 1e9;
  }

  private void runAll() {
    boolean more = true;
    while (more) {
      more = events.runNext();
    }
  }

  @Test
  void shouldMoveOneFlowAtTheRateOfTheSlowerLink() {
    AtomicLong end = start(new Link(1e6), new Link(5e6), 1_000_000);
    runAll();
    assertEquals(1.0, seconds(end), 0.002);
  }

  @Test
  void shouldShareALinkFairlyAndGiveAwayWhatAFlowCannotUse() {
    Link up = new Link(3e6);
    // One receiver can take only 0.5 MB/s: the other one gets the remaining 2.5 MB/s.
    AtomicLong slow = start(up, new Link(0.5e6), 1_000_000);
    AtomicLong fast = start(up, new Link(9e6), 2_500_000);
    runAll();
    assertEquals(2, seconds(slow), 0.02);
    assertEquals(1, seconds(fast), 0.02);
  }

  @Test
  void shouldNotMoveAFlowFasterThanItsConnectionCan() {
    Link up = new Link(3e6);
    AtomicLong limitedEnd = new AtomicLong();
    network.start(up, new Link(9e6), 0.5e6, 500_000, () -> limitedEnd.set(events.nowNs()));
    AtomicLong free = start(up, new Link(9e6), 2_500_000);
    runAll();
    assertEquals(1, seconds(limitedEnd), 0.02);
    assertEquals(1, seconds(free), 0.02);
  }

  @Test
  void shouldGiveTheRestAllOfTheLinkWhenAFlowEnds() {
    Link up = new Link(1e6);
    AtomicLong small = start(up, new Link(9e6), 500_000);
    AtomicLong large = start(up, new Link(9e6), 1_000_000);
    runAll();
    assertEquals(1.0, seconds(small), 0.01);
    assertEquals(1.5, seconds(large), 0.01);
  }
}
