// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import io.mows.it.cluster.Build;
import io.mows.it.cluster.ClusterConfig;
import io.mows.it.cluster.ClusterMain;
import io.mows.it.cluster.LocalCluster;
import io.mows.it.cluster.MachineMemory;
import io.mows.it.cluster.OriginConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads and loads one model through stock Alluxio and through Alluxio with the drop-in jar, on this
 * machine, and prints what each took; then reads it through several workers at once. Exits with 0
 * only if every byte was right.
 */
public final class QuickstartMain {
  private static final int USAGE_ERROR = 64;
  private static final long SPARE_BYTES = 256L << 20;
  private static final long PROCESSES_BYTES = 3L << 30;
  private static final long ANOTHER_WORKER_BYTES = 1L << 30;

  private final QuickstartOptions options;
  private final Consumer<String> out = System.out::println;

  private QuickstartMain(QuickstartOptions options) {
    this.options = options;
  }

  public static void main(String[] args) throws InterruptedException {
    Optional<QuickstartOptions> options;
    try {
      options = QuickstartOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("quickstart: " + e.getMessage() + " (--help lists the flags)");
      System.exit(USAGE_ERROR);
      return;
    }
    if (options.isPresent()) {
      try {
        System.exit(new QuickstartMain(options.get()).run() ? 0 : 1);
      } catch (IOException | IllegalStateException e) {
        System.err.println("quickstart: " + e.getMessage());
        System.exit(1);
      }
    }
  }

  /** Returns whether every byte was right. */
  private boolean run() throws IOException, InterruptedException {
    Path dropInJar = Build.dropInJar();
    Path model = Models.prepare(options, out);
    long modelBytes = Models.lengthBytes(model);
    checkMemory(modelBytes);
    boolean sharing = hasMemoryToShare(modelBytes);
    Path bucket = bucket(model);
    try {
      boolean right = compare(bucket, modelBytes, dropInJar, !sharing);
      return sharing ? share(bucket, modelBytes, dropInJar) && right : right;
    } finally {
      deleteBucket(bucket);
    }
  }

  /** One stock worker, then one with the drop-in jar, at the same steps. */
  private boolean compare(Path bucket, long modelBytes, Path dropInJar, boolean last)
      throws IOException, InterruptedException {
    Scenario scenario = new Scenario(modelBytes, out);
    List<StepResult> stock = stock(scenario, bucket, modelBytes);
    out.accept("Alluxio with MoWS: starting origin, master and worker ...");
    ClusterConfig config =
        config(bucket, modelBytes).dropInJar(dropInJar).jobServers(last && options.keep()).build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      List<StepResult> mows = scenario.run(cluster);
      out.accept("");
      out.accept(StepsTable.of(stock, mows));
      if (last) {
        keep(cluster);
      }
      return allRight(stock) && allRight(mows);
    }
  }

  /** Several workers with the drop-in jar, all at once. */
  private boolean share(Path bucket, long modelBytes, Path dropInJar)
      throws IOException, InterruptedException {
    out.accept(
        PeerScenario.INSTANCES
            + " workers with MoWS read the model at once, cold and warmed up by one more: starting"
            + " origin, master and workers ...");
    ClusterConfig config =
        config(bucket, modelBytes)
            .workers(PeerScenario.WORKERS)
            .workerProperty(PeerScenario.INSTANCES, "alluxio.mows.role", "warmup")
            .dropInJar(dropInJar)
            .jobServers(options.keep())
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      boolean right = new PeerScenario(modelBytes, out).run(cluster);
      keep(cluster);
      return right;
    }
  }

  private List<StepResult> stock(Scenario scenario, Path bucket, long modelBytes)
      throws IOException {
    out.accept("Stock Alluxio: starting origin, master and worker ...");
    ClusterConfig config = config(bucket, modelBytes).jobServers(false).build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      return scenario.run(cluster);
    }
  }

  private ClusterConfig.Builder config(Path bucket, long modelBytes) {
    return ClusterConfig.builder()
        .origin(OriginConfig.serving(bucket))
        .ramdiskBytes(memoryTierBytes(modelBytes))
        .network(options.network())
        // What a step frees would come back.
        .property("alluxio.mows.prefetch.idle", "false")
        .progress(out);
  }

  /** Room for the model under both of its names. */
  private static long memoryTierBytes(long modelBytes) {
    return 2 * modelBytes + SPARE_BYTES;
  }

  private void keep(LocalCluster cluster) throws InterruptedException {
    if (options.keep()) {
      out.accept("The cluster with MoWS stays up:");
      ClusterMain.describe(cluster);
      out.accept("Ctrl-C ends it and removes everything.");
      Thread.currentThread().join();
    }
  }

  /** A directory of links, so that the model's directory is not written to. */
  private static Path bucket(Path model) throws IOException {
    Path bucket = Files.createTempDirectory("mows-quickstart-");
    Files.createSymbolicLink(bucket.resolve(Scenario.READ_PATH), model);
    Files.createSymbolicLink(bucket.resolve(Scenario.LOAD_PATH), model);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteBucket(bucket)));
    return bucket;
  }

  private static void deleteBucket(Path bucket) {
    try {
      Files.deleteIfExists(bucket.resolve(Scenario.READ_PATH));
      Files.deleteIfExists(bucket.resolve(Scenario.LOAD_PATH));
      Files.deleteIfExists(bucket);
    } catch (IOException e) {
      System.err.println("quickstart: cannot delete " + bucket + ": " + e);
    }
  }

  private static boolean allRight(List<StepResult> results) {
    return results.stream().allMatch(result -> result.problems().isEmpty());
  }

  private static void checkMemory(long modelBytes) throws IOException {
    long neededBytes = memoryTierBytes(modelBytes) + PROCESSES_BYTES;
    if (MachineMemory.availableBytes() < neededBytes) {
      throw new IOException(
          "this machine has "
              + StepsTable.bytes(MachineMemory.availableBytes())
              + " of memory available, but a"
              + " model of "
              + StepsTable.bytes(modelBytes)
              + " needs "
              + StepsTable.bytes(neededBytes)
              + ": choose a smaller one with --size");
    }
  }

  /** Each worker holds the model once, the warm-up worker included. */
  private boolean hasMemoryToShare(long modelBytes) throws IOException {
    long neededBytes = PeerScenario.WORKERS * (modelBytes + ANOTHER_WORKER_BYTES) + PROCESSES_BYTES;
    if (MachineMemory.availableBytes() >= neededBytes) {
      return true;
    }
    out.accept(
        "NOT SHOWN: several workers that read at once. They need "
            + StepsTable.bytes(neededBytes)
            + " of memory, this machine has "
            + StepsTable.bytes(MachineMemory.availableBytes())
            + "; choose a smaller model with --size");
    return false;
  }
}
