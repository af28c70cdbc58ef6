// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelSelectionTest {
  private static List<String> select(String only, String... names) {
    List<ListedFile> files =
        Arrays.stream(names)
            .map(name -> ListedFile.file("/m/" + name, 1_000))
            .collect(Collectors.toList());
    return ModelSelection.parse(only).of("/m", files).stream()
        .map(file -> file.path().substring("/m/".length()))
        .collect(Collectors.toList());
  }

  private static final String[] HUGGING_FACE = {
    "README.md",
    "config.json",
    "consolidated.safetensors",
    "model-00001-of-00002.safetensors",
    "model-00002-of-00002.safetensors",
    "model.safetensors.index.json",
    "original/consolidated.00.pth",
    "original/params.json",
    "pytorch_model.bin",
    "tf_model.h5",
    "tokenizer.json"
  };

  @Test
  void shouldTakeOneFormatAndTheSmallFiles() {
    assertEquals(
        List.of(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
            "original/params.json",
            "tokenizer.json"),
        select("safetensors", HUGGING_FACE));
    assertTrue(select("BIN", HUGGING_FACE).contains("pytorch_model.bin"));
    assertEquals(List.of(), select("onnx", HUGGING_FACE), "small files alone are no model");
  }

  @Test
  void shouldTakeConsolidatedWhereThereIsNothingElse() {
    assertEquals(
        List.of("params.json", "consolidated.safetensors"),
        select("safetensors", "params.json", "consolidated.safetensors"));
  }

  @Test
  void shouldTakeWhatAPipelineLoads() {
    assertEquals(
        List.of(
            "model_index.json", "unet/diffusion_pytorch_model.safetensors", "vae/a.safetensors"),
        select(
            "safetensors",
            "model_index.json",
            "sd_xl_base_1.0.safetensors",
            "unet/diffusion_pytorch_model.fp16.safetensors",
            "unet/diffusion_pytorch_model.safetensors",
            "vae/a.safetensors"));
  }

  @Test
  void shouldTakeOneQuant() {
    String[] names = {
      "README.md",
      "config.json",
      "m-IQ4_K_M.gguf",
      "m.Q4_K_M.gguf",
      "m-q4_k_m-00001-of-00002.gguf",
      "m-Q4_K_S.gguf",
      "m-UD-Q4_K_M_X.gguf",
      "mmproj-F16.gguf",
      "Q4_K_M/m-00001-of-00002.gguf"
    };
    assertEquals(
        List.of(
            "config.json",
            "m.Q4_K_M.gguf",
            "m-q4_k_m-00001-of-00002.gguf",
            "Q4_K_M/m-00001-of-00002.gguf"),
        select("gguf:Q4_K_M", names));
    assertEquals(List.of(), select("gguf:Q4", names));
  }

  @Test
  void shouldTakeWhatAPatternNames() {
    assertEquals(
        List.of("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"),
        select("model-*.safetensors", HUGGING_FACE));
    assertEquals(
        List.of("original/consolidated.00.pth", "original/params.json"),
        select("original/*", HUGGING_FACE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "safetensor", "gguf:", "[", "other"})
  void shouldRefuseWhatNamesNothing(String only) {
    assertThrows(IllegalArgumentException.class, () -> ModelSelection.parse(only));
  }
}
