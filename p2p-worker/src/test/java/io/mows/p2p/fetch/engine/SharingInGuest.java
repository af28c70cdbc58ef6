// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelCount;
import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FetchMetrics.Source;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Workers that exchange pieces by real RDMA; RdmaGuestIT runs it in a guest with soft-RoCE. */
@TestMethodOrder(OrderAnnotation.class)
final class SharingInGuest {
  private static final int LENGTH_BYTES = 64 * TestWorker.PIECE_BYTES - 100;
  private static final int BLOCK_BYTES = 9_000;

  @TempDir Path directory;

  private static FileSpec file(TestWorker worker, int id) {
    return worker.file(id, LENGTH_BYTES, BLOCK_BYTES);
  }

  private static void load(TestWorker worker, int id) {
    TestWorker.await(worker.engine.load(file(worker, id), 0, LENGTH_BYTES));
  }

  private static long count(TestWorker worker, ChannelCount count) {
    return worker.engine.channelStats().orElseThrow().count(count);
  }

  /** Reads files that the other one has until one has come by RDMA. Returns the next file's id. */
  private static int awaitRdma(TestWorker from, TestWorker to) {
    int[] id = {7};
    Eventually.until(
        () -> {
          load(from, id[0]);
          to.readAll(file(to, id[0]++));
          return count(to, ChannelCount.RDMA_BYTES_RECEIVED) > 0;
        },
        () -> "nothing came by RDMA");
    return id[0];
  }

  @Test
  @Order(1)
  void shouldExchangePiecesByRdma() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory, ChannelChoice.RDMA)) {
      TestWorker first = swarm.join();
      TestWorker second = swarm.join();
      int id = awaitRdma(first, second);
      load(first, id);
      long originBefore = second.events.bytesFrom(Source.ORIGIN);
      long rdmaBefore = count(second, ChannelCount.RDMA_BYTES_RECEIVED);
      second.readAll(file(second, id));
      assertEquals(originBefore, second.events.bytesFrom(Source.ORIGIN));
      assertEquals(
          LENGTH_BYTES, count(second, ChannelCount.RDMA_BYTES_RECEIVED) - rdmaBefore, "by RDMA");
      assertEquals(0, count(second, ChannelCount.RDMA_FALLBACKS));
    }
  }

  /** The last test of all: soft-RoCE does not connect again after its interface was down. */
  @Test
  @Order(2)
  void shouldGoOnOverTcpWhenRdmaIsSwitchedOffInTheMiddle() throws Exception {
    try (TestSwarm swarm = new TestSwarm(directory, ChannelChoice.RDMA)) {
      TestWorker first = swarm.join();
      TestWorker second = swarm.join();
      TestWorker third = swarm.join();
      int id = awaitRdma(first, second);
      load(first, id);
      load(first, id + 1);
      List<CompletableFuture<Void>> reads = new ArrayList<>();
      reads.add(second.reading(file(second, id), 0, LENGTH_BYTES));
      reads.add(third.reading(file(third, id), 0, LENGTH_BYTES));
      cutTheLink();
      reads.add(second.reading(file(second, id + 1), 0, LENGTH_BYTES));
      reads.add(third.reading(file(third, id + 1), 0, LENGTH_BYTES));
      TestWorker.awaitAll(reads);
      long rdma = count(second, ChannelCount.RDMA_BYTES_RECEIVED);
      load(first, id + 2);
      second.readAll(file(second, id + 2));
      assertEquals(rdma, count(second, ChannelCount.RDMA_BYTES_RECEIVED), "without a link");
      assertTrue(second.events.bytesFrom(Source.PEER) > 0);
    }
  }

  private static void cutTheLink() throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("ip", "link", "set", "dummy0", "down").inheritIO().start().waitFor();
    assertEquals(0, status, "ip link set dummy0 down");
  }
}
