// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;

final class FreshOptionsTest {
  @Test
  void shouldMeasureAllThatNeedsNoOption() throws ParseException {
    FreshOptions options = FreshOptions.parse();
    assertEquals(List.of(FreshRow.values()), options.rows());
    assertEquals(
        List.of(
            FreshVariant.INSTALLED,
            FreshVariant.ARCHIVE,
            FreshVariant.FIRST_COMPILER,
            FreshVariant.BOTH),
        options.variants());
    assertEquals(3, options.rounds());
  }

  @Test
  void shouldMeasureWhatIsNamed() throws ParseException {
    FreshOptions options =
        FreshOptions.parse(
            "--row",
            "warm-5",
            "--only",
            "installed,given",
            "--java-options",
            "-XX:CICompilerCount=2 -Dalluxio.mows.verify=off");
    assertEquals(List.of(FreshRow.WARM_FIVE), options.rows());
    assertEquals(List.of(FreshVariant.INSTALLED, FreshVariant.GIVEN), options.variants());
    assertEquals(
        List.of("-XX:CICompilerCount=2", "-Dalluxio.mows.verify=off"), options.javaOptions());
  }

  @Test
  void shouldNotGoOnWithAVariantThatIsNotGiven() {
    ParseException refused =
        assertThrows(ParseException.class, () -> FreshOptions.parse("--only", "given"));
    assertTrue(refused.getMessage().contains("--java-options"), refused::getMessage);
  }
}
