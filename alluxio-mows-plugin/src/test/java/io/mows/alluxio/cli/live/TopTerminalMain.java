// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.cluster.FakeCluster;
import io.mows.alluxio.cli.cluster.WorkerMetrics;
import io.mows.alluxio.cli.output.Json;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code top} in a process of its own, of a worker that a test makes up: a model more with each
 * answer, and no answer each fourth time.
 */
final class TopTerminalMain {
  private static final int WORKERS = 40;

  private TopTerminalMain() {}

  @SuppressWarnings("SystemConsoleNull")
  public static void main(String[] args) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    WorkerApi api = (worker, path) -> answer(asked.incrementAndGet());
    FakeCluster cluster = new FakeCluster().metrics(WorkerMetrics.silent("w0", ""));
    TopCommand top =
        new TopCommand(
            () -> cluster,
            api,
            System.out,
            System.err,
            System.console() != null,
            ms -> LockSupport.parkNanos(50_000_000));
    System.exit(top.run(top.parseAndValidateArgs(args)));
  }

  private static JsonNode answer(int number) throws IOException {
    if (number % 4 == 0) {
      throw new IOException("it restarts");
    }
    StringBuilder workers = new StringBuilder();
    for (int w = 0; w < WORKERS; w++) {
      workers
          .append(w == 0 ? "" : ",")
          .append("{'worker':'w")
          .append(w)
          .append(":30000','answers':true,'group':'\\u001b[2Jgroup'}");
    }
    String json = "{'workers':[" + workers + "],'modelCount':" + number + "}";
    return Json.parse(json.replace('\'', '"'));
  }
}
