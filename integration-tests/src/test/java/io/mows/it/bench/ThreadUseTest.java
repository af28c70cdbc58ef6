// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ThreadUseTest {
  /** Several ticks of the kernel's table. */
  private static final long WORK_NS = 50_000_000;

  private final CountDownLatch worked = new CountDownLatch(1);
  private final CountDownLatch seen = new CountDownLatch(1);

  private void work() {
    while (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() < WORK_NS) {
      Thread.onSpinWait();
    }
    worked.countDown();
    try {
      seen.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shouldTellWhichThreadsWork() throws Exception {
    try (ThreadUse use = new ThreadUse(ProcessHandle.current().pid())) {
      Thread worker = new Thread(this::work, "test-use-17");
      worker.start();
      worked.await();
      double seconds = use.seconds("test-use");
      assertTrue(seconds > 0, seconds + " s");
      assertTrue(use.seconds() >= seconds, "those of the process");
      assertEquals(0, use.seconds("nobody"));
      assertEquals(1, use.busiestShare("test-use"));
      assertTrue(use.secondsByName().get("test-use") >= seconds, "without the number");
      seen.countDown();
      worker.join();
    }
  }
}
