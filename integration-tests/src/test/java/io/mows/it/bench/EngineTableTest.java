// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;

final class EngineTableTest {
  private static final long MODEL_BYTES = 100_000_000;

  @Test
  void shouldTellTheLoadApartAndCompareBothWithStock() throws ParseException {
    List<String> lines =
        lines(
            EngineWorkload.VLLM,
            result(EngineWorkload.VLLM, EngineVariant.MOWS, EngineCase.COLD, 40, 2),
            result(EngineWorkload.VLLM, EngineVariant.STOCK_EAGER, EngineCase.COLD, 60, 25));
    assertEquals("| cold, 1 node | 40.0 s | - | 60.0 s | - | - | - |", lines.get(2));
    assertEquals(
        "| cold, 1 node: weights | 2.00 s, 0.05 GB/s | - | 25.00 s, 0.00 GB/s | - | - | - |",
        lines.get(3));
    assertEquals("| cold, 1 node: origin sent | 1.00x | - | 1.00x | - | - | - |", lines.get(4));
    assertEquals(
        "| cold, 1 node: faster than stock, direct_io, eager"
            + " | 1.5 times, weights 12.5 times | - | - | - | - | 3.1 times |",
        lines.get(6));
  }

  @Test
  void shouldTakeTheSlowestNode() throws ParseException {
    EngineResult result =
        new EngineResult(
            EngineWorkload.SAFETENSORS,
            EngineVariant.MOWS,
            EngineCase.SCALE_OUT,
            List.of(start(10, 10), start(12, 12), start(11, 11)),
            0,
            0.93,
            false,
            Map.of());
    List<String> lines = lines(EngineWorkload.SAFETENSORS, result);
    assertEquals(
        "| scale-out, 1 has it, 3 start at once | 12.00 s, 0.01 GB/s | - | - | - | - | - |",
        lines.get(2));
    assertEquals(
        "| scale-out, 1 has it, 3 start at once: processors busy | 93 % | - | - | - | - | - |",
        lines.get(4));
  }

  @Test
  void shouldSayHowMuchFasterAtLeastWhenStockWasGivenUp() throws ParseException {
    EngineResult stock = late(EngineVariant.STOCK);
    assertTrue(stock.isRight());
    List<String> lines =
        lines(
            EngineWorkload.SAFETENSORS,
            result(EngineWorkload.SAFETENSORS, EngineVariant.MOWS, EngineCase.COLD, 10, 10),
            stock);
    assertEquals(
        "| cold, 1 node | 10.00 s, 0.01 GB/s | - | - | not done after 120 s | - | - |",
        lines.get(2));
    assertEquals(
        "| cold, 1 node: origin sent | 1.00x | - | - | 9.0x by then | - | - |", lines.get(3));
    assertEquals(
        "| cold, 1 node: faster than stock, direct_io, auto"
            + " | more than 12.0 times | - | - | - | - | 3.1 times |",
        lines.get(5));
  }

  @Test
  void shouldFailWhenOursIsNotDoneOrANodeHasLoadedSomethingElse() throws ParseException {
    assertFalse(late(EngineVariant.MOWS).isRight());
    EngineResult wrong =
        new EngineResult(
            EngineWorkload.VLLM,
            EngineVariant.STOCK,
            EngineCase.WARM,
            List.of(start(1, 1)),
            0,
            0,
            false,
            Map.of(2, "has loaded [1] instead of [2]"));
    assertFalse(wrong.isRight());
    assertEquals(
        "| warm, 1 node | - | - | - | FAILED on nodes [2] | - | - |",
        lines(EngineWorkload.VLLM, wrong).get(2));
  }

  @Test
  void shouldSetTheAimOfAScaleOutForThreeNodesOnly() throws ParseException {
    assertEquals(
        "| scale-out, 1 has it, 1 starts: faster than stock, direct_io, auto"
            + " | 2.0 times, weights 4.0 times | - | - | - | - | - |",
        lines(
                EngineWorkload.VLLM,
                result(EngineWorkload.VLLM, EngineVariant.MOWS, EngineCase.SCALE_OUT, 40, 5),
                result(EngineWorkload.VLLM, EngineVariant.STOCK, EngineCase.SCALE_OUT, 80, 20))
            .get(6));
  }

  @Test
  void shouldSayWhatLimitsTheLinksAndThePlainStart() throws ParseException {
    EngineOptions options =
        EngineOptions.parse("--python", "python", "--link-mbit", "200", "--connection-mbyte", "10");
    String text =
        new EngineTable(EngineWorkload.VLLM, options, MODEL_BYTES, start(30, 1), List.of())
            .toString();
    assertTrue(
        text.contains(
            "a model of 0.10 GB, link of each node 200 Mbit/s, of the origin 200 Mbit/s and 10 MB/s"
                + " for each connection: 4.0 s for the model"),
        text);
    assertTrue(text.contains("it takes 30.00 s, its weights 1.00 s"), text);
  }

  private static EngineResult late(EngineVariant variant) {
    return new EngineResult(
        EngineWorkload.SAFETENSORS,
        variant,
        EngineCase.COLD,
        List.of(start(120, 120)),
        9,
        1,
        true,
        Map.of(0, "not done after 120.0 s"));
  }

  private static EngineResult result(
      EngineWorkload workload,
      EngineVariant variant,
      EngineCase which,
      double seconds,
      double loadSeconds) {
    return new EngineResult(
        workload, variant, which, List.of(start(seconds, loadSeconds)), 1, 0.5, false, Map.of());
  }

  private static EngineStart start(double seconds, double weightsSeconds) {
    return new EngineStart(seconds, 0, weightsSeconds, "answer", "");
  }

  /** The table without its caption: head, rule, rows. */
  private static List<String> lines(EngineWorkload workload, EngineResult... results)
      throws ParseException {
    EngineOptions options = EngineOptions.parse("--python", "python");
    String text =
        new EngineTable(workload, options, MODEL_BYTES, start(30, 1), List.of(results)).toString();
    return List.of(text.substring(text.indexOf('|')).split("\n", -1));
  }
}
