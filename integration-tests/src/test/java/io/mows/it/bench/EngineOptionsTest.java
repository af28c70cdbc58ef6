// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;

final class EngineOptionsTest {
  @Test
  void shouldHaveOneMoreNodeThanStart() throws ParseException {
    assertEquals(4, parse().clusterNodes());
    assertEquals(2, parse("--workload", "vllm").clusterNodes());
    assertEquals(6, parse("--vllm-nodes", "5").clusterNodes());
  }

  @Test
  void shouldLeaveOutWhatIsNoCaseOfItsOwn() throws ParseException {
    EngineOptions options = parse();
    assertEquals(
        List.of(EngineCase.values()),
        options.cases(EngineWorkload.SAFETENSORS, EngineVariant.MOWS));
    assertEquals(
        List.of(EngineCase.COLD, EngineCase.SCALE_OUT, EngineCase.WARM),
        options.cases(EngineWorkload.VLLM, EngineVariant.MOWS));
    assertEquals(
        List.of(EngineCase.COLD, EngineCase.COLD_ALL),
        options.cases(EngineWorkload.SAFETENSORS, EngineVariant.COPY));
    assertEquals(List.of(EngineCase.COLD), options.cases(EngineWorkload.VLLM, EngineVariant.COPY));
  }

  @Test
  void shouldRunTheVariantsThatShareNodesTogether() throws ParseException {
    assertEquals(
        List.of(EngineVariant.MOWS, EngineVariant.MOWS_AUTO),
        parse().variantsOn(ScaleoutVariant.MOWS));
    assertEquals(List.of(), parse("--only", "copy").variantsOn(ScaleoutVariant.MOWS));
  }

  @Test
  void shouldGiveTheOriginTheLinkOfANodeUnlessToldOtherwise() throws ParseException {
    assertEquals(50_000_000, parse("--link-mbit", "50").originBitsPerSecond());
    assertEquals(
        70_000_000, parse("--link-mbit", "50", "--origin-mbit", "70").originBitsPerSecond());
  }

  @Test
  void shouldSayWhichFlagIsWrong() {
    assertTrue(problem("--case", "tepid").contains("--case tepid is none of cold, cold-all"));
    assertTrue(problem("--only", "ours").contains("mows, mows-auto, stock-eager, stock, copy"));
    assertTrue(problem("-n", "0").contains("use a number from 1 up"));
    assertTrue(
        assertThrows(ParseException.class, EngineOptions::parse).getMessage().contains("python"));
  }

  private static String problem(String... args) {
    return assertThrows(ParseException.class, () -> parse(args)).getMessage();
  }

  private static EngineOptions parse(String... args) throws ParseException {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.addAll(List.of("--python", "/venv/bin/python"));
    return EngineOptions.parse(all.toArray(new String[0]));
  }
}
