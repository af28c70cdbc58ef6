// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class EngineOutputTest {
  private final EngineOutput output = new EngineOutput();

  @Test
  void shouldKnowWhenTheScriptSaidWhat() {
    output.line("BENCH ready", 1.5);
    output.line("BENCH done", 2.5);
    output.line("BENCH answer [[1,2],[3]]", 3);
    assertEquals(OptionalDouble.of(1.5), output.secondsOf(EngineOutput.READY));
    assertEquals(OptionalDouble.of(2.5), output.secondsOf(EngineOutput.DONE));
    assertEquals(Optional.of("[[1,2],[3]]"), output.answer());
  }

  @Test
  void shouldFindAMarkBehindWhatAProgressBarLeft() {
    output.line("\rLoading safetensors checkpoint shards:  60% BENCH done", 7);
    assertEquals(OptionalDouble.of(7), output.secondsOf(EngineOutput.DONE));
  }

  @Test
  void shouldTakeTheTimeOfTheWeightsFromTheEnginesLog() {
    output.line(
        "(Worker pid=1) INFO 11-29 [default_loader.py:501] Loading weights took 0.60 seconds", 4);
    assertEquals(OptionalDouble.of(0.6), output.weightsSeconds());
  }

  @Test
  void shouldTakeTheClosingLineOfTheLoaderAndNotItsProgress() {
    output.line("INFO [session.py:99] MoWS: 76 % of 0.47 GB, 0.01 GB/s, 15 s left", 1);
    assertEquals(Optional.empty(), output.loader());
    output.line("INFO [session.py:99] MoWS: 5 files, 0.47 GB loaded in 20.04 s, 0.02 GB/s", 2);
    assertEquals(
        Optional.of("MoWS: 5 files, 0.47 GB loaded in 20.04 s, 0.02 GB/s"), output.loader());
  }

  @Test
  void shouldHaveNothingBeforeItIsSaid() {
    assertTrue(output.secondsOf(EngineOutput.DONE).isEmpty());
    assertTrue(output.answer().isEmpty());
    assertTrue(output.weightsSeconds().isEmpty());
  }

  @Test
  void shouldKeepTheLastLines() {
    for (int i = 0; i < 100; i++) {
      output.line("line " + i, i);
    }
    assertTrue(output.tail().endsWith("line 98\nline 99"));
    assertFalse(output.tail().contains("line 50"));
  }
}
