// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;

final class BenchOptionsTest {
  private static BenchOptions parse(String... args) throws ParseException {
    return BenchOptions.parse(args, 100);
  }

  @Test
  void shouldStartWorkersAsAnInstallationDoesUnlessToldOtherwise() throws ParseException {
    assertEquals(Set.of(FreshVariant.INSTALLED), parse().workers());
    assertEquals(
        Set.of(FreshVariant.FIRST_COMPILER, FreshVariant.GIVEN),
        parse("--workers", "first-compiler,given", "--java-options", "-Xint").workers());
    assertEquals(List.of("-Xint", "-Xss1m"), parse("--java-options", "-Xint -Xss1m").javaOptions());
  }

  @Test
  void shouldSayWhichWaysToStartWorkersThereAre() {
    ParseException refused =
        assertThrows(ParseException.class, () -> parse("--workers", "given").workers());
    assertTrue(refused.getMessage().startsWith("--workers given is none of"), refused::getMessage);
  }

  @Test
  void shouldSayWhichOptionsThereAre() {
    BenchHelp help = assertThrows(BenchHelp.class, () -> parse("--rounds", "3", "--help"));
    assertTrue(help.text("open").contains("usage: bench open"), () -> help.text("open"));
    assertTrue(help.text("open").contains("--link-mbit"), () -> help.text("open"));
  }

  @Test
  void shouldRefuseWhatIsNoOption() {
    ParseException refused = assertThrows(ParseException.class, () -> parse("rounds", "3"));
    assertEquals("no option is called rounds", refused.getMessage());
  }
}
