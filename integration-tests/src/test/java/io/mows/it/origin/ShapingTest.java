// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** What was put off before an interval and is made up for in it, at most. */
  private static final double TOLERANCE_ABOVE = 0.25;

  private static final long WINDOW_MS = 1000;
  private static final int WINDOWS = 3;
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

  /**
   * A connection alone is one thread: at 200 MB/s it would be late, on a busy machine, by more than
   * the line makes up for.
   */
  @ParameterizedTest
  @CsvSource({"10000000, 1", "10000000, 20", "50000000, 4", "100000000, 1", "200000000, 8"})
  void shouldKeepTheTotalRate(long bytesPerSecond, int connections) throws Exception {
    origin.setShaping(Shaping.unshaped().withTotalBytesPerSecond(bytesPerSecond));
    Transfer transfer = new Transfer(connections);
    transfer.assertRate(bytesPerSecond);
    transfer.end();
  }

  @ParameterizedTest
  @CsvSource({"10000000, 4", "60000000, 2"})
  void shouldKeepTheRateOfEachConnection(long bytesPerSecond, int connections) throws Exception {
    origin.setShaping(Shaping.unshaped().withConnectionBytesPerSecond(bytesPerSecond));
    Transfer transfer = new Transfer(connections);
    transfer.assertRate(connections * bytesPerSecond);
    transfer.end();
  }

  @Test
  void shouldKeepBothRates() throws Exception {
    origin.setShaping(
        Shaping.unshaped()
            .withTotalBytesPerSecond(50_000_000)
            .withConnectionBytesPerSecond(20_000_000));
    Transfer two = new Transfer(2);
    two.assertRate(40_000_000);
    two.end();
    Transfer four = new Transfer(4);
    four.assertRate(50_000_000);
    four.end();
  }

  @Test
  void shouldShareTheTotalRateFairly() throws Exception {
    origin.setShaping(Shaping.unshaped().withTotalBytesPerSecond(40_000_000));
    Transfer transfer = new Transfer(4);
    transfer.assertRate(40_000_000);
    long total = transfer.received();
    for (AtomicLong received : transfer.perConnection) {
      // PacerTest is exact; here the operating system has a say in who runs.
      assertEquals(0.25, (double) received.get() / total, 0.1);
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
    assertTrue(tookMs >= 300 && tookMs < 5_000, tookMs + " ms");
  }

  @Test
  void shouldApplyANewRateToATransferUnderWay() throws Exception {
    origin.setShaping(Shaping.unshaped().withTotalBytesPerSecond(1000));
    Transfer transfer = new Transfer(4);
    origin.setShaping(Shaping.unshaped().withTotalBytesPerSecond(50_000_000));
    transfer.assertRate(50_000_000);
    transfer.end();
  }

  /** How long each thread of this process has waited for a processor, by the kernel's account. */
  private static Map<Path, Long> starvedNsByThread() throws IOException {
    Map<Path, Long> starvedNs = new HashMap<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        try {
          // Not a Scanner: it takes the failed read of a thread that ends for an empty file.
          String[] ranAndWaitedNs = Files.readString(task.resolve("schedstat")).split(" ", -1);
          starvedNs.put(task, Long.parseLong(ranAndWaitedNs[1]));
        } catch (IOException e) {
          continue; // The thread has ended.
        }
      }
    }
    return starvedNs;
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

    /**
     * Measures what the origin sends once all connections have begun: in the median of a few
     * intervals, because a busy host may take the processors away for most of one. That may differ
     * from the rate by the tolerance, and by the time for which threads of ours were ready to run
     * but got no processor: so much sending may have been put off into or out of the interval. On a
     * machine with no processor to spare this says only that the rate is not exceeded; PacerTest is
     * exact on any.
     */
    void assertRate(long bytesPerSecond) throws Exception {
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (perConnection.stream().anyMatch(received -> received.get() == 0)) {
        assertTrue(System.nanoTime() < deadlineNs, "a connection got nothing");
        TimeUnit.MILLISECONDS.sleep(1);
      }
      List<Window> windows = new ArrayList<>();
      for (int i = 0; i < WINDOWS; i++) {
        windows.add(new Window(bytesPerSecond));
      }
      windows.sort(Comparator.comparingDouble(each -> each.rate));
      Window window = windows.get(WINDOWS / 2);
      double tolerance = TOLERANCE + window.starvedShare;
      assertTrue(window.rate >= 1 - tolerance, window.toString());
      assertTrue(window.rate <= 1 + Math.min(tolerance, TOLERANCE_ABOVE), window.toString());
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

  /** What was sent in an interval, and for which part of it threads of ours got no processor. */
  private final class Window {
    final double rate;
    final double starvedShare;

    Window(long bytesPerSecond) throws Exception {
      Map<Path, Long> starvedBeforeNs = starvedNsByThread();
      long startNs = System.nanoTime();
      long startBytes = origin.stats().bytesSent();
      TimeUnit.MILLISECONDS.sleep(WINDOW_MS);
      double tookNs = System.nanoTime() - startNs;
      long bytes = origin.stats().bytesSent() - startBytes;
      double starvedNs = 0;
      for (Map.Entry<Path, Long> thread : starvedNsByThread().entrySet()) {
        starvedNs += thread.getValue() - starvedBeforeNs.getOrDefault(thread.getKey(), 0L);
      }
      rate = bytes / (tookNs / 1e9) / bytesPerSecond;
      starvedShare = starvedNs / tookNs;
      System.out.println(this);
    }

    @Override
    public String toString() {
      return String.format("%.3f of the rate, starved for %.3f of the time", rate, starvedShare);
    }
  }
}
