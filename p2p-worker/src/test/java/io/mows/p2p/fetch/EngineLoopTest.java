// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EngineLoopTest {
  private final AtomicInteger pumps = new AtomicInteger();
  private final CountDownLatch enough = new CountDownLatch(20);
  private final EngineLoop loop =
      new EngineLoop(task -> new Thread(task, "mows-loop-test"), this::pump, System::nanoTime);
  private volatile long pauseNs = 1_000_000;

  private OptionalLong pump() {
    pumps.incrementAndGet();
    enough.countDown();
    return OptionalLong.of(System.nanoTime() + pauseNs);
  }

  @AfterEach
  void end() {
    loop.executor().shutdownNow();
  }

  @Test
  void shouldWakeUpAgainAndAgain() throws InterruptedException {
    assertTrue(loop.run(() -> {}));
    assertTrue(enough.await(5, TimeUnit.SECONDS), () -> "only " + pumps);
  }

  @Test
  void shouldEndWithoutWaitingForWhatIsDueLater() throws InterruptedException {
    pauseNs = TimeUnit.MINUTES.toNanos(1);
    loop.run(loop::stopTimer);
    loop.run(() -> {});
    loop.executor().shutdown();
    assertTrue(loop.executor().awaitTermination(5, TimeUnit.SECONDS));
    assertEquals(2, pumps.get());
    assertEquals(0, loop.failedSteps());
  }

  @Test
  void shouldSayThatItHasEnded() {
    loop.executor().shutdown();
    assertFalse(loop.run(() -> {}));
  }

  @Test
  void shouldCountStepsThatFail() throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(1);
    loop.run(
        () -> {
          failed.countDown();
          throw new IllegalStateException("a bug");
        });
    assertTrue(failed.await(5, TimeUnit.SECONDS));
    loop.run(() -> {});
    assertTrue(enough.await(5, TimeUnit.SECONDS), "it goes on");
    assertEquals(1, loop.failedSteps());
  }
}
