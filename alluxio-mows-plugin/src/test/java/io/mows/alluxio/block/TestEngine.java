// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.fetch.ManifestSource;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.engine.FetchEngine;
import io.mows.p2p.plan.Backoff;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The piece engine on Alluxio's own block store, fed by a {@link FakeSource}. */
public final class TestEngine implements AutoCloseable {
  public static final int PIECE_BYTES = 64 << 10;

  private final RealStore store;
  private final AlluxioLocalStore space;
  private final FakeSource source = new FakeSource();
  private final FetchEngine engine;
  private volatile String broken = "";

  /**
   * @param dir where the blocks go
   */
  public TestEngine(Path dir, long capacityBytes) {
    this(dir, capacityBytes, VerifyMode.PIECE, ManifestSource.NONE);
  }

  /**
   * @param dir where the blocks go
   */
  public TestEngine(Path dir, long capacityBytes, VerifyMode verify, ManifestSource manifests) {
    store = new RealStore(dir, capacityBytes);
    space = new AlluxioLocalStore(store.store());
    engine =
        FetchEngine.alone(
            new FetchSettings(
                    4,
                    PIECE_BYTES,
                    8L * PIECE_BYTES,
                    10_000,
                    0,
                    new Backoff(
                        TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(1), 2))
                .verifying(verify, manifests),
            source,
            new BreakableSpace(),
            new MowsMetrics(),
            System::nanoTime);
  }

  public FetchEngine engine() {
    return engine;
  }

  /** Nothing in it is pinned. */
  public ModelMemory memory() {
    return new ModelMemory(store.store(), Set::of);
  }

  /** Takes all of {@code file} out of memory, as the master may ask for. */
  public void remove(FileSpec file) throws IOException {
    for (int block = 0; block < file.layout().blockCount(); block++) {
      store.store().removeBlock(1, file.blockId(block));
      engine.onBlockRemoved(file.blockId(block));
    }
  }

  /** What the NAS shows under two names is kept once. */
  void linkTwins(FileCatalog catalog) {
    space.linkTwins(new Twins(catalog, engine.verification()::mayShow, System::nanoTime));
  }

  public FakeSource source() {
    return source;
  }

  /** From now on the engine's look at the cache fails, and with it every read. */
  public void breakDown() {
    breakDown("told to break");
  }

  /** As {@link #breakDown()}, with another message. */
  public void breakDown(String why) {
    broken = why;
  }

  /** Undoes {@link #breakDown}. */
  public void repair() {
    broken = "";
  }

  RealStore store() {
    return store;
  }

  @Override
  public void close() throws IOException {
    engine.close();
    space.close();
    store.close();
  }

  private final class BreakableSpace implements LocalStore {
    @Override
    public Optional<BlockLease> openCommitted(long blockId) throws IOException {
      if (!broken.isEmpty()) {
        throw new IOException(broken);
      }
      return space.openCommitted(blockId);
    }

    @Override
    public Optional<BlockLease> inspect(long blockId) throws IOException {
      return space.inspect(blockId);
    }

    @Override
    public void remove(long blockId) throws IOException {
      space.remove(blockId);
    }

    @Override
    public boolean isCommitted(long blockId) {
      return space.isCommitted(blockId);
    }

    @Override
    public BlockFile reserve(long blockId, long lengthBytes) throws IOException {
      return space.reserve(blockId, lengthBytes);
    }

    @Override
    public boolean mayHaveTwin(FileSpec file, int block) {
      return space.mayHaveTwin(file, block);
    }

    @Override
    public OptionalLong twinOf(FileSpec file, int block) {
      return space.twinOf(file, block);
    }

    @Override
    public Optional<BlockFile> link(long blockId, long lengthBytes, long twin) throws IOException {
      return space.link(blockId, lengthBytes, twin);
    }

    @Override
    public long writableBytes() throws IOException {
      return space.writableBytes();
    }

    @Override
    public void commit(long blockId) throws IOException {
      space.commit(blockId);
    }

    @Override
    public void abort(long blockId) {
      space.abort(blockId);
    }
  }
}
