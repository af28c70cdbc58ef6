// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.thread.NamedThreads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class NappingThreadsTest {
  private static final int TASKS = 10_000;

  private final NappingThreads threads = new NappingThreads(NamedThreads.many("mows-test"), 2);
  private final AtomicInteger done = new AtomicInteger();

  @Test
  void shouldRunEachTaskOnce() {
    for (int i = 0; i < TASKS; i++) {
      assertTrue(threads.run(done::incrementAndGet));
    }
    threads.shutDown();
    assertEquals(TASKS, done.get());
  }

  @Test
  void shouldRunWhatComesOneByOne() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      threads.run(ran::countDown);
      await(ran);
    }
    threads.shutDown();
  }

  @Test
  void shouldRunOthersWhileOneIsStuck() throws InterruptedException {
    CountDownLatch freed = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(100);
    threads.run(
        () -> {
          try {
            await(freed);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    for (int i = 0; i < 100; i++) {
      threads.run(others::countDown);
    }
    await(others);
    freed.countDown();
    threads.shutDown();
  }

  @Test
  void shouldGoOnAfterATaskThatFails() {
    threads.run(
        () -> {
          throw new IllegalStateException("a bug");
        });
    threads.run(done::incrementAndGet);
    threads.shutDown();
    assertEquals(1, done.get());
  }

  @Test
  void shouldTakeNothingAfterTheEnd() {
    threads.shutDown();
    assertFalse(threads.run(done::incrementAndGet));
    assertEquals(0, done.get());
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(60, TimeUnit.SECONDS));
  }
}
