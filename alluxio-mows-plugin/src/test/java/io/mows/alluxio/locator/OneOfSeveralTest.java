// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class OneOfSeveralTest {
  @Test
  void shouldStartWhenItsPortIsFree() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    List<String> obstacles = new CopyOnWriteArrayList<>();
    CountDownLatch started = new CountDownLatch(1);
    OneOfSeveral member =
        OneOfSeveral.start(
            () -> {
              if (attempts.incrementAndGet() < 3) {
                throw new IOException("the port is taken");
              }
              started.countDown();
              return closed::incrementAndGet;
            },
            obstacles::add,
            1);
    assertTrue(started.await(1, TimeUnit.MINUTES));
    member.close();
    assertEquals(3, attempts.get());
    assertEquals(1, closed.get());
    assertEquals(List.of("the port is taken", ""), obstacles);
  }

  @Test
  void shouldEndBeforeItHasStarted() throws Exception {
    OneOfSeveral member =
        OneOfSeveral.start(
            () -> {
              throw new IOException("the port is taken");
            },
            why -> {},
            3_600_000);
    member.close();
  }
}
