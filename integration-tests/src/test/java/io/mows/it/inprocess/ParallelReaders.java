// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import alluxio.AlluxioURI;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Several clients that read one file from start to end at once. */
final class ParallelReaders {
  private ParallelReaders() {}

  static void read(InProcessCluster cluster, String path, TestContent content, int readers)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(readers);
    try {
      List<Future<?>> results = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        results.add(
            threads.submit(
                () -> {
                  try (FileSystem client =
                          cluster.client(Map.of("alluxio.user.short.circuit.enabled", false));
                      FileInStream in = client.openFile(new AlluxioURI(path))) {
                    content.assertSameAs(in, 256 << 10);
                  }
                  return null;
                }));
      }
      for (Future<?> result : results) {
        result.get(2, TimeUnit.MINUTES);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
