// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class EveryNodeTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void shouldRunAllAtOnce() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    EveryNode all = EveryNode.start(List.of(0, 1, 2), node -> together.await(30, TimeUnit.SECONDS));
    assertEquals(Map.of(), EveryNode.problems(all.await(LONG)));
  }

  @Test
  void shouldTellWhichNodesFailed() throws Exception {
    EveryNode all =
        EveryNode.start(
            List.of(4, 7),
            node -> {
              if (node == 7) {
                throw new IOException("no such mount");
              }
            });
    assertEquals(
        Map.of(7, "java.io.IOException: no such mount"), EveryNode.problems(all.await(LONG)));
  }

  @Test
  void shouldGiveUpOnANodeThatHangsAndNotWaitForOthers() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    EveryNode all =
        EveryNode.start(
            List.of(1, 2),
            node -> {
              if (node == 2) {
                never.await();
              }
            });
    assertEquals(Map.of(), EveryNode.problems(all.await(List.of(1), LONG)));
    Map<Integer, String> problems = EveryNode.problems(all.await(Duration.ofMillis(20)));
    assertTrue(problems.get(2).contains("not done after 0.02 s"), problems.toString());
    never.countDown();
  }
}
