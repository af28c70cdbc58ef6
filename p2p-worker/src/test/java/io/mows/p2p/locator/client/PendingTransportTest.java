// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.protocol.LocatorTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PendingTransportTest {
  private static final byte[] ENTRY = {1, 2, 3};

  private final Echo directory = new Echo();

  private static void assertFails(CompletableFuture<byte[]> reply) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> reply.get(30, TimeUnit.SECONDS));
    assertTrue(failure.getMessage().contains("has not joined"), failure.getMessage());
  }

  @Test
  void shouldHoldOneEntryUntilThereIsADirectory() throws Exception {
    PendingTransport pending = new PendingTransport(600_000);
    CompletableFuture<byte[]> held = pending.write(ENTRY);
    assertFails(pending.write(ENTRY));
    assertFails(pending.read(ENTRY));
    assertFalse(held.isDone());
    assertEquals("(not joined yet)", pending.describe());
    assertEquals(List.of(), pending.clocksOff());
    pending.connect(directory);
    assertArrayEquals(ENTRY, held.get(30, TimeUnit.SECONDS));
    assertArrayEquals(ENTRY, pending.write(ENTRY).get());
    assertArrayEquals(ENTRY, pending.read(ENTRY).get());
    assertEquals("echo", pending.describe());
    assertEquals(List.of("wrong"), pending.clocksOff());
    pending.close();
    assertTrue(directory.isClosed);
  }

  @Test
  void shouldNotHoldAnEntryForEver() {
    PendingTransport pending = new PendingTransport(1);
    assertFails(pending.write(ENTRY));
    assertFails(pending.write(ENTRY));
  }

  @Test
  void shouldCloseADirectoryThatComesTooLate() {
    PendingTransport pending = new PendingTransport(600_000);
    CompletableFuture<byte[]> held = pending.write(ENTRY);
    pending.close();
    assertFails(held);
    pending.connect(directory);
    assertTrue(directory.isClosed);
    assertFails(pending.write(ENTRY));
  }

  /** Answers with what it is told. */
  private static final class Echo implements LocatorTransport {
    private boolean isClosed;

    @Override
    public CompletableFuture<byte[]> write(byte[] entry) {
      return CompletableFuture.completedFuture(entry);
    }

    @Override
    public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
      return CompletableFuture.completedFuture(query);
    }

    @Override
    public String describe() {
      return "echo";
    }

    @Override
    public List<String> clocksOff() {
      return List.of("wrong");
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }
}
