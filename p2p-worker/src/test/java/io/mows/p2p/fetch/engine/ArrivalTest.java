// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.Arrival;
import io.mows.p2p.fetch.Arrival.State;
import io.mows.p2p.fetch.FileSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArrivalTest {
  private static final int PIECES = 20;
  private static final int LENGTH_BYTES = PIECES * TestWorker.PIECE_BYTES - 100;

  @TempDir Path directory;

  private static FileSpec file(TestWorker worker) {
    return worker.file(7, LENGTH_BYTES, LENGTH_BYTES);
  }

  private static Arrival arrival(TestWorker worker) {
    return worker.engine.verification().arrival(file(worker)).orElseThrow();
  }

  /** Polls until something else comes of it than that it is arriving. */
  private static State awaitEnd(Arrival arrival) {
    List<State> seen = new ArrayList<>();
    Eventually.until(
        () -> {
          try {
            seen.add(arrival.poll());
          } catch (TransferException e) {
            throw new AssertionError(e);
          }
          return seen.get(seen.size() - 1) != State.ARRIVING;
        },
        () -> "it is still arriving, " + arrival.arrivedBytes());
    return seen.get(seen.size() - 1);
  }

  @Test
  void shouldFetchAllOfTheFileWithoutAReader() throws Exception {
    try (TestWorker worker = new TestWorker(directory);
        Arrival arrival = arrival(worker)) {
      worker.source.hold();
      assertEquals(State.ARRIVING, arrival.poll());
      worker.awaitWaiting(file(worker), 0);
      assertEquals(0, arrival.arrivedBytes());
      worker.engine.readAhead(List.of(file(worker)), LENGTH_BYTES);
      worker.source.release();
      assertEquals(State.WHOLE, awaitEnd(arrival));
      assertEquals(LENGTH_BYTES, arrival.arrivedBytes());
      assertEquals(LENGTH_BYTES, arrival.lengthBytes());
      assertTrue(worker.engine.verification().arrival(file(worker)).isEmpty(), "it is whole");
      assertEquals(PIECES, worker.source.readsByOffset().size());
    }
  }

  @Test
  void shouldLetGoOfWhatItWaitsFor() throws Exception {
    try (TestWorker worker = new TestWorker(directory)) {
      worker.source.hold();
      Arrival arrival = arrival(worker);
      arrival.poll();
      worker.awaitWaiting(file(worker), 0);
      arrival.close();
      worker.settle();
      FileSpec file = file(worker);
      CompletableFuture<Boolean> awaited = new CompletableFuture<>();
      worker.engine.post(in -> awaited.complete(worker.isAwaited(file, 0)));
      assertFalse(TestWorker.await(awaited));
      worker.source.release();
    }
  }

  @Test
  void shouldFailAsAReaderWould() {
    try (TestWorker worker = new TestWorker(directory);
        Arrival arrival = arrival(worker)) {
      worker.source.failReads(
          (file, offset) -> new TransferException(Remedy.STOP, "it is no longer there"));
      AssertionError told = assertThrows(AssertionError.class, () -> awaitEnd(arrival));
      assertEquals("it is no longer there", told.getCause().getMessage());
    }
  }

  @Test
  void shouldNotWaitForWhatHasNoRoom() {
    try (TestWorker worker = new TestWorker(directory);
        Arrival arrival = arrival(worker)) {
      worker.space.failWrites((block, at) -> true);
      assertEquals(State.NEVER, awaitEnd(arrival));
      worker.space.failWrites((block, at) -> false);
    }
  }

  @Test
  void shouldBeThereForFilesOfOneBlockOnly() {
    try (TestWorker worker = new TestWorker(directory)) {
      FileSpec two = worker.file(8, LENGTH_BYTES, LENGTH_BYTES / 2 + 1);
      assertTrue(worker.engine.verification().arrival(two).isEmpty());
    }
  }

  @Test
  void shouldEndWithTheEngine() throws Exception {
    TestWorker worker = new TestWorker(directory);
    worker.source.hold();
    Arrival arrival = arrival(worker);
    arrival.poll();
    worker.awaitWaiting(file(worker), 0);
    worker.close();
    awaitEnd(arrival);
    arrival.close();
  }
}
