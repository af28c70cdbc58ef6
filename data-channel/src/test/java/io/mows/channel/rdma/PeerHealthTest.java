// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PeerHealthTest {
  private final PeerHealth health = new PeerHealth();

  @Test
  void shouldPauseAfterAFailure() {
    long nowNs = Long.MAX_VALUE - 1; // The clock may overflow.
    assertTrue(health.mayTry(nowNs));
    assertFalse(health.failed(nowNs));
    assertFalse(health.mayTry(nowNs + PeerHealth.RETRY_NS - 1));
    assertTrue(health.mayTry(nowNs + PeerHealth.RETRY_NS));
  }

  @Test
  void shouldTurnOffAfterSeveralFailuresAndOnAgainAfterAWhile() {
    for (int i = 1; i < PeerHealth.MAX_FAILURES; i++) {
      assertFalse(health.failed(0));
    }
    assertTrue(health.failed(0));
    assertFalse(health.mayTry(PeerHealth.OFF_NS - 1));
    assertTrue(health.mayTry(PeerHealth.OFF_NS));
    assertFalse(health.failed(PeerHealth.OFF_NS), "it starts to count again");
  }

  @Test
  void shouldForgetFailuresAfterASuccess() {
    for (int i = 0; i < 10; i++) {
      assertFalse(health.failed(i));
      assertFalse(health.failed(i));
      health.succeeded();
      assertTrue(health.mayTry(i));
    }
  }
}
