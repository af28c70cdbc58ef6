// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.master.NoopUfsManager;
import alluxio.worker.WorkerFactory;
import alluxio.worker.WorkerRegistry;
import alluxio.worker.block.BlockWorker;
import alluxio.worker.block.BlockWorkerFactory;
import alluxio.worker.block.DefaultBlockWorker;
import io.mows.alluxio.block.MowsBlockStore;
import io.mows.alluxio.conf.MowsConfException;
import io.mows.alluxio.conf.TestConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alluxio's factories run at once, as in a worker that starts; there is no master. */
final class MowsWorkerFactoryTest {
  @TempDir Path dir;
  private final WorkerRegistry registry = new WorkerRegistry();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  @BeforeEach
  void configure() {
    TestConfiguration.storage(dir, 1 << 20);
    TestConfiguration.set("alluxio.master.hostname", "localhost");
    TestConfiguration.set("alluxio.user.metrics.collection.enabled", false);
  }

  @AfterEach
  void reset() throws IOException {
    threads.shutdownNow();
    for (alluxio.worker.Worker worker : registry.getServers()) {
      worker.stop();
    }
    TestConfiguration.reset();
  }

  /** As the worker process does it: nothing is created by a factory that is not enabled. */
  private void run(WorkerFactory factory) {
    if (factory.isEnabled()) {
      factory.create(registry, new NoopUfsManager());
    }
  }

  private void assertTakenOver() {
    BlockWorker worker = registry.get(BlockWorker.class);
    assertTrue(worker instanceof MowsBlockWorker, worker::toString);
    assertTrue(worker.getBlockStore() instanceof MowsBlockStore, "its store is ours");
    assertEquals(1, registry.getServers().size(), "the stock worker is never started");
  }

  @Test
  void shouldBeFoundByAlluxio() {
    List<Class<?>> found = new ArrayList<>();
    ServiceLoader.load(WorkerFactory.class).forEach(factory -> found.add(factory.getClass()));
    assertTrue(found.contains(MowsWorkerFactory.class), found::toString);
    assertTrue(found.contains(BlockWorkerFactory.class), found::toString);
  }

  @Test
  void shouldTakeOverWhenTheStockFactoryRunsFirst() {
    run(new BlockWorkerFactory());
    DefaultBlockWorker stock = (DefaultBlockWorker) registry.get(BlockWorker.class);
    run(new MowsWorkerFactory());
    assertTakenOver();
    assertSame(
        stock.getWorkerId(),
        registry.get(BlockWorker.class).getWorkerId(),
        "the stock store commits its blocks under this id");
  }

  @Test
  void shouldTakeOverWhenItRunsFirst() throws Exception {
    Thread[] ours = new Thread[1];
    Future<?> waiting =
        threads.submit(
            () -> {
              ours[0] = Thread.currentThread();
              run(new MowsWorkerFactory());
            });
    Eventually.await(
        "it to wait for the stock worker",
        () ->
            waiting.isDone()
                || (ours[0] != null && ours[0].getState() == Thread.State.TIMED_WAITING));
    assertFalse(waiting.isDone(), "it waits for the stock worker");
    run(new BlockWorkerFactory());
    waiting.get(20, TimeUnit.SECONDS);
    assertTakenOver();
  }

  @Test
  void shouldTakeOverWhoeverIsQuicker() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Future<?>> both = new ArrayList<>();
    for (WorkerFactory factory : List.of(new MowsWorkerFactory(), new BlockWorkerFactory())) {
      long jitterNs = TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000));
      both.add(
          threads.submit(
              () -> {
                LockSupport.parkNanos(jitterNs);
                run(factory);
              }));
    }
    for (Future<?> one : both) {
      try {
        one.get(30, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertTakenOver();
  }

  @Test
  void shouldLeaveAWorkerAloneWhenItIsOff() {
    TestConfiguration.set("alluxio.mows.enabled", "false");
    run(new BlockWorkerFactory());
    run(new MowsWorkerFactory());
    assertSame(DefaultBlockWorker.class, registry.get(BlockWorker.class).getClass());
  }

  @Test
  void shouldLeaveAWorkerAloneWhoseStoreItDoesNotKnow() {
    TestConfiguration.set("alluxio.worker.block.store.type", "PAGE");
    assertFalse(new MowsWorkerFactory().isEnabled());
    assertTrue(
        MowsWorkerFactory.obstacle().contains("alluxio.worker.block.store.type=FILE"),
        "the log says what to set");
  }

  @Test
  void shouldLeaveAWorkerAloneThatServesSeveralMasters() {
    TestConfiguration.set("alluxio.worker.register.to.all.masters", true);
    assertFalse(new MowsWorkerFactory().isEnabled());
    assertTrue(
        MowsWorkerFactory.obstacle().contains("alluxio.worker.register.to.all.masters=true"));
  }

  @Test
  void shouldFindNoObstacleInADefaultConfiguration() {
    assertNull(MowsWorkerFactory.obstacle());
    assertTrue(new MowsWorkerFactory().isEnabled());
  }

  @Test
  void shouldNotStartWithSettingsThatAreWrong() {
    TestConfiguration.set("alluxio.mows.piece.size", "5MB");
    TestConfiguration.set("alluxio.mows.origin.streams", "none");
    MowsConfException refused =
        assertThrows(MowsConfException.class, () -> new MowsWorkerFactory().isEnabled());
    assertEquals(2, refused.mistakes().size(), refused::getMessage);
  }
}
