// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.peer.FakeNames;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Name servers that say nothing for as long as the test runs: no read may wait for them. */
final class SilentResolverTest {
  private static final int LENGTH_BYTES = 32 * TestWorker.PIECE_BYTES - 100;

  @TempDir Path directory;
  private final FakeNames names = new FakeNames();

  private static FileSpec file(TestWorker worker, long id) {
    return worker.file(id, LENGTH_BYTES, 9_000);
  }

  private static void load(TestWorker worker) {
    TestWorker.await(worker.engine.load(file(worker, 7), 0, LENGTH_BYTES));
  }

  @AfterEach
  void close() {
    names.close();
  }

  @Test
  void shouldReadFromTheOtherPeersIfNoServerAnswersForOne() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory, names)) {
      load(swarm.join());
      load(swarm.join());
      names.silence("worker-0.test");
      TestWorker late = swarm.join();
      late.readAll(file(late, 7));
      assertEquals(LENGTH_BYTES, late.events.bytesFrom(Source.PEER));
      assertEquals(LENGTH_BYTES, swarm.originBytes(), "only the first has read the origin");
      names.close();
    }
  }

  @Test
  void shouldReadFromTheOriginIfNoServerAnswersAtAll() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory, names)) {
      load(swarm.join());
      names.silence("worker-0.test");
      TestWorker late = swarm.join();
      late.readAll(file(late, 7));
      assertEquals(LENGTH_BYTES, late.events.bytesFrom(Source.ORIGIN));
      // Where it is known that nobody has anything, nothing is waited for.
      late.readAll(file(late, 8));
      names.close();
    }
  }
}
