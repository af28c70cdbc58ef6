// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static io.mows.p2p.fetch.engine.TestWorker.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything goes wrong at random and at once. No wrong byte may reach a reader or the cache (every
 * byte of a read is compared here, every byte of a commit by {@link FakeSpace}), nobody may hang,
 * and nothing may be left over.
 */
final class FetchChaosTest {
  private static final int ROUNDS = 12;
  private static final int READERS = 10;
  private static final int READS = 25;

  @TempDir private Path directory;

  @Test
  void shouldSurviveEverythingAtOnce() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random seeds = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      new Round(new Random(seeds.nextLong()), "seed " + seed + ", round " + round).run();
    }
  }

  private final class Round {
    private final Random random;
    private final String name;
    private final TestWorker worker;
    private final List<FileSpec> files = new ArrayList<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicInteger failedReads = new AtomicInteger();
    private final AtomicInteger goodReads = new AtomicInteger();

    Round(Random random, String name) {
      this.random = random;
      this.name = name;
      this.worker =
          new TestWorker(
              directory, TestWorker.settings(1 + random.nextInt(8), 4 + random.nextInt(4), 10_000));
    }

    void run() {
      try (worker) {
        int[] blockBytes = {500, 1_024, 1_500, 3_000, 4_096, 10_000};
        for (int id = 1; id <= 3; id++) {
          FileLayout layout =
              new FileLayout(
                  1 + random.nextInt(25_000),
                  blockBytes[random.nextInt(blockBytes.length)],
                  PIECE_BYTES);
          files.add(worker.file(id, 1, layout));
        }
        goWrong();
        List<CompletableFuture<Void>> users = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
          Random own = new Random(random.nextLong());
          users.add(worker.running(() -> read(own)));
        }
        Random loads = new Random(random.nextLong());
        users.add(worker.running(() -> load(loads)));
        Random trouble = new Random(random.nextLong());
        CompletableFuture<Void> troublemaker = worker.running(() -> makeTrouble(trouble));
        awaitAll(users);
        done.set(true);
        TestWorker.await(troublemaker);

        calmDown();
        files.forEach(worker::readAll);
        worker.awaitNothingLeft();
        System.out.println(
            name + ": " + goodReads + " reads, " + failedReads + " failed, " + worker.events);
      } catch (AssertionError e) {
        throw new AssertionError(name, e);
      }
    }

    private void awaitAll(List<CompletableFuture<Void>> users) {
      for (CompletableFuture<Void> user : users) {
        try {
          user.get(40, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException | ExecutionException e) {
          throw new AssertionError(e);
        }
      }
    }

    private void goWrong() {
      Random faults = new Random(random.nextLong());
      worker.source.failReads((file, offset) -> fault(faults, 5));
      worker.source.failQuestions((file, offset) -> fault(faults, 15));
      worker.space.refuse(id -> chance(faults, 5));
      worker.space.failCommits(id -> chance(faults, 4));
    }

    private void calmDown() {
      worker.source.failReads((file, offset) -> null);
      worker.source.failQuestions((file, offset) -> null);
      worker.space.refuse(id -> false);
      worker.space.failCommits(id -> false);
      worker.space.quota(Long.MAX_VALUE);
    }

    private Throwable fault(Random faults, int oneIn) {
      return chance(faults, oneIn) ? new TransferException(Remedy.RETRY, "chaos") : null;
    }

    private boolean chance(Random faults, int oneIn) {
      synchronized (faults) {
        return faults.nextInt(oneIn) == 0;
      }
    }

    /** Readers come and go; some are interrupted. */
    private void read(Random own) {
      for (int i = 0; i < READS; i++) {
        FileSpec file = files.get(own.nextInt(files.size()));
        int lengthBytes = (int) file.layout().lengthBytes();
        int at = own.nextInt(lengthBytes);
        ByteBuffer dst = ByteBuffer.allocate(1 + own.nextInt(own.nextBoolean() ? 300 : 6_000));
        boolean interrupted = own.nextInt(12) == 0;
        try {
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
          assertEquals(
              Math.min(dst.remaining(), lengthBytes - at), worker.engine.read(file, at, dst));
          TestWorker.check(file, 1, at, dst.flip());
          goodReads.incrementAndGet();
        } catch (IOException e) {
          failedReads.incrementAndGet();
          assertExpected(e);
        } finally {
          Thread.interrupted();
        }
      }
    }

    private void assertExpected(Throwable failure) {
      String message = String.valueOf(failure.getMessage());
      boolean timedOut = message.contains("did not arrive") || message.contains("evicted each");
      if (timedOut) {
        throw new AssertionError("a reader hung", failure);
      }
    }

    private void load(Random own) {
      for (int i = 0; i < 12; i++) {
        FileSpec file = files.get(own.nextInt(files.size()));
        int lengthBytes = (int) file.layout().lengthBytes();
        int at = own.nextInt(lengthBytes);
        CompletableFuture<Void> load = worker.engine.load(file, at, own.nextInt(lengthBytes));
        if (own.nextInt(3) == 0) {
          worker.engine.readAhead(files, (1 + own.nextInt(20)) * (long) PIECE_BYTES);
        }
        try {
          load.get(15, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          failedReads.incrementAndGet();
        } catch (TimeoutException | InterruptedException e) {
          throw new AssertionError("load hangs", e);
        }
      }
    }

    /** Blocks are evicted, the quota changes, time passes, fetches retire. */
    private void makeTrouble(Random own) {
      while (!done.get()) {
        FileSpec file = files.get(own.nextInt(files.size()));
        worker.space.evict(file.blockId(own.nextInt(file.layout().blockCount())));
        switch (own.nextInt(30)) {
          case 0:
            worker.space.quota(own.nextInt(40_000));
            break;
          case 1:
            worker.pass(3, TimeUnit.SECONDS);
            break;
          case 2:
            worker.pass(5, TimeUnit.MINUTES);
            worker.sweep();
            break;
          default:
            worker.settle();
        }
      }
    }
  }
}
