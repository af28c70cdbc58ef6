// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class StrikesTest {
  private static final long PEER = 9;

  private final Strikes strikes = new Strikes(2, 100);

  @Test
  void shouldQuarantineAfterRepeatedStrikesOnly() {
    assertFalse(strikes.strike(PEER, 0));
    assertFalse(strikes.isQuarantined(PEER, 1));
    assertTrue(strikes.strike(PEER, 2));
    assertTrue(strikes.isQuarantined(PEER, 3));
    assertFalse(strikes.isQuarantined(PEER + 1, 3));
  }

  @Test
  void shouldEndTheQuarantineAndDoubleTheNextOne() {
    strikes.strike(PEER, 0);
    strikes.strike(PEER, 0);
    assertTrue(strikes.isQuarantined(PEER, 99));
    assertFalse(strikes.isQuarantined(PEER, 100));
    strikes.strike(PEER, 1_000);
    strikes.strike(PEER, 1_000);
    assertTrue(strikes.isQuarantined(PEER, 1_199));
    assertFalse(strikes.isQuarantined(PEER, 1_200));
  }
}
