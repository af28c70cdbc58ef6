// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginLifecycleTest {
  @TempDir Path dir;

  @Test
  void shouldLeaveNoThreadBehindThoughTransfersWereUnderWay() throws Exception {
    Set<Thread> before = threads();
    Files.write(dir.resolve("object"), new byte[10_000_000]);
    InputStream body;
    try (TestOrigin origin =
        TestOrigin.builder()
            .bucket("models", dir)
            .adminPort(0)
            .shaping(Shaping.unshaped().withTotalBytesPerSecond(100_000))
            .start()) {
      body = new RawClient(origin, "models").stream("object").body();
      assertTrue(body.read() >= 0);
    }
    assertThrows(IOException.class, body::readAllBytes);
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!left(before).isEmpty() && System.nanoTime() < deadlineNs) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertEquals(Set.of(), left(before));
  }

  @Test
  void shouldSayWhyItCannotStart() throws Exception {
    try (TestOrigin first = TestOrigin.builder().bucket("models", dir).start()) {
      TestOrigin.Builder second = TestOrigin.builder().bucket("models", dir).port(first.port());
      IOException error = assertThrows(IOException.class, second::start);
      assertTrue(error.getMessage().contains(":" + first.port()), error.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> TestOrigin.builder().start());
    assertThrows(
        IllegalArgumentException.class,
        () -> TestOrigin.builder().bucket("models", dir.resolve("nothing")));
  }

  private static Set<String> left(Set<Thread> before) {
    return threads().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> !name.startsWith("HttpClient-"))
        .collect(Collectors.toSet());
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet();
  }
}
