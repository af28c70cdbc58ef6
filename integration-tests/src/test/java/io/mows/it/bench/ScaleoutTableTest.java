// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;

final class ScaleoutTableTest {
  @Test
  void shouldPutVariantsSideBySideAndSayWhatIsReached() throws ParseException {
    List<String> lines =
        lines(
            8,
            result(ScaleoutVariant.MOWS, ScaleoutCase.COLD, 1.04, 13.0, 11.0, 12.0),
            result(ScaleoutVariant.MOWS, ScaleoutCase.CRASH, 1.0, 18.5, 11.0),
            result(ScaleoutVariant.STOCK, ScaleoutCase.COLD, 8, 90.0),
            result(ScaleoutVariant.DOWNLOAD, ScaleoutCase.DOWNLOAD, 8, 80.0, 82.0));
    assertEquals(
        "| cold, all 8 at once | 13.0 s = 1.30x (median 12.0 s), origin 1.04x"
            + " | 90.0 s = 9.00x (median 90.0 s), origin 8.00x"
            + " | 82.0 s = 8.20x (median 81.0 s), origin 8.00x"
            + " | at most 1.35x, origin 1.05x (set for N = 4 and 8) | yes |",
        lines.get(2));
    assertEquals(
        "| cold, all 8 at once, 2 killed half-way"
            + " | 18.5 s = 1.85x (median 14.8 s), origin 1.00x | - | -"
            + " | at most 1.80x, origin 1.30x (set for N = 8) | NO |",
        lines.get(3));
    assertEquals(
        "| cold, faster than the plain download | 6.3 times | - | - | - | - |", lines.get(4));
  }

  @Test
  void shouldMissTheBarWhenTheOriginIsReadTooOften() {
    assertFalse(result(ScaleoutVariant.MOWS, ScaleoutCase.COLD, 1.06, 10.0).isReached());
  }

  @Test
  void shouldHoldTheSpeedUpAgainstItsBarAtTwelveNodes() throws ParseException {
    List<String> lines =
        lines(
            12,
            result(ScaleoutVariant.MOWS, ScaleoutCase.COLD, 1, 15.0),
            result(ScaleoutVariant.DOWNLOAD, ScaleoutCase.DOWNLOAD, 12, 120.0));
    assertEquals(
        "| cold, faster than the plain download | 8.0 times | - | -"
            + " | at least 8 times (set for N = 12) | yes |",
        lines.get(3));
  }

  @Test
  void shouldNotJudgeANumberOfNodesForWhichNoBarIsSet() throws ParseException {
    assertEquals(
        "| cold, all 3 at once, 2 killed half-way"
            + " | 10.0 s = 1.00x (median 10.0 s), origin 1.00x | - | -"
            + " | at most 1.80x, origin 1.30x (set for N = 8) | - |",
        lines(3, result(ScaleoutVariant.MOWS, ScaleoutCase.CRASH, 1, 10.0)).get(2));
  }

  @Test
  void shouldNotReachAnythingWithAFailedNode() throws ParseException {
    ScaleoutResult failed =
        new ScaleoutResult(
            ScaleoutVariant.MOWS, ScaleoutCase.COLD, List.of(), 10, 1, Map.of(3, "wrong bytes"));
    assertEquals(
        "| cold, all 4 at once | FAILED on nodes [3] | - | -"
            + " | at most 1.35x, origin 1.05x (set for N = 4 and 8) | NO |",
        lines(4, failed).get(2));
  }

  private static ScaleoutResult result(
      ScaleoutVariant variant, ScaleoutCase which, double originTimes, Double... seconds) {
    return new ScaleoutResult(variant, which, List.of(seconds), 10, originTimes, Map.of());
  }

  /** The table without its caption: head, rule, rows. */
  private static List<String> lines(int nodes, ScaleoutResult... results) throws ParseException {
    ScaleoutOptions options = ScaleoutOptions.parse("-n", Integer.toString(nodes));
    String text = new ScaleoutTable(options, List.of(results)).toString();
    return List.of(text.substring(text.indexOf('|')).split("\n", -1));
  }
}
