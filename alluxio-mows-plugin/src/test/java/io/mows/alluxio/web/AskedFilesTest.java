// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.alluxio.Eventually;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AskedFilesTest {
  private static final long AGAIN_NS = TimeUnit.SECONDS.toNanos(31);

  /** Longer than anybody waits. */
  private static final long LONG_NS = TimeUnit.SECONDS.toNanos(3);

  private final AtomicReference<List<Failure>> atOrigin = new AtomicReference<>(List.of());
  private final CountDownLatch back = new CountDownLatch(1);
  private volatile boolean away;
  private final AtomicLong nowNs = new AtomicLong();
  private final AtomicLong stepNs = new AtomicLong();

  private final AskedFiles asked =
      new AskedFiles(
          new AskedFiles.Source() {
            @Override
            public List<FileSpec> list(String path, boolean wantedOnly) {
              return files();
            }

            @Override
            public List<Failure> hidden(String path) throws IOException {
              try {
                if (away) {
                  back.await();
                }
                return atOrigin.get();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            }
          },
          () -> nowNs.getAndAdd(stepNs.get()));

  @AfterEach
  void close() {
    back.countDown();
    asked.close();
  }

  private static List<FileSpec> files() {
    return List.of(
        new FileSpec(
            7,
            "/m/x-1-of-2.safetensors",
            new FileLayout(10, 10, 10),
            List.of(1L),
            new OriginRef(1, "/nas/m/x-1-of-2.safetensors", "", 0)));
  }

  private Set<String> missing(String choice) {
    Map<String, String> parameters = Map.of("path", "/m", "files", choice);
    return asked.missing(ReadyQuestion.parse(parameters::get), files()).keySet();
  }

  private void awaitMissing(String... files) throws InterruptedException {
    Eventually.await("what is missing to be known", () -> missing("all").equals(Set.of(files)));
  }

  @Test
  void shouldNotMissWeightsThatNoEngineWants() throws Exception {
    String gap = "/m/x-2-of-2.safetensors";
    atOrigin.set(
        List.of(
            new Failure(gap, "gone"),
            new Failure("/m/x-2-of-2.bin", "gone"),
            new Failure("/m/original/x-2-of-2.safetensors", "gone"),
            new Failure("/m/config.json", "gone")));
    Eventually.await("four files to be known", () -> missing("all").size() == 4);
    assertEquals(Set.of(gap, "/m/config.json"), missing("wanted"));
  }

  @Test
  void shouldLookAgainAndSayWhatWasKnownWhileNobodyAnswers() throws Exception {
    atOrigin.set(List.of(new Failure("/m/1", "gone")));
    awaitMissing("/m/1");
    atOrigin.set(List.of(new Failure("/m/2", "gone")));
    assertEquals(Set.of("/m/1"), missing("all"), "which is not long ago");
    nowNs.addAndGet(AGAIN_NS);
    awaitMissing("/m/2");
    away = true;
    stepNs.set(LONG_NS);
    nowNs.addAndGet(AGAIN_NS);
    for (int i = 0; i < 20; i++) {
      assertEquals(Set.of("/m/2"), missing("all"));
    }
    atOrigin.set(List.of());
    back.countDown();
    awaitMissing();
  }

  @Test
  void shouldAnswerAlthoughNobodyHasEverAnswered() {
    away = true;
    stepNs.set(LONG_NS);
    assertEquals(Set.of(), missing("all"));
  }
}
