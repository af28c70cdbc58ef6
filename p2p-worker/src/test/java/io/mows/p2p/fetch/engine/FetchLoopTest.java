// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.io.FetchLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FetchLoopTest {
  private final AtomicInteger pumps = new AtomicInteger();
  private final CountDownLatch enough = new CountDownLatch(20);
  private final FetchLoop loop =
      new FetchLoop(
          task -> new Thread(task, "mows-loop-test"), () -> {}, this::pump, System::nanoTime);
  private volatile long pauseNs = 1_000_000;

  FetchLoopTest() {
    loop.start();
  }

  private OptionalLong pump() {
    pumps.incrementAndGet();
    enough.countDown();
    return OptionalLong.of(System.nanoTime() + pauseNs);
  }

  @AfterEach
  void end() {
    loop.shutDown();
  }

  @Test
  void shouldWakeUpAgainAndAgain() throws InterruptedException {
    assertTrue(loop.run(() -> {}));
    assertTrue(enough.await(5, TimeUnit.SECONDS), () -> "only " + pumps);
  }

  @Test
  void shouldDecideOnceForTasksThatWait() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    loop.run(
        () -> {
          loop.stopTimer();
          begun.countDown();
          awaitUninterrupted(all);
        });
    assertTrue(begun.await(5, TimeUnit.SECONDS));
    int tasks = 2 * FetchLoop.BATCH + 1;
    List<Integer> pumpsBefore = new ArrayList<>();
    for (int i = 1; i < tasks; i++) {
      loop.run(() -> pumpsBefore.add(pumps.get()));
    }
    loop.run(done::countDown);
    all.countDown();
    assertTrue(done.await(5, TimeUnit.SECONDS));
    loop.shutDown();
    assertEquals(3, pumps.get(), "two whole batches, and two tasks");
    assertEquals(0, pumpsBefore.get(FetchLoop.BATCH - 2), "the first task is of the batch, too");
    assertEquals(1, pumpsBefore.get(FetchLoop.BATCH - 1));
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      assertTrue(latch.await(5, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldDecideAfterATaskThatFails() throws InterruptedException {
    loop.run(
        () -> {
          loop.stopTimer();
          throw new IllegalStateException("a bug");
        });
    loop.shutDown();
    assertEquals(1, pumps.get());
    assertEquals(1, loop.failedSteps());
  }

  @Test
  void shouldEndWithoutWaitingForWhatIsDueLater() throws InterruptedException {
    pauseNs = TimeUnit.MINUTES.toNanos(1);
    loop.run(loop::stopTimer);
    loop.run(() -> {});
    loop.shutDown();
    assertTrue(pumps.get() == 1 || pumps.get() == 2, () -> pumps + " for two tasks");
    assertEquals(0, loop.failedSteps());
  }

  @Test
  void shouldSayThatItHasEnded() {
    loop.shutDown();
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
