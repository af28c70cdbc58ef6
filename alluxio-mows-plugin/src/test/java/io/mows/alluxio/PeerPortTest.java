// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.check.Finding;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PeerPortTest {
  @Test
  void shouldSayThatItTakesButCannotBeReached() {
    try (PeerPort port =
        new PeerPort(
            () -> {
              throw new IOException("port 29991 is taken");
            },
            3_600_000)) {
      port.open();
      Finding finding = port.finding().orElseThrow();
      assertEquals(Finding.Level.PROBLEM, finding.level());
      assertTrue(finding.found().contains("takes from others"), finding::found);
      assertTrue(finding.found().contains("port 29991 is taken"), finding::found);
    }
  }

  @Test
  void shouldOpenItWhenItIsFree() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    CountDownLatch open = new CountDownLatch(1);
    try (PeerPort port =
        new PeerPort(
            () -> {
              if (attempts.incrementAndGet() < 3) {
                throw new IOException("taken");
              }
              open.countDown();
            },
            1)) {
      port.open();
      assertTrue(open.await(1, TimeUnit.MINUTES));
      Eventually.await("nothing to be found any more", () -> port.finding().isEmpty());
    }
  }
}
