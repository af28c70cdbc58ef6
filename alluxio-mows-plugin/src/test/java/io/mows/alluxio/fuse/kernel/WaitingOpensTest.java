// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.Arrival.State;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WaitingOpensTest {
  private static final long AWAIT_S = 60;

  private final FakeArrival arrival = new FakeArrival();
  private final FakeOpener opener = new FakeOpener();
  private final EarlyInterrupts early = new EarlyInterrupts();
  private final WaitingOpens waiting = new WaitingOpens(3_600_000, early);

  @AfterEach
  void close() {
    waiting.close();
    assertTrue(arrival.closed);
  }

  private static final class FakeOpener implements WaitingOpens.Opener {
    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private volatile boolean wantsWhole = true;

    @Override
    public boolean wantsWhole() {
      return wantsWhole;
    }

    @Override
    public void open() {
      assertTrue(answer.complete("opened"), "answered twice");
    }

    @Override
    public void fail(IOException why) {
      assertTrue(answer.complete(why.getMessage()), "answered twice");
    }

    String await() throws Exception {
      return answer.get(AWAIT_S, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldOpenWhatIsWhole() throws Exception {
    assertTrue(waiting.add(1, arrival, opener));
    arrival.state = State.WHOLE;
    assertEquals("opened", opener.await());
  }

  @Test
  void shouldOpenWhatWillNotBeWhole() throws Exception {
    arrival.state = State.NEVER;
    assertTrue(waiting.add(1, arrival, opener));
    assertEquals("opened", opener.await());
  }

  @Test
  void shouldOpenWhatStopsToArrive() throws Exception {
    arrival.arrivedBytes = 10;
    assertTrue(waiting.add(1, arrival, opener));
    assertEquals("opened", opener.await());
  }

  @Test
  void shouldOpenWhatTheKernelWouldNotReadByItself() throws Exception {
    assertTrue(waiting.add(1, arrival, opener));
    opener.wantsWhole = false;
    assertEquals("opened", opener.await());
  }

  @Test
  void shouldFailWithWhatAReaderWouldBeTold() throws Exception {
    assertTrue(waiting.add(1, arrival, opener));
    arrival.failure = new TransferException(Remedy.STOP, "it is no longer at the origin");
    assertEquals("it is no longer at the origin", opener.await());
  }

  @Test
  void shouldEndAnOpenThatIsInterrupted() throws Exception {
    assertTrue(waiting.add(1, arrival, opener));
    assertFalse(waiting.interrupt(2));
    assertFalse(opener.answer.isDone());
    assertTrue(waiting.interrupt(1));
    assertEquals("EINTR", opener.await());
    assertFalse(waiting.interrupt(1));
  }

  @Test
  void shouldNotLetAnOpenWaitThatWasInterruptedBefore() {
    early.add(1);
    assertFalse(waiting.add(1, arrival, opener));
  }

  @Test
  void shouldLetNobodyWaitIfSoIsSaid() {
    try (WaitingOpens none = new WaitingOpens(0, early)) {
      assertFalse(none.add(1, arrival, opener));
    }
  }

  @Test
  void shouldAnswerAllWhenTheMountEnds() throws Exception {
    assertTrue(waiting.add(1, arrival, opener));
    waiting.close();
    assertEquals("EIO", opener.await());
    assertFalse(waiting.add(2, arrival, new FakeOpener()));
  }
}
