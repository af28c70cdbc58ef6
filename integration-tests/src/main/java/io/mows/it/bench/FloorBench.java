// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.HostMemory;
import io.mows.it.cluster.WorkerNode;
import io.mows.it.model.CrcManifest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * What it costs of the processor to get a model from a peer that has it and to read it, beside the
 * least that this can cost: {@code floor.c} sends the same block files over the same links with
 * sendfile, receives them with recv, CRC32 and pwrite into the same file system, and reads them.
 *
 * <p>Links are not limited. The rounds of the two alternate. What is counted is what the processes
 * use; it depends little on what else the machine does, unlike the time that passes.
 *
 * <p>Options: {@code --bytes 1073741824}, {@code --rounds 2}. Both workers have read a model
 * before: a JVM that has just started compiles what it runs.
 */
final class FloorBench {
  private static final String ALL = "all";
  private static final String SENDER = "sender";
  private static final String RECEIVER = "receiver";
  private static final String READER = "reader";
  private static final String[] COMPILERS = {"C1 Comp", "C2 Comp"};
  private static final int PORT = 45_671;
  private static final long LEAST_BLOCK_BYTES = 1 << 20;

  private final BenchOptions options;
  private final Path bucket;
  private final FloorProgram program;
  private final FloorTable table = new FloorTable();

  private FloorBench(BenchOptions options, Path bucket, FloorProgram program) {
    this.options = options;
    this.bucket = bucket;
    this.program = program;
  }

  static void run(String[] args) throws Exception {
    BenchOptions options = BenchOptions.parse(args, 0);
    Path dir = Files.createTempDirectory("mows-bench");
    try {
      FloorProgram program = FloorProgram.compile(dir);
      Path bucket = Files.createDirectory(dir.resolve("bucket"));
      FloorBench bench = new FloorBench(options, bucket, program);
      Pair.writeModels(bucket, options, "floor");
      bench.measure();
    } finally {
      FileUtils.deleteDirectory(dir.toFile());
    }
  }

  private void measure() throws Exception {
    Map<String, String> properties =
        Map.of(MountBench.BLOCK_BYTES, Long.toString(options.blockBytes()));
    try (Pair pair = Pair.start(bucket, options.modelBytes(), properties)) {
      for (WorkerNode worker : pair.both()) {
        FileReads.sequentialNs(pair.weights(worker, ScaleoutBench.WARM_UP_MODEL));
      }
      pair.free(ScaleoutBench.WARM_UP_MODEL);
      for (int round = 0; round < options.rounds(); round++) {
        ProcessorTime before = ProcessorTime.now();
        String model = "floor" + round;
        FileReads.sequentialNs(pair.weights(pair.has(), model));
        try (HostMemory memory = new HostMemory()) {
          memory.hold(1, options.modelBytes());
          floor(pair);
          memory.hold(1, options.modelBytes());
          mows(pair, model);
        }
        pair.free(model);
        double busy = ProcessorTime.now().busySince(before);
        System.out.printf(Locale.ROOT, "processors %.0f %% busy%n", 100 * busy);
      }
    }
    System.out.println();
    System.out.println("Seconds of processor for each GB:");
    System.out.println(table.print(ALL));
  }

  private void floor(Pair pair) throws IOException {
    List<Path> blocks = blocks(pair.has().memoryDir());
    double gb = BenchModels.size(blocks) / 1e9;
    Path target = pair.wants().memoryDir().resolve("floor");
    List<String> send = new ArrayList<>(List.of("send", Integer.toString(PORT)));
    blocks.forEach(block -> send.add(block.toString()));
    List<String> receive =
        List.of(
            "recv",
            pair.has().address(),
            Integer.toString(PORT),
            target.toString(),
            Long.toString(BenchModels.size(blocks)));
    List<String> read = List.of("read", target.toString());
    long startNs = System.nanoTime();
    try (FloorProgram.Running sender = program.start(pair.has().enter(), send)) {
      sender.line();
      double received;
      try (FloorProgram.Running receiver = program.start(pair.wants().enter(), receive)) {
        received = receiver.seconds();
      }
      double sent = sender.seconds();
      double readAgain;
      try (FloorProgram.Running reader = program.start(pair.wants().enter(), read)) {
        readAgain = reader.seconds();
      }
      double passed = (System.nanoTime() - startNs) / 1e9;
      table.floor(ALL, (sent + received + readAgain) / gb);
      table.floor(SENDER, sent / gb);
      table.floor(RECEIVER, received / gb);
      table.floor(READER, readAgain / gb);
      tell("plain C", gb, passed, sent + received + readAgain);
    } finally {
      Files.deleteIfExists(target);
    }
  }

  /** The files of blocks that a worker has in memory. */
  private static List<Path> blocks(Path memoryDir) throws IOException {
    try (Stream<Path> files = Files.walk(memoryDir)) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toFile().length() > LEAST_BLOCK_BYTES)
          .sorted(Comparator.naturalOrder())
          .collect(Collectors.toList());
    }
  }

  private void mows(Pair pair, String model) throws IOException {
    List<Path> files = pair.weights(pair.wants(), model);
    double gb = BenchModels.size(BenchModels.weights(bucket.resolve(model))) / 1e9;
    try (ThreadUse sender = new ThreadUse(pair.has().pid());
        ThreadUse receiver = new ThreadUse(pair.wants().pid())) {
      long readerStartNs = ownNs();
      double passed = FileReads.sequentialNs(files) / 1e9;
      double reader = (ownNs() - readerStartNs) / 1e9;
      double all = sender.seconds() + receiver.seconds() + reader;
      table.mows(ALL, all / gb);
      table.mows(SENDER, sender.seconds() / gb);
      table.mows("sender, of that compilers", sender.seconds(COMPILERS) / gb);
      table.mows(RECEIVER, receiver.seconds() / gb);
      table.mows("receiver, of that data channel", receiver.seconds("mows-channel") / gb);
      table.mows("receiver, of that engine", receiver.seconds("mows-fetch") / gb);
      table.mows("receiver, of that mount", receiver.seconds("mows-fuse") / gb);
      table.mows("receiver, of that compilers", receiver.seconds(COMPILERS) / gb);
      table.mows("receiver, of that garbage collector", receiver.seconds("GC ", "G1 ") / gb);
      table.mows(READER, reader / gb);
      tell("MoWS", gb, passed, all);
    }
    if (!CrcManifest.verify(pair.wants().mountPoint().resolve(model)).isEmpty()) {
      throw new IOException(model + " was read wrong");
    }
  }

  private static long ownNs() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void tell(String who, double gb, double passed, double used) {
    System.out.printf(
        Locale.ROOT,
        "%s: %.2f GB in %.2f s = %.0f MB/s, %.2f s of processor for each GB%n",
        who,
        gb,
        passed,
        gb * 1e3 / passed,
        used / gb);
  }
}
