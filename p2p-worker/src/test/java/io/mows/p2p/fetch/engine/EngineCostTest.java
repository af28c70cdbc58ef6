// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine's thread does for one file does not grow with how many files there are. */
final class EngineCostTest {
  private static final int FEW = 200;
  private static final int MANY = 2_000;

  @TempDir Path directory;

  /** Whoever looks at a fetch asks for the time: it is counted instead of measured. */
  @Test
  void shouldLookAtAFileOnlyWhenSomethingHappensToIt() throws IOException {
    double few = looksPerFile(FEW);
    double many = looksPerFile(MANY);
    System.out.printf("%d files: %.1f looks each, %d files: %.1f%n", FEW, few, MANY, many);
    assertTrue(many < 4 * few, many + " looks for each of many files, of few " + few);
  }

  private double looksPerFile(int count) throws IOException {
    AtomicLong looks = new AtomicLong();
    CostStore store = new CostStore(Files.createDirectory(directory.resolve("files-" + count)));
    FetchEngine engine =
        FetchEngine.alone(
            TestWorker.settings(),
            store,
            store,
            new RecordingEvents(),
            () -> {
              looks.incrementAndGet();
              return System.nanoTime();
            });
    try (engine) {
      engine.readAhead(files(count), Long.MAX_VALUE);
      Eventually.until(
          () -> store.committedBlocks() == count, () -> store.committedBlocks() + " of " + count);
    }
    return (double) looks.get() / count;
  }

  /** Files of one piece each. */
  private static List<FileSpec> files(int count) {
    FileLayout layout = new FileLayout(10, 1_000, TestWorker.PIECE_BYTES);
    List<FileSpec> files = new ArrayList<>();
    for (int f = 1; f <= count; f++) {
      String path = "/model/" + f;
      files.add(new FileSpec(f, path, layout, List.of((long) f), new OriginRef(1, path, "v1", 0)));
    }
    return files;
  }
}
