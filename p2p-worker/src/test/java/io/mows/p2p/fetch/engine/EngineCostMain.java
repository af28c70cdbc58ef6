// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.ChannelSettings;
import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.state.MemoryLocator;
import io.mows.p2p.peer.Peering;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.Backoff;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Prints what a piece costs the engine's thread in processor time, whatever the network, the store
 * and the origin take: they answer at once. The worker fetches files together with peers that fetch
 * them too ({@link CostCrowd}), or alone.
 *
 * <p>Arguments; without any, three runs of the largest sizes. Peers (16), files (160), pieces of
 * each file (1,100), seconds after which a run is ended (60), readers that open and read file after
 * file (0: all is read ahead).
 */
public final class EngineCostMain {
  private static final int PIECE_BYTES = 64;

  /** Few blocks, for each one that is not complete is an open file. */
  private static final int BLOCK_PIECES = 275;

  private static final long SAMPLE_MS = 2;
  private static final int SLICES = 5;

  private final int files;
  private final int pieces;
  private final long limitNs;
  private final int readers;
  private final List<FileSpec> specs = new ArrayList<>();
  private final RecordingEvents events = new RecordingEvents();
  private final Map<String, Integer> phases = new TreeMap<>();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  private EngineCostMain(int files, int pieces, long seconds, int readers) {
    this.files = files;
    this.pieces = pieces;
    this.limitNs = TimeUnit.SECONDS.toNanos(seconds);
    this.readers = readers;
    FileLayout layout =
        new FileLayout((long) pieces * PIECE_BYTES, BLOCK_PIECES * PIECE_BYTES, PIECE_BYTES);
    for (int f = 1; f <= files; f++) {
      List<Long> blocks = new ArrayList<>();
      for (int b = 0; b < layout.blockCount(); b++) {
        blocks.add((long) f << 24 | b);
      }
      String path = "/model/shard-" + f;
      specs.add(new FileSpec(f, path, layout, blocks, new OriginRef(1, path, "v1", 0)));
    }
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    int[] one = {16, 160, 1_100, 60, 0};
    for (int i = 0; i < args.length; i++) {
      one[i] = Integer.parseInt(args[i]);
    }
    int[][] all = {one, {16, 2_000, 1, 60, 0}, {0, 2_000, 1, 60, 4}};
    for (int[] run : args.length == 0 ? all : new int[][] {one}) {
      Path directory = Files.createTempDirectory("mows-cost");
      try {
        new EngineCostMain(run[1], run[2], run[3], run[4]).run(run[0], directory);
      } finally {
        Files.deleteIfExists(directory.resolve("scratch"));
        Files.deleteIfExists(directory);
      }
    }
    System.exit(0);
  }

  private void run(int peers, Path directory) throws Exception {
    CostStore store = new CostStore(directory);
    FetchSettings settings =
        new FetchSettings(
            16,
            PIECE_BYTES,
            64L * PIECE_BYTES,
            60_000,
            10_000,
            new Backoff(1_000_000, 2_000_000, 3));
    System.out.printf(
        "%d peers, %d files of %d pieces%s%n",
        peers, files, pieces, readers == 0 ? ", read ahead" : ", " + readers + " readers");
    if (peers == 0) {
      FetchEngine engine = FetchEngine.alone(settings, store, store, events, System::nanoTime);
      measure(engine, store);
      engine.close();
      return;
    }
    MemoryChannel.Network net = new MemoryChannel.Network();
    // One of the four that read from the origin, among these peers.
    PeerInfo self = new PeerInfo("worker-1", "127.0.0.1:1", "default", PeerRole.INSTANCE);
    MemoryLocator directoryState = new MemoryLocator();
    List<PeerInfo> infos = new ArrayList<>();
    for (int p = 0; p < peers; p++) {
      infos.add(new PeerInfo("peer-" + p, "127.0.0.1:" + (2 + p), "default", PeerRole.INSTANCE));
      LocatorClient locator = locator(infos.get(p), directoryState);
      specs.forEach(
          file ->
              locator.announce(
                  new FileInfo(file.fileId(), file.path(), file.layout().lengthBytes()),
                  Coverage.of(0, pieces, true)));
    }
    Thread.sleep(2_000); // The directory has heard of all.
    LocatorClient locator = locator(self, new PollingLocator(directoryState));
    Peering peering =
        new Peering(
            self,
            1,
            locator,
            net.provider(new PollingThread("cost-network")),
            ChannelSettings.builder(self.id()).bind("127.0.0.1", 1).build());
    try (CostCrowd crowd = new CostCrowd(self, infos, specs, net)) {
      crowd.start();
      FetchEngine engine =
          FetchEngine.shared(settings, store, store, events, System::nanoTime, peering);
      engine.listen();
      measure(engine, store);
      engine.close();
    }
  }

