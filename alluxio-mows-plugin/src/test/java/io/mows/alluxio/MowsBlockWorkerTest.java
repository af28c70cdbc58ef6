// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alluxio.ClientContext;
import alluxio.Sessions;
import alluxio.conf.Configuration;
import alluxio.master.MasterClientContext;
import alluxio.metrics.MetricKey;
import alluxio.metrics.MetricsSystem;
import alluxio.worker.block.BlockHeartbeatReport;
import alluxio.worker.block.BlockMasterClientPool;
import alluxio.worker.block.DefaultBlockWorker;
import alluxio.worker.file.FileSystemMasterClient;
import io.mows.alluxio.block.Ids;
import io.mows.alluxio.block.RealStore;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.conf.TestConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MowsBlockWorkerTest {
  private static final long BLOCK = Ids.block(1, 0);

  @TempDir Path dir;
  private RealStore store;
  private DefaultBlockWorker stock;
  private MowsBlockWorker ours;

  @BeforeEach
  void takeOver() {
    store = new RealStore(dir, 10_000);
    TestConfiguration.set("alluxio.master.hostname", "localhost");
    TestConfiguration.set("alluxio.user.metrics.collection.enabled", false);
    stock =
        new DefaultBlockWorker(
            new BlockMasterClientPool(),
            new FileSystemMasterClient(
                MasterClientContext.newBuilder(ClientContext.create(Configuration.global()))
                    .build()),
            new Sessions(),
            store.store(),
            new AtomicReference<>(17L));
    ours = MowsBlockWorker.replacing(stock, MowsConf.read(Configuration.global()));
  }

  @AfterEach
  void stop() throws IOException {
    ours.stop();
    store.close();
  }

  private static List<Long> added(BlockHeartbeatReport report) {
    List<Long> all = new ArrayList<>();
    report.getAddedBlocks().values().forEach(all::addAll);
    return all;
  }

  @Test
  void shouldReportBlocksToTheMasterOnce() throws IOException {
    store.put(BLOCK, new byte[100]);
    store.store().removeBlock(1, BLOCK);

    BlockHeartbeatReport report = ours.getReport();
    assertEquals(List.of(BLOCK), report.getRemovedBlocks());
    assertEquals(List.of(), ours.getReport().getRemovedBlocks());
    assertEquals(List.of(), added(ours.getReport()));
  }

  @Test
  void shouldReportABlockThatHasComeBackBeforeItsRemovalWasReported() throws IOException {
    store.put(BLOCK, new byte[100]);
    store.store().removeBlock(1, BLOCK);
    store.put(BLOCK, new byte[100]);

    BlockHeartbeatReport report = ours.getReport();
    assertEquals(List.of(BLOCK), report.getRemovedBlocks());
    assertEquals(List.of(BLOCK), added(report));
  }

  @Test
  void shouldReportABlockThatHasComeBackWhileItsRemovalWasReported() throws IOException {
    store.put(BLOCK, new byte[100]);
    store.store().removeBlock(1, BLOCK);
    ours.getReport();
    store.put(BLOCK, new byte[100]);

    assertEquals(List.of(BLOCK), added(ours.getReport()));
    assertEquals(List.of(), added(ours.getReport()), "once is enough");
  }

  @Test
  void shouldNotLetTheStockWorkersListGrow() throws IOException {
    store.put(BLOCK, new byte[100]);
    store.store().removeBlock(1, BLOCK);

    ours.getReport();

    BlockHeartbeatReport left = stock.getReport();
    assertEquals(List.of(), left.getRemovedBlocks());
    assertEquals(List.of(), added(left));
  }

  @Test
  void shouldCountBlockEventsOnce() throws IOException {
    String deleted = MetricKey.WORKER_BLOCKS_DELETED.getName();
    long before = MetricsSystem.counter(deleted).getCount();
    store.put(BLOCK, new byte[100]);
    store.store().removeBlock(1, BLOCK);
    assertEquals(before + 1, MetricsSystem.counter(deleted).getCount());
  }

  @Test
  void shouldShareTheIdOfTheStockWorker() {
    assertEquals(17L, ours.getWorkerId().get());
    stock.getWorkerId().set(18L);
    assertEquals(18L, ours.getWorkerId().get());
  }

  @Test
  void shouldEndItsThreads() throws Exception {
    ours.stop();
    // A thread that has said that it ends is there for a moment longer.
    Eventually.await("its threads to end", () -> ownThreads().isEmpty());
  }

  private static List<String> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("mows-"))
        .collect(Collectors.toList());
  }
}
