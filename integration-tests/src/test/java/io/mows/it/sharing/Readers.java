// SPDX-License-Identifier: Apache-2.0
package io.mows.it.sharing;

import io.mows.it.cluster.LocalCluster;
import io.mows.it.model.CrcManifest;
import io.mows.it.model.CrcMismatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Reads a model through several mounts at the same time. */
final class Readers {
  private Readers() {}

  /** What is wrong with the bytes, for each of the first {@code workers}. */
  static List<List<CrcMismatch>> verifyOnAll(LocalCluster cluster, String model, int workers)
      throws Exception {
    return verifyOn(cluster, model, IntStream.range(0, workers).toArray());
  }

  /** What is wrong with the bytes, for each of these workers. */
  static List<List<CrcMismatch>> verifyOn(LocalCluster cluster, String model, int... workers)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(workers.length);
    try {
      List<Callable<List<CrcMismatch>>> reads = new ArrayList<>();
      for (int i : workers) {
        Path mounted = cluster.worker(i).mountPoint().resolve(model);
        reads.add(() -> CrcManifest.verify(mounted));
      }
      List<List<CrcMismatch>> results = new ArrayList<>();
      for (Future<List<CrcMismatch>> read : threads.invokeAll(reads)) {
        results.add(read.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
