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
 * Reads and loads one model through Alluxio with the drop-in jar on this machine and prints what
 * that took; then reads it through several workers at once, and, if asked for, does the first again
 * on stock Alluxio. Exits with 0 only if every byte was right.
 */
public final class QuickstartMain {
  private static final int USAGE_ERROR = 64;
  private static final int FEW_CORES = 4;
  private static final long SPARE_BYTES = 256L << 20;
  private static final long PROCESSES_BYTES = 3L << 30;
  private static final long ANOTHER_WORKER_BYTES = 1L << 30;

  /** Set by the script, which has begun earlier. */
  private static final String BEGAN_MS = "mows.quickstart.began.ms";

  private final QuickstartOptions options;
  private final Consumer<String> out = System.out::println;
  private Phases phases;

  private QuickstartMain(QuickstartOptions options) {
    this.options = options;
    planned(Phase.plan(true, options.compare()));
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
      QuickstartMain quickstart = new QuickstartMain(options.get());
      try {
        System.exit(quickstart.run() ? 0 : 1);
      } catch (IOException | IllegalStateException e) {
        System.err.println("quickstart: " + e.getMessage());
        System.exit(1);
      }
    }
  }

  private void planned(List<Phase> plan) {
    long beganMs = Long.getLong(BEGAN_MS, System.currentTimeMillis());
    phases = new Phases(plan, System::currentTimeMillis, beganMs, out);
  }

  /** Returns whether every byte was right. */
  private boolean run() throws IOException, InterruptedException {
    try {
      return runPhases();
    } catch (IOException | IllegalStateException e) {
      throw new IOException(phases.failure(e.getMessage()), e);
    }
  }

  private boolean runPhases() throws IOException, InterruptedException {
    Path dropInJar = Build.dropInJar();
    phases.begin(Phase.MODEL);
    Path model = Models.prepare(options, phases::say);
    long modelBytes = Models.lengthBytes(model);
    checkMemory(modelBytes);
    boolean several = hasMemoryToShare(modelBytes);
    if (hasFewCores()) {
      phases.say("few cores: all JVMs run with -XX:TieredStopAtLevel=1 (docs/start.md)");
    }
    planned(Phase.plan(several, options.compare()));
    Path bucket = bucket(model);
    try {
      List<StepResult> mows = one(bucket, modelBytes, dropInJar, !several);
      boolean right = allRight(mows);
      right &= !several || several(bucket, modelBytes, dropInJar);
      right &= !options.compare() || compare(bucket, modelBytes, mows);
      whatNext(dropInJar);
      return right;
    } finally {
      deleteBucket(bucket);
    }
  }

  /** One worker with the drop-in jar, alone. */
  private List<StepResult> one(Path bucket, long modelBytes, Path dropInJar, boolean last)
      throws IOException, InterruptedException {
    phases.begin(Phase.START_ONE);
    ClusterConfig config =
        config(bucket, modelBytes).dropInJar(dropInJar).jobServers(last && options.keep()).build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      phases.begin(Phase.ONE);
      List<StepResult> mows = steps(cluster, modelBytes);
      phases.table(StepsTable.of(mows));
      if (last) {
        keep(cluster);
      }
      return mows;
    }
  }

  /** Several workers with the drop-in jar, all at once; returns whether every byte was right. */
  private boolean several(Path bucket, long modelBytes, Path dropInJar)
      throws IOException, InterruptedException {
    phases.begin(Phase.START_SEVERAL);
    ClusterConfig config =
        config(bucket, modelBytes)
            .workers(PeerScenario.WORKERS)
            .workerProperty(PeerScenario.INSTANCES, "alluxio.mows.role", "warmup")
            .dropInJar(dropInJar)
            .jobServers(options.keep())
            .build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      phases.begin(Phase.SEVERAL);
      boolean right = told(cluster, () -> new PeerScenario(modelBytes, out).run(cluster));
      keep(cluster);
      return right;
    }
  }

  /** One stock worker, at the steps of {@link #one}; returns whether every byte was right. */
  private boolean compare(Path bucket, long modelBytes, List<StepResult> mows)
      throws IOException, InterruptedException {
    phases.begin(Phase.START_STOCK);
    ClusterConfig config = config(bucket, modelBytes).jobServers(false).build();
    try (LocalCluster cluster = LocalCluster.start(config)) {
      phases.begin(Phase.STOCK);
      List<StepResult> stock = steps(cluster, modelBytes);
      phases.table(StepsTable.of(stock, mows));
      return allRight(stock);
    }
  }

  private List<StepResult> steps(LocalCluster cluster, long modelBytes)
      throws IOException, InterruptedException {
    return told(cluster, () -> new Scenario(modelBytes, out).run(cluster));
  }

  private interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  /** The end of the first worker's log comes with a failure, while there is such a log. */
  private <T> T told(LocalCluster cluster, Work<T> work) throws IOException, InterruptedException {
    try {
      return work.run();
    } catch (IOException e) {
      throw new IOException(Phases.withTail(e.getMessage(), cluster.worker(0).log()), e);
    }
  }

  private ClusterConfig.Builder config(Path bucket, long modelBytes) {
    return ClusterConfig.builder()
        .origin(OriginConfig.serving(bucket))
        .ramdiskBytes(memoryTierBytes(modelBytes))
        .network(options.network())
        .firstCompilerOnly(hasFewCores())
        // What a step frees would come back.
        .property("alluxio.mows.prefetch.idle", "false")
        .progress(phases::say);
  }

  /** Here, as in a container with a CPU limit, the second compiler would take what reads need. */
  private static boolean hasFewCores() {
    return Runtime.getRuntime().availableProcessors() <= FEW_CORES;
  }

  /** Room for the model under both of its names. */
  private static long memoryTierBytes(long modelBytes) {
    return 2 * modelBytes + SPARE_BYTES;
  }

  private void whatNext(Path dropInJar) {
    phases.say("done. What next:");
    if (!options.compare()) {
      out.accept("  quickstart --compare      the same steps on stock Alluxio, side by side");
    }
    out.accept("  quickstart --keep         leaves the workers up: mount, web pages, commands");
    out.accept("  quickstart --model DIR    reads your model (its directory has a crc32.txt)");
    out.accept("  README.md, \"Install it\"   how to install " + dropInJar);
  }

  private void keep(LocalCluster cluster) throws InterruptedException {
    if (options.keep()) {
      phases.say("The cluster with MoWS stays up:");
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
