// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.protocol.EntryFactory;
import io.mows.p2p.locator.raft.RaftLocatorSettings.Timing;
import io.mows.p2p.locator.wire.MessageSeal;
import io.mows.p2p.locator.wire.Seals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Figures of a group with three members in one process: 1,000 simulated peers with 200 files each.
 * Arguments: directory, peers, files, requests of each kind, {@code secret} to seal the messages.
 */
public final class LocatorBenchMain {
  private static final int CONNECTIONS = 8;
  private static final int IN_FLIGHT = 64;

  private final RaftLocatorSettings settings;
  private final List<RaftTransport> transports = new ArrayList<>();
  private final List<EntryFactory> peers = new ArrayList<>();
  private final int files;
  private final Random random = new Random(1);

  private LocatorBenchMain(RaftLocatorSettings settings, int peerCount, int files) {
    this.settings = settings;
    this.files = files;
    for (int i = 0; i < CONNECTIONS; i++) {
      transports.add(new RaftTransport(settings));
    }
    for (int i = 0; i < peerCount; i++) {
      peers.add(new EntryFactory("worker-" + i + ".cluster.local", "service-" + i % 10));
    }
  }

  /** Prints the figures. */
  public static void main(String[] args) throws Exception {
    Path dir = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("locator-bench");
    int peerCount = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
    int files = args.length > 2 ? Integer.parseInt(args[2]) : 200;
    int requests = args.length > 3 ? Integer.parseInt(args[3]) : 20_000;
    boolean isSealed = args.length > 4 && args[4].equals("secret");
    MessageSeal seal = isSealed ? Seals.of("a secret for the bench") : Seals.insecure();
    RaftLocatorSettings settings =
        new RaftLocatorSettings(
            LocatorCluster.freeAddresses(3), seal, Optional.empty(), Timing.DEFAULT);
    List<RaftMember> members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      members.add(
          RaftMember.start(
              settings,
              "127.0.0.1",
              settings.members().get(i),
              dir.resolve("member-" + i),
              LocatorEvents.NONE));
    }
    LocatorBenchMain bench = new LocatorBenchMain(settings, peerCount, files);
    bench.run(requests, members);
    bench.transports.forEach(RaftTransport::close);
    members.forEach(RaftMember::close);
    System.exit(0);
  }

  private void run(int requests, List<RaftMember> members) throws Exception {
    System.out.printf(
        "%d peers with %d files each, 3 members, %s, %d processors%n",
        peers.size(),
        files,
        settings.seal().hasSecret() ? "sealed" : "no secret",
        Runtime.getRuntime().availableProcessors());
    LocatorCluster.write(transports.get(0), peers.get(0).full(0, 1, Coverage.COMPLETE));
    measure(
        "full announcements",
        peers.size(),
        i -> transport(i).write(peers.get(i).full(0, files, progress(i))));
    measure("heartbeats (1 change)", requests, this::heartbeat);
    measure("heartbeats, again", requests, this::heartbeat);
    measure("lookups of 1 file", requests, i -> lookup(i, 1));
    measure("lookups of 16 files", requests / 8, i -> lookup(i, 16));
    measure(
        "both, 1 heartbeat to 4 lookups", requests, i -> i % 5 == 0 ? heartbeat(i) : lookup(i, 1));
    paced(peers.size() / 3, requests);
    for (RaftMember member : members) {
      long startNs = System.nanoTime();
      int bytes = member.stateMachine().directory().snapshot().length;
      System.out.printf(
          "snapshot %,d bytes, encoded in %.1f ms%n", bytes, (System.nanoTime() - startNs) / 1e6);
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        "heap in use, three members and the peers: %,d MB%n",
        (runtime.totalMemory() - runtime.freeMemory()) >> 20);
  }

  private RaftTransport transport(int i) {
    return transports.get(i % CONNECTIONS);
  }

  private static Coverage progress(int i) {
    return Coverage.of(i % 10, 10, true);
  }

  private CompletableFuture<byte[]> heartbeat(int i) {
    // Each peer on its own connection and in turn, so its numbers arrive in order.
    int peer = i % peers.size();
    return transport(peer)
        .write(peers.get(peer).heartbeat(random.nextInt(files), progress(random.nextInt(10))));
  }

  private CompletableFuture<byte[]> lookup(int i, int count) {
    List<Long> ids = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      ids.add((long) random.nextInt(files));
    }
    return transport(i).read(peers.get(i % peers.size()).lookup(ids));
  }

  private void measure(String what, int count, IntFunction<CompletableFuture<byte[]>> request)
      throws InterruptedException {
    Samples samples = new Samples(count);
    Semaphore inFlight = new Semaphore(IN_FLIGHT);
    long startNs = System.nanoTime();
    for (int i = 0; i < count; i++) {
      inFlight.acquire();
      samples.add(request.apply(i), inFlight::release);
    }
    inFlight.acquire(IN_FLIGHT);
    samples.print(what, System.nanoTime() - startNs);
  }

  /** What a cluster of this size does all the time: each peer a heartbeat every three seconds. */
  private void paced(int heartbeatsPerSecond, int count) throws InterruptedException {
    Samples heartbeats = new Samples(count);
    Samples lookups = new Samples(count);
    long startNs = System.nanoTime();
    int rounds = Math.min(count, heartbeatsPerSecond * 10);
    Semaphore open = new Semaphore(0);
    for (int i = 0; i < rounds; i++) {
      long dueNs = startNs + TimeUnit.SECONDS.toNanos(i) / heartbeatsPerSecond;
      while (System.nanoTime() < dueNs) {
        TimeUnit.NANOSECONDS.sleep(dueNs - System.nanoTime());
      }
      heartbeats.add(heartbeat(i), open::release);
      lookups.add(lookup(i, 1), open::release);
    }
    open.acquire(2 * rounds);
    long elapsedNs = System.nanoTime() - startNs;
    heartbeats.print("paced heartbeats", elapsedNs);
    lookups.print("paced lookups of 1 file", elapsedNs);
  }

  private static final class Samples {
    private final long[] tookNs;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    Samples(int count) {
      this.tookNs = new long[count];
    }

    void add(CompletableFuture<byte[]> reply, Runnable then) {
      long sentNs = System.nanoTime();
      reply.whenComplete(
          (bytes, error) -> {
            if (error != null) {
              failed.incrementAndGet();
            }
            tookNs[done.getAndIncrement()] = System.nanoTime() - sentNs;
            then.run();
          });
    }

    void print(String what, long elapsedNs) {
      int count = done.get();
      long[] sorted = Arrays.copyOf(tookNs, count);
      Arrays.sort(sorted);
      System.out.printf(
          "%-32s %,9.0f/s   p50 %7.2f ms   p99 %7.2f ms   max %7.2f ms   failed %d of %d%n",
          what,
          count / (elapsedNs / 1e9),
          sorted[count / 2] / 1e6,
          sorted[(int) (count * 0.99)] / 1e6,
          sorted[count - 1] / 1e6,
          failed.get(),
          count);
    }
  }
}
