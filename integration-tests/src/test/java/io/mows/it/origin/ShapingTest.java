// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapingTest {
  private static final double TOLERANCE = 0.03;
  private static final long OBJECT_BYTES = 1L << 30;

  @TempDir Path dir;
  private TestOrigin origin;
  private final ExecutorService readers = Executors.newCachedThreadPool();

  @BeforeEach
  void start() throws IOException {
    try (var sparse =
        Files.newByteChannel(
            dir.resolve("big"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      sparse.position(OBJECT_BYTES - 1).write(ByteBuffer.wrap(new byte[1]));
    }
    origin = TestOrigin.builder().bucket("models", dir).start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    origin.close();
    readers.shutdownNow();
    assertTrue(readers.awaitTermination(10, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @CsvSource({"10000000, 1", "10000000, 20", "50000000, 4", "200000000, 1", "200000000, 8"})
  void shouldKeepTheTotalRate(long bytesPerSecond, int connections) throws Exception {
    origin.setShaping(Shaping.unshaped().withTotalBytesPerSecond(bytesPerSecond));
    Transfer transfer = new Transfer(connections);
    assertEquals(1, transfer.measuredRate() / bytesPerSecond, TOLERANCE, "of the asked rate");
    transfer.end();
  }

  @ParameterizedTest
  @CsvSource({"10000000, 4", "60000000, 2"})
  void shouldKeepTheRateOfEachConnection(long bytesPerSecond, int connections) throws Exception {
    origin.setShaping(Shaping.unshaped().withConnectionBytesPerSecond(bytesPerSecond));
    Transfer transfer = new Transfer(connections);
    double rate = transfer.measuredRate();
    assertEquals(1, rate / connections / bytesPerSecond, TOLERANCE, "of the asked rate");
    transfer.end();
  }

  @Test
  void shouldKeepBothRates() throws Exception {
    origin.setShaping(
        Shaping.unshaped()
            .withTotalBytesPerSecond(50_000_000)
            .withConnectionBytesPerSecond(20_000_000));
    Transfer two = new Transfer(2);
    assertEquals(1, two.measuredRate() / 40_000_000, TOLERANCE, "bound by the connections");
    two.end();
    Transfer four = new Transfer(4);
    assertEquals(1, four.measuredRate() / 50_000_000, TOLERANCE, "bound by the total");
    four.end();
  }

  @Test
  void shouldShareTheTotalRateFairly() throws Exception {
    origin.setShaping(Shaping.unshaped().withTotalBytesPerSecond(40_000_000));
    Transfer transfer = new Transfer(4);
    transfer.measuredRate();
    long total = transfer.received();
    for (AtomicLong received : transfer.perConnection) {
      assertEquals(0.25, (double) received.get() / total, 0.01);
    }
    transfer.end();
  }

  @Test
  void shouldDelayTheFirstByte() throws Exception {
    origin.setShaping(Shaping.unshaped().withFirstByteDelayMs(150));
    Files.writeString(dir.resolve("small"), "small");
    RawClient client = new RawClient(origin, "models");
    long startNs = System.nanoTime();
    client.get("small");
    client.text("HEAD", "small");
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    assertTrue(tookMs >= 300 && tookMs < 1000, tookMs + " ms");
  }

  @Test
  void shouldApplyANewRateToATransferUnderWay() throws Exception {
    origin.setShaping(Shaping.unshaped().withTotalBytesPerSecond(1000));
    Transfer transfer = new Transfer(4);
    origin.setShaping(Shaping.unshaped().withTotalBytesPerSecond(50_000_000));
    assertEquals(1, transfer.measuredRate() / 50_000_000, TOLERANCE);
    transfer.end();
  }

  /** Some connections that read the big object until they are told to end. */
  private final class Transfer {
    private final List<AtomicLong> perConnection = new ArrayList<>();
    private final List<Future<?>> futures = new ArrayList<>();
    private volatile boolean ended;

    Transfer(int connections) {
      for (int i = 0; i < connections; i++) {
        AtomicLong received = new AtomicLong();
        perConnection.add(received);
        futures.add(readers.submit(() -> read(received)));
      }
    }

    private Void read(AtomicLong received) throws Exception {
      byte[] buffer = new byte[1 << 16];
      try (InputStream body = new RawClient(origin, "models").stream("big").body()) {
        for (int read = 0; read >= 0 && !ended; read = body.read(buffer)) {
          received.addAndGet(read);
        }
      }
      return null;
    }

    /** Bytes per second as the origin sends them, over a second after all have started. */
    double measuredRate() throws InterruptedException {
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (perConnection.stream().anyMatch(received -> received.get() == 0)) {
        assertTrue(System.nanoTime() < deadlineNs, "a connection got nothing");
        TimeUnit.MILLISECONDS.sleep(1);
      }
      long startBytes = origin.stats().bytesSent();
      long startNs = System.nanoTime();
      TimeUnit.SECONDS.sleep(1);
      long bytes = origin.stats().bytesSent() - startBytes;
      return bytes / ((System.nanoTime() - startNs) / 1e9);
    }

    long received() {
      return perConnection.stream().mapToLong(AtomicLong::get).sum();
    }

    void end() throws Exception {
      ended = true;
      for (Future<?> future : futures) {
        future.get(10, TimeUnit.SECONDS);
      }
    }
  }
}