  private static LocatorClient locator(PeerInfo self, LocatorTransport directory) {
    return new LocatorClient(
        new LocatorSettings(3_000, 250, 600_000, 1_000, 2_000, 32, 32),
        self,
        1,
        () -> PeerLoad.NONE,
        directory,
        LocatorEvents.NONE,
        System::nanoTime);
  }

  private void measure(FetchEngine engine, CostStore store) throws InterruptedException {
    Thread thread = engineThread();
    int all = files * pieces;
    long startNs = System.nanoTime();
    long startCpuNs = threads.getThreadCpuTime(thread.getId());
    long startUserNs = threads.getThreadUserTime(thread.getId());
    ExecutorService reading = begin(engine);
    long sliceCpuNs = startCpuNs;
    int slicePieces = 0;
    int blocks = files * specs.get(0).layout().blockCount();
    while (store.committedBlocks() < blocks && System.nanoTime() - startNs < limitNs) {
      sample(thread);
      int arrived = events.piecesArrived.get();
      if (arrived - slicePieces >= Math.max(1, all / SLICES)) {
        long nowNs = threads.getThreadCpuTime(thread.getId());
        print("  to piece " + arrived, nowNs - sliceCpuNs, arrived - slicePieces);
        sliceCpuNs = nowNs;
        slicePieces = arrived;
      }
      Thread.sleep(SAMPLE_MS);
    }
    int arrived = events.piecesArrived.get();
    long cpuNs = threads.getThreadCpuTime(thread.getId()) - startCpuNs;
    double seconds = (System.nanoTime() - startNs) / 1e9;
    System.out.printf(
        "%d of %d pieces in %.1f s, the engine's thread at work for %.1f s; %d of them from the"
            + " origin%n",
        arrived,
        all,
        seconds,
        cpuNs / 1e9,
        events.bytesFrom(FetchMetrics.Source.ORIGIN) / PIECE_BYTES);
    print("in all", cpuNs, arrived);
    long userNs = threads.getThreadUserTime(thread.getId()) - startUserNs;
    print("of it in the kernel, for it sleeps, wakes, and wakes others", cpuNs - userNs, arrived);
    int samples = phases.values().stream().mapToInt(Integer::intValue).sum();
    phases.entrySet().stream()
        .sorted((a, b) -> b.getValue() - a.getValue())
        .limit(16)
        .forEach(
            e ->
                System.out.printf(
                    "  %6.2f us  %s%n",
                    cpuNs / 1e3 / Math.max(1, arrived) * e.getValue() / samples, e.getKey()));
    reading.shutdownNow();
  }

  private ExecutorService begin(FetchEngine engine) {
    ExecutorService pool = Executors.newCachedThreadPool();
    if (readers == 0) {
      engine.readAhead(specs, Long.MAX_VALUE);
      return pool;
    }
    AtomicInteger next = new AtomicInteger();
    for (int r = 0; r < readers; r++) {
      pool.execute(
          () -> {
            for (int f = next.getAndIncrement(); f < files; f = next.getAndIncrement()) {
              ByteBuffer dst = ByteBuffer.allocate(pieces * PIECE_BYTES);
              try {
                engine.read(specs.get(f), 0, dst);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            }
          });
    }
    return pool;
  }

  private static void print(String what, long cpuNs, int pieces) {
    System.out.printf("%s: %.2f us a piece%n", what, cpuNs / 1e3 / Math.max(1, pieces));
  }

  private static Thread engineThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("mows-fetch"))
        .findFirst()
        .orElseThrow();
  }

  /** Where the engine's thread is now, if it does anything. */
  private void sample(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    if (thread.getState() != Thread.State.RUNNABLE || stack.length == 0) {
      return;
    }
    String phase = "the loop itself";
    int depth = 0;
    for (int i = stack.length - 1; i >= 0 && depth < 3; i--) {
      String type = stack[i].getClassName();
      String method = stack[i].getMethodName();
      boolean counts =
          type.startsWith("io.mows.")
              && !type.endsWith(".FetchLoop")
              && !type.contains("$$")
              && !method.contains("$");
      if (counts) {
        String name = type.substring(type.lastIndexOf('.') + 1) + "." + method;
        phase = depth == 0 ? name : phase + " > " + name;
        depth++;
      }
    }
    phases.merge(phase, 1, Integer::sum);
  }
}
