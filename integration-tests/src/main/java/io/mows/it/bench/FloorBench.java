// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.HostMemory;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.CrcManifest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.io.FileUtils;

/**
 * What it costs of the processor to get a model from a peer that has it and to read it, beside the
 * least that this can cost: {@code floor.c} sends the same block files over the same links with
 * sendfile, receives them with recv, CRC32 and pwrite into the same file system, and reads them.
 *
 * <p>Links are not limited. The rounds of the two alternate. What is counted is what the processes
 * use; it depends little on what else the machine does, unlike the time that passes. What the
 * kernel does while a processor has nothing else to do (timers that pace a connection, packets) is
 * no process's: where nobody else works, the row of the whole machine has it.
 *
 * <p>Options: {@code --bytes 1073741824}, {@code --rounds 2}, {@code --workers
 * installed,archive,first-compiler,both,given}: how the JVMs of both workers are started ({@link
 * FreshVariant}), {@code installed} if nothing is said; {@code --java-options "..."} is what {@code
 * given} has. Both have read a model before: a JVM that has just started compiles what it runs.
 */
final class FloorBench {
  private static final String[] COMPILERS = {"C1 Comp", "C2 Comp"};
  private static final Duration STOP_GRACE = Duration.ofMinutes(1);

  private final BenchOptions options;
  private final Path bucket;
  private final FloorProgram program;
  private final WorkerArchive archive;

  private FloorBench(
      BenchOptions options, Path bucket, FloorProgram program, WorkerArchive archive) {
    this.options = options;
    this.bucket = bucket;
    this.program = program;
    this.archive = archive;
  }

  static void run(String[] args) throws Exception {
    BenchOptions options = BenchOptions.parse(args, 0);
    Path dir = Files.createTempDirectory("mows-bench");
    try {
      FloorProgram program = FloorProgram.compile(dir);
      Path bucket = Files.createDirectory(dir.resolve("bucket"));
      WorkerArchive archive = new WorkerArchive(dir.resolve("worker.jsa"));
      String[] flags = options.workers().stream().map(FreshVariant::flag).toArray(String[]::new);
      Pair.writeModels(bucket, options, flags);
      new FloorBench(options, bucket, program, archive).measure();
    } finally {
      FileUtils.deleteDirectory(dir.toFile());
    }
  }

  private void measure() throws Exception {
    Map<String, String> properties =
        Map.of(MountBench.BLOCK_BYTES, Long.toString(options.blockBytes()));
    Map<FreshVariant, FloorTable> tables = new EnumMap<>(FreshVariant.class);
    try (Pair pair = Pair.start(bucket, options.modelBytes(), properties)) {
      for (FreshVariant variant : options.workers()) {
        if (variant != FreshVariant.INSTALLED) {
          restart(pair, variant);
        }
        warmUp(pair);
        tables.put(variant, measure(pair, variant));
      }
    }
    tables.forEach(
        (variant, table) -> {
          System.out.println();
          System.out.println(
              "Workers as " + variant.flag() + "; seconds of processor for each GB:");
          System.out.println(table.print(FloorTable.ALL));
        });
  }

  private void restart(Pair pair, FreshVariant variant) throws Exception {
    System.out.println("Starting the workers as " + variant.flag());
    for (WorkerNode worker : pair.both()) {
      worker.stop(STOP_GRACE);
      worker.startAsInstalled(variant.javaOptions(worker, archive, options.javaOptions()));
      if (variant.hasArchive() && !archive.isThere()) {
        FileReads.sequentialNs(pair.weights(worker, ScaleoutBench.WARM_UP_MODEL));
        archive.await(worker);
        worker.stop(STOP_GRACE);
        worker.startAsInstalled(variant.javaOptions(worker, archive, options.javaOptions()));
      }
    }
  }

  private static void warmUp(Pair pair) throws Exception {
    for (WorkerNode worker : pair.both()) {
      FileReads.sequentialNs(pair.weights(worker, ScaleoutBench.WARM_UP_MODEL));
    }
    pair.free(ScaleoutBench.WARM_UP_MODEL);
  }

  private FloorTable measure(Pair pair, FreshVariant variant) throws Exception {
    FloorTable table = new FloorTable();
    for (int round = 0; round < options.rounds(); round++) {
      ProcessorTime before = ProcessorTime.now();
      String model = variant.flag() + round;
      FileReads.sequentialNs(pair.weights(pair.has(), model));
      try (HostMemory memory = new HostMemory()) {
        memory.hold(1, options.modelBytes());
        FloorTransfer.measure(pair, program, table);
        memory.hold(1, options.modelBytes());
        mows(pair, model, table);
      }
      pair.free(model);
      double busy = ProcessorTime.now().busySince(before);
      System.out.printf(Locale.ROOT, "processors %.0f %% busy%n", 100 * busy);
    }
    return table;
  }

  private void mows(Pair pair, String model, FloorTable table) throws IOException {
    List<Path> files = pair.weights(pair.wants(), model);
    double gb = BenchModels.size(BenchModels.weights(bucket.resolve(model))) / 1e9;
    try (ThreadUse sender = new ThreadUse(pair.has().pid());
        ThreadUse receiver = new ThreadUse(pair.wants().pid())) {
      ProcessorTime before = ProcessorTime.now();
      long readerStartNs = ownNs();
      double passed = FileReads.sequentialNs(files) / 1e9;
      double reader = (ownNs() - readerStartNs) / 1e9;
      double machine = ProcessorTime.now().busySecondsSince(before);
      double all = sender.seconds() + receiver.seconds() + reader;
      table.mows(FloorTable.ALL, all / gb);
      table.mows(FloorTable.SENDER, sender.seconds() / gb);
      table.mows("sender, of that data channel", sender.seconds("mows-channel") / gb);
      table.mows("sender, of that compilers", sender.seconds(COMPILERS) / gb);
      table.mows(FloorTable.RECEIVER, receiver.seconds() / gb);
      table.mows("receiver, of that data channel", receiver.seconds("mows-channel") / gb);
      table.mows("receiver, of that engine", receiver.seconds("mows-fetch") / gb);
      table.mows("receiver, of that mount", receiver.seconds("mows-fuse") / gb);
      table.mows("receiver, of that compilers", receiver.seconds(COMPILERS) / gb);
      table.mows("receiver, of that garbage collector", receiver.seconds("GC ", "G1 ") / gb);
      table.mows(FloorTable.READER, reader / gb);
      table.mows(FloorTable.MACHINE, machine / gb);
      FloorTable.tell("MoWS", gb, passed, all);
      System.out.println(
          "  sender: "
              + ThreadUse.words(sender.secondsByName())
              + "\n  receiver: "
              + ThreadUse.words(receiver.secondsByName()));
    }
    if (!CrcManifest.verify(pair.wants().mountPoint().resolve(model)).isEmpty()) {
      throw new IOException(model + " was read wrong");
    }
  }

  private static long ownNs() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
