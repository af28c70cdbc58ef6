// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer whose process is stopped: its connections stand, and nothing comes over them. */
final class HungPeerTest {
  private static final int LENGTH_BYTES = 64 * TestWorker.PIECE_BYTES - 100;

  @TempDir Path directory;

  private static FileSpec file(TestWorker worker, long id) {
    return worker.file(id, LENGTH_BYTES, 9_000);
  }

  private static void load(TestWorker worker, long id) {
    TestWorker.await(worker.engine.load(file(worker, id), 0, LENGTH_BYTES));
  }

  private static int silentPeers(TestWorker worker) {
    CompletableFuture<Integer> silent = new CompletableFuture<>();
    worker.engine.post(
        in -> silent.complete(worker.engine.core().state().swarm().node().load().silent()));
    return TestWorker.await(silent);
  }

  /** Before, its connection had to be given up first: after 30 s, and readers wait for 10 here. */
  @Test
  void shouldGoOnWithoutAPeerThatHangsAndWithItWhenItSpeaksAgain() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker holder = swarm.joinHanging();
      HangingHost host = swarm.host(holder);
      load(holder, 7);
      load(holder, 8);
      TestWorker reader = swarm.join();
      host.hangAfter(LENGTH_BYTES / 2);
      reader.readAll(file(reader, 7));
      assertTrue(host.hangs(), "it did not hang");
      assertTrue(reader.events.bytesFrom(Source.PEER) > 0, "nothing came before");
      assertTrue(reader.events.bytesFrom(Source.ORIGIN) > 0, "nothing came from elsewhere");

      host.resume();
      Eventually.until(() -> silentPeers(reader) == 0, () -> "it is still taken for silent");
      long originBytes = swarm.originBytes();
      reader.readAll(file(reader, 8));
      assertEquals(originBytes, swarm.originBytes(), "it has what it had");
    }
  }

  /** A peer that cannot be dialled because it hangs is no reason to wait, either. */
  @Test
  void shouldNotWaitForAPeerThatHangsBeforeItIsDialled() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory)) {
      TestWorker holder = swarm.joinHanging();
      load(holder, 7);
      swarm.host(holder).hangAfter(0);
      TestWorker reader = swarm.join();
      reader.readAll(file(reader, 7));
      assertEquals(LENGTH_BYTES, reader.events.bytesFrom(Source.ORIGIN));
    }
  }
}
