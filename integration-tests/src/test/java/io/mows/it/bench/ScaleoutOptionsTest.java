// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;

final class ScaleoutOptionsTest {
  @Test
  void shouldMeasureEverythingThatTheNodesAllow() throws ParseException {
    ScaleoutOptions options = ScaleoutOptions.parse("-n", "2");
    assertEquals(
        List.of(ScaleoutCase.COLD, ScaleoutCase.WARM, ScaleoutCase.SLOW_ORIGIN),
        options.casesOf(ScaleoutVariant.MOWS));
    assertEquals(
        List.of(ScaleoutCase.COLD, ScaleoutCase.WARM), options.casesOf(ScaleoutVariant.STOCK));
    assertEquals(List.of(ScaleoutCase.DOWNLOAD), options.casesOf(ScaleoutVariant.DOWNLOAD));
  }

  @Test
  void shouldMeasureOneCaseOnOneVariant() throws ParseException {
    ScaleoutOptions options = ScaleoutOptions.parse("-n", "8", "--case", "crash", "--only", "mows");
    assertEquals(List.of(ScaleoutCase.CRASH), options.casesOf(ScaleoutVariant.MOWS));
    assertEquals(List.of(), options.casesOf(ScaleoutVariant.STOCK));
    assertEquals(List.of(), options.casesOf(ScaleoutVariant.DOWNLOAD));
  }

  @Test
  void shouldTakeTheSlowestLinkAsTheBound() throws ParseException {
    ScaleoutOptions options = ScaleoutOptions.parse("-n", "8");
    assertEquals(1, options.boundSeconds(ScaleoutCase.COLD, 25_000_000), 1e-9);
    assertEquals(1, options.boundSeconds(ScaleoutCase.SLOW_ORIGIN, 8_750_000), 1e-9);
    ScaleoutOptions unlimited = ScaleoutOptions.parse("-n", "8", "--origin-mbit", "0");
    assertEquals(1, unlimited.boundSeconds(ScaleoutCase.COLD, 25_000_000), 1e-9);
  }

  @Test
  void shouldSayWhichFlagIsWrong() {
    assertTrue(problem().contains("n"));
    assertTrue(problem("-n", "0").contains("-n 0: use a number from 1 up"));
    assertTrue(problem("-n", "2", "--case", "tepid").contains("--case tepid is none of cold, "));
    assertTrue(problem("-n", "2", "--only", "all of it").contains("mows, stock, download"));
    assertTrue(problem("-n", "2", "--case", "crash").contains("needs more nodes"));
    assertTrue(problem("-n", "2", "--colour", "blue").contains("--colour"));
  }

  private static String problem(String... args) {
    return assertThrows(ParseException.class, () -> ScaleoutOptions.parse(args)).getMessage();
  }
}
