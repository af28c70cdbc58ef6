// SPDX-License-Identifier: Apache-2.0
package io.mows.it.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PhasesTest {
  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final List<String> said = new ArrayList<>();

  private Phases phases(List<Phase> plan) {
    return new Phases(plan, nowMs::get, 1_000_000, said::add);
  }

  @Test
  void shouldSayWhatIsDoneHowFarItIsAndHowLongItTakes() {
    Phases phases = phases(Phase.plan(false, false));
    phases.begin(Phase.MODEL);
    nowMs.addAndGet(83_999);
    phases.begin(Phase.ONE);
    int later = Phase.START_ONE.usualSeconds() + Phase.ONE.usualSeconds();
    assertEquals(
        List.of(
            "[   0 s] making and checking the model (1 of 3, usually 3 s; what follows takes "
                + later
                + " s)",
            "[  83 s] reading and loading the model on one worker (3 of 3, usually "
                + Phase.ONE.usualSeconds()
                + " s)"),
        said);
  }

  @Test
  void shouldCompareWithStockLastAndOnlyIfAsked() {
    assertFalse(Phase.plan(true, false).contains(Phase.STOCK));
    List<Phase> plan = Phase.plan(true, true);
    assertEquals(Phase.STOCK, plan.get(plan.size() - 1));
    assertTrue(plan.indexOf(Phase.SEVERAL) < plan.indexOf(Phase.START_STOCK));
  }

  @Test
  void shouldNameThePhaseThatFailed() {
    Phases phases = phases(Phase.plan(true, false));
    phases.begin(Phase.START_SEVERAL);
    assertEquals(
        "this phase has failed: " + Phase.START_SEVERAL.title() + "\nno memory",
        phases.failure("no memory"));
  }

  @Test
  void shouldShowTheEndOfTheLogOfWhatFailed(@TempDir Path dir) throws IOException {
    Path log = dir.resolve("worker.log");
    List<String> lines = new ArrayList<>(Collections.nCopies(100, "early"));
    lines.add("the reason");
    Files.write(log, lines);
    String failure = Phases.withTail("it failed", log);
    assertTrue(failure.startsWith("it failed\nThe last lines of " + log), failure);
    assertTrue(failure.endsWith("  the reason"), failure);
    assertEquals(27, failure.lines().count(), "25 lines of the log");
    assertTrue(
        Phases.withTail("it failed", dir.resolve("none")).contains("cannot be read"),
        "a log that is not there hides nothing");
  }

  @Test
  void shouldSayHowLongTheOriginStillNeeds() {
    assertEquals(
        "    ... 10 s, origin sent 40 MB of 200 MB, about 40 s left",
        ProgressTicker.line(10, 40_000_000, 200_000_000));
    assertEquals(
        "    ... 5 s, origin sent 0 B", ProgressTicker.line(5, 0, 200_000_000), "nobody knows");
    assertEquals(
        "    ... 5 s, origin sent 2 kB",
        ProgressTicker.line(5, 2_000, 200_000_000),
        "the others have it");
    assertEquals(
        "    ... 60 s, origin sent 900 MB",
        ProgressTicker.line(60, 900_000_000, 200_000_000),
        "stock Alluxio reads a model several times");
  }

  @Test
  void shouldNotKeepWhatIsComparedWithStock() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> QuickstartOptions.parse(new String[] {"--keep", "--compare"}));
    assertTrue(refused.getMessage().contains("exclude each other"), refused.getMessage());
  }
}
