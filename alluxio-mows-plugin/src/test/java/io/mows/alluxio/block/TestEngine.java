// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.p2p.fetch.FetchEngine;
import io.mows.p2p.swarm.Backoff;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The piece engine on Alluxio's own block store, fed by a {@link FakeSource}. */
public final class TestEngine implements AutoCloseable {
  public static final int PIECE_BYTES = 64 << 10;

  private final RealStore store;
  private final AlluxioBlockSpace space;
  private final FakeSource source = new FakeSource();
  private final FetchEngine engine;
  private boolean brokenDown;

  /**
   * @param dir where the blocks go
   */
  public TestEngine(Path dir, long capacityBytes) {
    store = new RealStore(dir, capacityBytes);
    space = new AlluxioBlockSpace(store.store());
    engine =
        new FetchEngine(
            new FetchEngine.Settings(
                4,
                PIECE_BYTES,
                8L * PIECE_BYTES,
                10_000,
                0,
                new Backoff(TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(1), 2)),
            source,
            space,
            new MowsMetrics(),
            System::nanoTime);
  }

  public FetchEngine engine() {
    return engine;
  }

  public FakeSource source() {
    return source;
  }

  /** Lets the engine fail every read that needs it. What is in the store stays readable. */
  public void breakDown() {
    if (!brokenDown) {
      brokenDown = true;
      engine.close();
    }
  }

  RealStore store() {
    return store;
  }

  @Override
  public void close() throws IOException {
    breakDown();
    space.close();
    store.close();
  }
}
