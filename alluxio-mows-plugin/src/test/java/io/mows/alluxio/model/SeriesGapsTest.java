// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SeriesGapsTest {
  private static List<String> gaps(String... files) {
    return List.copyOf(SeriesGaps.of(Set.of(files)));
  }

  @Test
  void shouldFindWhatIsMissingBetweenBeforeAndAfterWhatIsThere() {
    assertEquals(
        List.of("/m/model-00001-of-00004.safetensors", "/m/model-00003-of-00004.safetensors"),
        gaps("/m/model-00002-of-00004.safetensors", "/m/model-00004-of-00004.safetensors"));
    assertEquals(List.of("m-Q4_K_M-00002-of-00002.gguf"), gaps("m-Q4_K_M-00001-of-00002.gguf"));
    assertEquals(List.of("a/x-1-of-2.fp16.bin"), gaps("a/x-2-of-2.fp16.bin"));
  }

  @Test
  void shouldKnowSeriesThatBeginWithZero() {
    assertEquals(List.of(), gaps("x-00000-of-00002.bin", "x-00001-of-00002.bin"));
    assertEquals(List.of("x-00001-of-00002.bin"), gaps("x-00000-of-00002.bin"));
  }

  @Test
  void shouldNotTakeOneSeriesForAnother() {
    assertEquals(
        List.of(),
        gaps(
            "a/model-00001-of-00001.safetensors",
            "a/model-00001-of-00001.bin",
            "b/model-00001-of-00002.safetensors",
            "b/model-00002-of-00002.safetensors"));
  }

  @Test
  void shouldSayNothingOfWhatIsNoWeights() {
    assertEquals(
        List.of(),
        gaps(
            "train-00001-of-00004.parquet",
            "model.safetensors",
            "model.safetensors.index.json",
            "1-of-2.txt",
            "12-of-7/config.json"));
  }

  @Test
  void shouldNotNameThousands() {
    Collection<String> gaps = SeriesGaps.of(Set.of("x-1-of-999999.bin"));
    assertEquals(20, gaps.size());
  }
}
